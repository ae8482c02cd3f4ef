from __future__ import annotations

import json
from pathlib import Path

import pytest

from sopwrap.ci.places import annotation, keep, notices, show
from sopwrap.errors import SopError
from tests.unit.sopwrap.small_office import place
from tests.unit.sopwrap.test_outcome import held, told


def test_three_files_are_kept_by_the_cases_number(tmp_path: Path) -> None:
    found = held(tmp_path)
    names = [path.name for path in keep(found, tmp_path / "results")]
    assert names == [f"junit-{found.case}.xml", f"outcome-{found.case}.json", f"summary-{found.case}.md"]
    assert json.loads((tmp_path / "results" / names[1]).read_text())["state"] == "held"


def test_the_summary_is_added_to_the_runs_page_and_annotations_come_only_where_they_are_shown(tmp_path: Path) -> None:
    found, page = held(tmp_path), tmp_path / "page.md"
    page.write_text("before\n")
    assert show(found, {"GITHUB_STEP_SUMMARY": str(page)}) == []
    assert page.read_text().startswith("before\n### ")
    assert len(show(found, {"GITHUB_ACTIONS": "true"})) == 2
    with pytest.raises(SopError, match="GITHUB_STEP_SUMMARY"):
        show(found, {"GITHUB_STEP_SUMMARY": str(tmp_path)})


def test_a_failure_is_an_error_and_a_wait_a_notice(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    bad = notices(held(tmp_path / "a"))
    assert bad[0] == "::error title=siakad-db backup::siakad-db: backup of siakad-db broke. Start it."
    here = place(tmp_path)
    here.resume()
    [notice] = notices(told(here, 3))
    assert notice.startswith("::notice title=Case ") and notice.endswith("Waits for siti.")


def test_a_message_cannot_end_its_command() -> None:
    assert annotation("error", "a%\nb", "x:y,z") == "::error title=x%3Ay%2Cz::a%25%0Ab"
