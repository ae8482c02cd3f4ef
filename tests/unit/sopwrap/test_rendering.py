from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sopwrap import rendering
from sopwrap.documents import render
from sopwrap.errors import UsageError
from sopwrap.rendering import render_all
from tests.unit.sopwrap import cases

WANTED = [("checklist", "html"), ("register", "html"), ("minutes", "json")]


@pytest.fixture
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The case of these tests is as good as one of a thousand assets, on two processors."""
    monkeypatch.setattr(rendering, "MANY", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.mark.usefixtures("_large")
def test_papers_rendered_side_by_side_are_those_rendered_one_by_one_in_their_order() -> None:
    case = cases.finished()
    assert render_all(case, WANTED) == [render(case, document, fmt) for document, fmt in WANTED]


@pytest.mark.usefixtures("_large")
def test_a_refusal_comes_back_with_its_hint() -> None:
    with pytest.raises(UsageError, match="no document surat") as caught:
        render_all(cases.finished(), [*WANTED, ("surat", "html")])
    assert "checklist" in caught.value.hint


@pytest.mark.usefixtures("_large")
def test_the_longest_paper_is_begun_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(rendering, "AT_ONCE", 2)
    monkeypatch.setattr(rendering, "page", lambda subject, document, logo: document * len(document))
    begun = tmp_path / "begun"

    def note(text: str, subject: object, document: str, fmt: str) -> bytes:
        with begun.open("a") as file:
            file.write(f"{len(text)}\n")
        time.sleep(0.1)
        return document.encode()

    monkeypatch.setattr(rendering, "printed", note)
    wanted = [("sop", "html"), ("control_sheet", "html"), ("register", "html"), ("checklist", "html")]
    assert render_all(cases.finished(), wanted) == [b"sop", b"control_sheet", b"register", b"checklist"]
    first, second, *rest = (int(line) for line in begun.read_text().split())
    assert ({first, second}, set(rest)) == ({13 * 13, 9 * 9}, {8 * 8, 3 * 3})


@pytest.mark.parametrize(("many", "processors", "elsewhere"), [(1, 2, True), (1, 1, False), (100, 2, False)])
def test_other_processes_are_started_for_many_assets_and_processors_only(
    monkeypatch: pytest.MonkeyPatch, many: int, processors: int, elsewhere: bool
) -> None:
    monkeypatch.setattr(rendering, "MANY", many)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    monkeypatch.setattr(rendering, "render", lambda *given, logo: str(os.getpid()).encode())
    monkeypatch.setattr(rendering, "printed", lambda *given: str(os.getpid()).encode())
    assert (str(os.getpid()).encode() not in render_all(cases.finished(), WANTED)) == elsewhere
