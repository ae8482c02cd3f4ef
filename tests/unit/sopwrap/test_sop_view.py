from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.catalogue import catalogue
from sopwrap.documents import available, render
from sopwrap.errors import UsageError
from sopwrap.imports.write import as_sop
from sopwrap.sop import Sop, library
from sopwrap.sop_view import UNDATED, SopView
from tests.unit.sopwrap.corpus import EXPECTED
from tests.unit.sopwrap.test_build import imported


@pytest.mark.parametrize("sop", library().values(), ids=library())
def test_a_shipped_sop_is_printed_without_a_case(sop: Sop) -> None:
    page = render(SopView(sop), "sop", "html").decode()
    assert f"SOP {sop.id} · " in page
    assert "Kasus" not in page
    assert "None" not in page
    assert page == render(SopView(sop), "sop", "html").decode()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_imported_sop_is_printed_with_its_lanes_and_rows(name: str, tmp_path: Path) -> None:
    draft, sop = imported(name, tmp_path)
    page = render(SopView(as_sop(draft)), "sop", "html").decode()
    for procedure in sop.procedures:
        assert page.count("<svg") >= len(sop.procedures)
        for step in procedure.steps:
            assert step.number is None or f">{step.number}<" in page


def test_it_is_dated_by_the_sop_and_named_by_its_content() -> None:
    sop = library()["iain-ptk-2022"]
    assert SopView(sop).changed_at.date().isoformat() == "2022-01-01"
    assert SopView(library()["kaltim"]).changed_at == UNDATED
    other = sop.model_copy(update={"timezone": "Asia/Makassar"})
    assert SopView(sop).digest != SopView(other).digest


def test_only_the_sop_itself_needs_no_case() -> None:
    assert available(SopView(library()["kaltim"])) == ["sop"]
    assert [paper.id for paper in catalogue().values() if paper.alone] == ["sop"]
    with pytest.raises(UsageError, match=r"SOP kaltim gives no document minutes"):
        render(SopView(library()["kaltim"]), "minutes", "html")


def test_the_pdf_is_the_same_twice() -> None:
    view = SopView(library()["bpsdm-2024"])
    pdf = render(view, "sop", "pdf")
    assert pdf.startswith(b"%PDF")
    assert pdf == render(view, "sop", "pdf")
