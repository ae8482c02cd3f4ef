from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sopwrap.cli import cli
from sopwrap.ledger import open_ledger
from sopwrap.reviews import ASSET_REVIEWED, SOP_REVIEWED, reviews


def say(folder: Path, *words: str, ends: int = 0) -> str:
    result = CliRunner().invoke(cli, ["--office", str(folder), *words])
    assert result.exit_code == ends, result.output
    return result.output


@pytest.fixture
def somebody(folder: Path) -> str:
    """The office of the folder with one official in it."""
    office = yaml.safe_load((folder / "office.yml").read_text(encoding="utf-8"))
    office["people"] = [{"id": "rina", "name": "Rina Contoh, S.Kom.", "post": "Pranata Komputer"}]
    (folder / "office.yml").write_text(yaml.safe_dump(office), encoding="utf-8")
    return "rina"


def test_assets_are_reviewed_by_a_person(folder: Path, somebody: str) -> None:
    out = say(folder, "asset", "review", "arsip", "--as", somebody, "--note", "Lengkap")
    assert out.rstrip().endswith("arsip.")
    (found,) = reviews(open_ledger(folder).of_kind(ASSET_REVIEWED))
    assert (found.subjects, found.note) == (("arsip",), "Lengkap")


def test_an_unknown_asset_person_or_sop_is_told_in_a_sentence(folder: Path, somebody: str) -> None:
    assert "no asset arsib" in say(folder, "asset", "review", "arsib", "--as", somebody, ends=2)
    assert "the id nobody" in say(folder, "asset", "review", "arsip", "--as", "nobody", ends=2)
    assert "There is no SOP nosuch" in say(folder, "sop", "review", "nosuch", ends=2)


def test_the_form_of_a_review_begins_with_what_the_ledger_counts(folder: Path, tmp_path: Path, somebody: str) -> None:
    form = say(folder, "sop", "review", "majalengka")
    assert "# backup: 0 cases (0 done, 0 running, 0 stopped); 0 late, 0 held, 0 sent back" in form
    filled = yaml.safe_load(form)
    assert [row["procedure"] for row in filled["sop_review"]["judgements"]] == ["backup", "restore"]
    assert filled["sop_review"]["since"] < filled["sop_review"]["until"]
    for row in filled["sop_review"]["judgements"]:
        row["assessment"] = "berjalan dengan baik"
    path = tmp_path / "form.yml"
    path.write_text(yaml.safe_dump(filled), encoding="utf-8")
    assert "Whose judgement" in say(folder, "sop", "review", "majalengka", "--form", str(path), ends=2)
    say(folder, "sop", "review", "majalengka", "--as", somebody, "--form", str(path))
    (found,) = reviews(open_ledger(folder).of_kind(SOP_REVIEWED))
    assert [row["assessment"] for row in found.form["judgements"]] == ["berjalan dengan baik"] * 2
