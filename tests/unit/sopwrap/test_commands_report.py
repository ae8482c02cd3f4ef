from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from sopwrap.cli import cli
from sopwrap.documents import available, render
from tests.unit.sopwrap.small_office import MISSING, Place, office, place


@pytest.fixture
def here(tmp_path: Path) -> Place:
    (tmp_path / "office.yml").write_text(yaml.safe_dump(office().model_dump(mode="json")), encoding="utf-8")
    return place(tmp_path)


@pytest.fixture
def folder(here: Place, tmp_path: Path) -> Path:
    return tmp_path


def report(folder: Path, *words: str, ends: int = 0) -> str:
    result = CliRunner().invoke(cli, ["--office", str(folder), "report", *words])
    assert result.exit_code == ends, result.output
    return result.output


def test_the_papers_of_the_open_case_are_made_in_both_formats(here: Place, folder: Path) -> None:
    here.to("l8")
    out = report(folder)
    made = folder / "papers" / here.id
    wanted = {f"{one}.{fmt}" for one in available(here.case()) for fmt in ("pdf", "html")}
    assert {path.name for path in made.iterdir()} == wanted
    assert out.split() == [str(made / one) for one in _in_order(out)]
    assert (made / "minutes.pdf").read_bytes().startswith(b"%PDF-")


def _in_order(out: str) -> list[str]:
    return [Path(line).name for line in out.split()]


def test_making_them_again_changes_no_byte(here: Place, folder: Path) -> None:
    here.to("l10")
    words = ("--document", "minutes", "--document", "report", "--json")
    first: list[dict[str, Any]] = json.loads(report(folder, here.id, *words))
    assert json.loads(report(folder, here.id, *words)) == first
    assert [(one["document"], one["format"]) for one in first] == [
        ("minutes", "pdf"),
        ("minutes", "html"),
        ("report", "pdf"),
        ("report", "html"),
    ]
    for one in first:
        assert hashlib.sha256(Path(one["path"]).read_bytes()).hexdigest() == one["sha256"]


def test_the_data_is_one_file_whichever_paper_it_is_for(here: Place, folder: Path, tmp_path: Path) -> None:
    out = report(folder, "--format", "json", "--query", "[].path")
    assert json.loads(out) == [str(folder / "papers" / here.id / f"{here.id}.json")]


def test_the_newest_case_is_meant_when_none_is_open(here: Place, folder: Path) -> None:
    here.to("l11")
    here.sign("andi")
    assert here.case().state == "done"
    assert report(folder, "--document", "control_sheet", "--format", "html").strip().endswith("control_sheet.html")


def test_two_open_cases_have_to_be_named(here: Place, folder: Path) -> None:
    other = place(folder, ledger=here.ledger)
    assert f"2 cases are open: {here.id}, {other.id}." in report(folder, ends=2)


def test_a_paper_there_is_not_leaves_nothing_behind(here: Place, folder: Path) -> None:
    out = report(folder, "--document", "control_sheet", "--document", "minutes", ends=2)
    assert "gives no document minutes" in out
    assert not (folder / "papers").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(here: Place, folder: Path) -> None:
    (folder / "taken").write_text("")
    out = report(folder, "--document", "sop", "--format", "html", "-o", str(folder / "taken" / "x"), ends=1)
    assert "cannot be written" in out
    assert "Traceback" not in out


def test_every_paper_can_be_made_at_every_step_of_a_real_case(here: Place) -> None:
    here.machine.results = [MISSING]
    for act in (
        lambda: None,
        lambda: here.sign("siti"),
        lambda: here.decide("siti", "perbaiki"),
        lambda: here.decide("siti", "sesuai"),
        lambda: here.decide("andi", "tidak tersedia"),
        lambda: here.sign("andi"),
        lambda: here.sign("yusuf", letter="B-1"),
        lambda: here.decide("andi", "tersedia"),
        lambda: here.sign("andi", checked=["all"]),
        lambda: here.sign("andi"),
        lambda: here.decide("siti", "perbaiki"),
        lambda: here.sign("andi"),
        lambda: here.decide("siti", "sesuai"),
        lambda: here.sign("andi"),
    ):
        act()
        case = here.case()
        for document in available(case):
            assert render(case, document, "html")
    assert here.case().state == "done"


def test_the_papers_of_the_office_are_made_for_a_day_into_a_folder_of_their_own(folder: Path) -> None:
    (folder / "office.yml").write_text(yaml.safe_dump(office().model_dump(mode="json")), encoding="utf-8")
    (folder / "inventory").mkdir()
    (folder / "inventory" / "hosts.yml").write_text("all: {hosts: {}}", encoding="utf-8")
    words = ("office", "--on", "2026-06-02", "--format", "html", "--json")
    made = json.loads(report(folder, *words))
    assert {one["document"] for one in made} == {"schedule", "asset_register", "sop_review", "drill_report"}
    assert all(Path(one["path"]).parent == folder / "papers" / "kantor" for one in made)
    assert "Keadaan per 2 Juni 2026" in Path(made[0]["path"]).read_text(encoding="utf-8")
    assert json.loads(report(folder, *words)) == made
    assert "The office gives no document minutes" in report(folder, "office", "--document", "minutes", ends=2)
