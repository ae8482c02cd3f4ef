from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sopwrap.engine import RunResult
from tests.unit.sopwrap.small_office import MISSING, all_good, place, record
from tests.unit.sopwrap.small_shell import Shell, in_memory
from tests.unit.sopwrap.test_signatures import new_key, public


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return in_memory(tmp_path, monkeypatch)


def test_a_whole_case_by_commands_alone_without_naming_case_or_step(shell: Shell) -> None:
    shell.machine.results = [MISSING]
    assert "stated by" in shell("sign", "--as", "siti", "--note", "Laksanakan.")
    assert "perbaiki" in shell("next")
    shell("decide", "perbaiki", "--as", "siti", "--reason", "Kurang router.")
    out = shell("decide", "sesuai", "--as", "siti", "--reason", "Lengkap.")
    assert "sopwrap case resume 2026" in out
    assert "speaks for: tidak tersedia" in shell("resume", ends=3)
    shell("decide", "tidak tersedia", "--as", "andi", "--reason", "Tidak terpasang.")
    shell("sign", "--as", "andi")
    shell("sign", "--as", "yusuf", "--letter", "B-017/Umum/2026")
    shell("resume", ends=3)
    shell("decide", "tersedia", "--as", "andi", "--reason", "Ada.")
    assert "--checked all" in shell("resume", ends=3)
    shell("sign", "--as", "andi", "--checked", "all")
    shell("sign", "--as", "andi")
    shell("number", "minutes", "B-1/PTID/2026")
    out = shell("number", "minutes", "B-12/PTID/2026", "--dated", "2026-05-08")
    assert "instead of B-1/PTID/2026; the ledger keeps both" in out.replace("\n", " ")
    shell("decide", "sesuai", "--as", "siti", "--reason", "Sesuai.")
    assert "is done" in shell("sign", "--as", "andi")
    assert shell("list") == "No case is open.\n"

    told = shell.json("show", shell.here.id)
    assert told["state"] == "done"
    assert told["numbers"]["minutes"] == {"document": "minutes", "number": "B-12/PTID/2026", "dated": "2026-05-08"}
    assert told["steps"][7]["rounds"][0]["checked"] == ["siakad-db", "laman"]
    assert [one["choice"] for one in told["steps"][2]["rounds"]] == ["perbaiki", "sesuai"]
    assert told["steps"][6]["rounds"][0]["evidence"][0]["schema"] == "sopwrap.evidence/1"
    text = shell("show", shell.here.id)
    assert "→ tidak tersedia: Tidak terpasang." in text
    assert "B-12/PTID/2026 of 2026-05-08" in text


def test_next_names_the_person_the_step_and_a_command_that_works(shell: Shell) -> None:
    (told,) = shell.json("next")
    assert (told["step"], told["lanes"], told["people"]) == ("l1", ["Kepala PTID"], ["siti"])
    assert told["commands"] == [f"sopwrap case sign {shell.here.id} l1 --as siti"]
    shell(*told["commands"][0].split()[2:])
    (told,) = shell.json("next")
    assert told["choices"] == ["sesuai", "perbaiki"]
    assert told["commands"][0] == f"sopwrap case decide {shell.here.id} l3 sesuai --as siti --reason '…'"


