from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sopwrap.cli import cli


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same width wherever the tests run."""
    monkeypatch.setenv("COLUMNS", "100")


def say(folder: Path, *words: str, ends: int = 0) -> str:
    result = CliRunner().invoke(cli, ["--office", str(folder), *words])
    assert result.exit_code == ends, result.output
    return result.output


def ask(folder: Path, *words: str) -> Any:
    return json.loads(say(folder, *words))


def test_sops_are_listed_and_shown_inside_and_outside_of_an_office(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ask(folder, "sop", "list", "--json")
    assert "iain-ptk-2022/backup" in [one["procedure"] for one in listed]
    monkeypatch.chdir(folder.parent)
    result = CliRunner().invoke(cli, ["sop", "show", "iain-ptk-2022"])
    assert result.exit_code == 0
    assert "Kasub" in result.output
    assert "‹      4" in result.output
    assert "tidak tersedia" in result.output
    assert ask(folder, "sop", "show", "iain-ptk-2022/backup", "--query", "lanes.petugas") == "Petugas Backup Data"


TABLE = """No,Kegiatan,Kepala,Staf,Waktu
1,Menugaskan staf,x,,15 menit
2,Memeriksa (Y/T),,◇,1 jam
3,Menyimpan,,x,± 2 hari
"""


def test_a_table_is_imported_linted_and_shown_without_an_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Cadangan Kantor.csv").write_text(TABLE, encoding="utf-8")
    result = CliRunner().invoke(cli, ["sop", "import", "Cadangan Kantor.csv", "-o", "sops/cadangan.yml"])
    assert result.exit_code == 0, result.output
    assert "1 procedure, 3 steps" in result.output
    linted = CliRunner().invoke(cli, ["sop", "lint", "sops/cadangan.yml", "--json"])
    assert linted.exit_code == 0
    assert "check-without-no" in {one["rule"] for one in json.loads(linted.output)}
    assert CliRunner().invoke(cli, ["sop", "lint", "--strict", "sops/cadangan.yml"]).exit_code == 1


def test_an_imported_sop_in_an_offices_folder_can_be_shown(folder: Path) -> None:
    (folder / "tabel.csv").write_text(TABLE, encoding="utf-8")
    say(folder, "sop", "import", str(folder / "tabel.csv"), "-o", str(folder / "sops" / "baru.yml"), "--id", "baru")
    assert "Menyimpan" in say(folder, "sop", "show", "baru")
    assert "baru.yml" in say(folder, "sop", "lint")
    assert "nobody-bound" in say(folder, "sop", "lint", "baru")


def test_import_prints_the_file_where_no_name_is_given(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    result = CliRunner().invoke(cli, ["sop", "import", str(tmp_path / "a.csv"), "--layout", "mutu"])
    assert "layout: mutu" in result.stdout
    assert "format: sopwrap.sop/1" in result.stdout


def test_import_never_writes_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "a.yml").write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(cli, ["sop", "import", str(tmp_path / "a.csv"), "-o", str(tmp_path / "a.yml")])
    assert result.exit_code == 2
    assert (tmp_path / "a.yml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["sop", "import", "fehlt.csv"], "fehlt.csv cannot be read"),
        (["sop", "import", "a.csv", "--id", "Ä B"], "small letters"),
        (["sop", "lint", "fehlt"], "There is no file and no SOP fehlt. SOPs: "),
    ],
)
def test_a_wrong_request_is_told_in_a_sentence(words: list[str], says: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())


def test_questions_are_asked_on_a_terminal_until_an_answer_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    from sopwrap.commands._sop_import import _ask
    from sopwrap.imports.steps import Question

    said = iter(["9", "2", "", "2"])
    monkeypatch.setattr("click.prompt", lambda *words, **more: next(said))
    assert _ask(Question("Row 2: Memeriksa", "Where does a no lead?", ("1", "2", "selesai"))) == "2"
    assert _ask(Question("Row 2: Memeriksa", "Where does a no lead?", ("1", "2", "selesai"))) == ""
    assert _ask(Question("Row 1: Bekerja", "Whose is it?", ("Kepala", "Staf"))) == "Staf"


def test_a_broken_sop_of_the_office_is_found_by_lint_with_file_and_line(folder: Path) -> None:
    (folder / "sops").mkdir()
    (folder / "sops" / "rusak.yml").write_text("format: sopwrap.sop/1\nid: rusak\nno: 1\n", encoding="utf-8")
    text = say(folder, "sop", "lint", ends=1)
    assert "rusak.yml:3: error: the key `no` is not text to YAML" in text
    assert "rusak.yml:3" in say(folder, "sop", "lint", "rusak", ends=1)


def test_an_sop_is_printed_and_its_table_comes_back(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "cetak"
    words = ["sop", "print", "majalengka", "-o", str(out), "--format"]
    assert [Path(one["path"]).name for one in ask(folder, *words, "csv", "--json")] == [
        "majalengka-backup.csv",
        "majalengka-restore.csv",
    ]
    say(folder, *words, "html")
    assert (out / "majalengka.html").read_text(encoding="utf-8").count("<svg") == 2
    again = say(folder, "sop", "import", str(out / "majalengka-restore.csv"))
    assert "Melakukan verifikasi jenis dan kewenangan data" in again


def test_a_file_is_printed_without_an_office(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(cli, ["sop", "import", str(tmp_path / "a.csv"), "-o", str(tmp_path / "a.yml")]).exit_code == 0
    printed = runner.invoke(cli, ["sop", "print", str(tmp_path / "a.yml"), "--format", "html", "-o", str(tmp_path)])
    assert printed.exit_code == 0, printed.output
    assert "Menugaskan" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_printing_an_unknown_sop_names_those_there_are(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["sop", "print", "fehlt", "-o", str(tmp_path)])
    assert result.exit_code == 2
    assert "Known: bpsdm-2024" in result.output