def test_next_shows_where_the_key_goes_and_who_is_missing(tmp_path: Path) -> None:
    shell = Shell(tmp_path, siti="ssh-ed25519 AAAA")
    assert shell.json("next")[0]["commands"][0].endswith("--as siti --key FILE")
    data = yaml.safe_load((tmp_path / "office.yml").read_text(encoding="utf-8"))
    data["bindings"] = {}
    (tmp_path / "office.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    assert shell.json("next")[0]["people"] == []
    assert "--as PERSON" in shell("next")


def test_the_list_tells_the_step_and_whose_it_is(shell: Shell) -> None:
    text = shell("list")
    assert text.splitlines()[0].split() == ["CASE", "PROCEDURE", "STATE", "STEP", "SINCE", "FOR"]
    assert "Kepala PTID" in text
    (told,) = shell.json("list")
    assert (told["procedure"], told["state"], told["step"]) == ("iain-ptk-2022/backup", "waiting", "l1")
    assert shell("list", "--query", "[].case") == f'[\n  "{shell.here.id}"\n]\n'


def test_with_two_open_cases_one_has_to_be_named(shell: Shell) -> None:
    other = place(shell.folder, shell.here.ledger).id
    out = shell("sign", "--as", "siti", ends=2)
    assert f"2 cases are open: {shell.here.id}, {other}." in out
    shell("sign", other, "--as", "siti")
    shell("sign", shell.here.id, "l1", "--as", "siti")
    assert len(shell.json("next")) == 2


@pytest.mark.parametrize(
    ("words", "ends", "sentence"),
    [
        (["sign", "--as", "andi"], 4, "Andi Contoh does not fill the lane Kepala PTID."),
        (["sign", "--as", "budi"], 2, "Nobody in office.yml has the id budi."),
        (["sign", "l8", "--as", "andi"], 4, "and has not come to l8."),
        (["sign", "--as", "siti", "l1", "extra"], 2, "extra is one word too many."),
        (["decide", "sesuai", "--as", "siti", "--reason", "x"], 2, "There is nothing to decide at step l1."),
        (["show", "1999-0001"], 2, "There is no case 1999-0001 in this ledger."),
        (["show", "first"], 2, "first is not the number of a case."),
        (["number", "minuts", "1"], 2, "minuts is not a document of this procedure."),
        (["number", "minutes"], 2, "Give the document and its number."),
        (["number", "minutes", "1", "--dated", "31-01-2026"], 2, "31-01-2026 is not a date."),
        (["attach", "nothing.pdf"], 2, "nothing.pdf cannot be read: No such file or directory."),
        (["stop", "--as", "tamu", "--reason", "x"], 4, "Tamu Contoh does not fill the lane"),
        (["stop", "--as", "andi"], 2, "A decision needs a reason."),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence_with_its_exit_code(
    shell: Shell, words: list[str], ends: int, sentence: str
) -> None:
    before = shell.here.ledger.verify()
    assert sentence in shell(*words, ends=ends)
    assert shell.here.ledger.verify() == before


def test_of_many_assets_the_first_are_shown_and_the_rest_is_counted(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Assets: siakad-db, laman\n" in shell("show")
    monkeypatch.setattr("sopwrap.commands._case_view.LISTED", 1)
    assert "Assets: siakad-db, and 1 more\n" in shell("show")


def test_a_held_case_tells_what_failed_and_what_can_be_decided(shell: Shell) -> None:
    shell.here.to("l4")
    shell.machine.results = [
        lambda assets: RunResult("failed", [*all_good([], ["laman"]), record("backup", "siakad-db", outcome="failed")])
    ]
    shell("decide", "tersedia", "--as", "andi", "--reason", "Ada.")
    out = shell("resume", ends=1)
    assert "is held at step l7" in out
    assert "1 of 2 assets is not done: siakad-db: backup of siakad-db broke." in out
    assert "l7 retry --as andi" in out
    assert "is held" in shell("sign", "--as", "andi", ends=4)
    assert "sopwrap case resume" in shell("decide", "retry", "--as", "andi", "--reason", "Hidup lagi.")
    shell("resume", ends=3)
    assert shell.machine.calls[-1][1] == ["siakad-db"]


def test_a_case_can_be_stopped_with_a_reason(shell: Shell) -> None:
    assert "was stopped" in shell("stop", "--as", "andi", "--reason", "Diganti kasus lain.")
    assert shell.json("show", shell.here.id)["closed_reason"] == "Diganti kasus lain."
    shell("resume", shell.here.id, ends=1)


def test_a_signed_act_says_so_and_audit_checks_it(tmp_path: Path) -> None:
    key = new_key(tmp_path, "siti")
    shell = Shell(tmp_path, siti=public(key))
    assert "has a key in office.yml" in shell("sign", "--as", "siti", ends=4)
    assert "signed with" in shell("sign", "--as", "siti", "--key", str(key))
    assert shell.json("show")["steps"][0]["rounds"][0]["method"] == "signed"
    assert "not of Siti Contoh's key" in shell(
        "decide", "sesuai", "--as", "siti", "--reason", "x", "--key", str(new_key(tmp_path, "andi")), ends=4
    )


def test_what_is_late_is_marked_in_the_list_in_the_case_and_in_its_drawing() -> None:
    from datetime import timedelta

    from sopwrap.commands._case_view import as_dict, marks, overview, summary, text
    from tests.unit.sopwrap import cases

    case, monday = cases.until("l1"), cases.START + timedelta(days=3)
    in_time, later = monday, monday + timedelta(minutes=1)
    assert (summary(case, in_time)["late"], summary(case, later)["late"]) == (False, True)
    assert summary(case, later)["due_by"] == "2026-05-11T01:00:00.000000Z"
    assert "waiting, late" in overview([case], later) and "late" not in overview([case], in_time)
    assert "Late: step l1 is late since 2026-05-11 08:00 (standard: 1 (Satu) Hari)" in text(case, later)
    assert "Late" not in text(case, in_time)
    assert (marks(case, in_time)["l1"], marks(case, later)["l1"], marks(case, later, True)["l1"]) == ("▶", "▶!", ">!")
    assert as_dict(case, later)["steps"][0]["late_since"] == "2026-05-11T01:00:00.000000Z"
    assert marks(cases.finished(), later)["l11"] == "✓"


def test_show_says_who_is_next_and_draws_where_the_case_stands(shell: Shell) -> None:
    out = shell("show")
    assert f"sopwrap case sign {shell.here.id} l1 --as siti" in out
    assert "▶" not in out
    drawn = shell("show", "--chart")
    assert "▶" in drawn or ">" in drawn


def test_begin_by_a_command_is_told_and_kept(shell: Shell) -> None:
    assert "Siti Contoh began with step l1 of case" in shell("begin", "--as", "siti")
    assert shell.json("show")["steps"][0]["rounds"][0]["began_by"]["id"] == "siti"
    assert "is not a time" in shell("sign", "--as", "siti", "--began", "tadi", ends=2)
