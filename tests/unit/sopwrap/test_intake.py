from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sopwrap.small_office import all_good, record
from tests.unit.sopwrap.small_shell import Shell, in_memory


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return in_memory(tmp_path, monkeypatch)


def jsonl(folder: Path, records: list[Any], name: str = "hand.jsonl") -> str:
    path = folder / name
    path.write_text("".join(json.dumps(one.as_dict()) + "\n" for one in records), encoding="utf-8")
    return str(path)


@pytest.fixture
def at_backup(shell: Shell) -> Shell:
    shell.here.to("l4")
    shell("decide", "tersedia", "--as", "andi", "--reason", "Ada.")
    return shell


def test_evidence_of_a_run_by_hand_ends_the_step_as_a_run_would(at_backup: Shell) -> None:
    shell, calls = at_backup, len(at_backup.machine.calls)
    path = jsonl(shell.folder, all_good([], ["siakad-db", "laman"]))
    out = shell("attach", "--evidence", path)
    assert "at step l8" in out
    assert len(shell.machine.calls) == calls
    (digest, _) = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()
    lines = [one for one in shell.here.ledger.entries(shell.here.id) if one.data.get("origin") == "file"]
    assert {one.data["file_sha256"] for one in lines} == {digest}
    assert len(lines) == 6


def test_what_the_file_does_not_prove_is_run(at_backup: Shell) -> None:
    at_backup("attach", "--evidence", jsonl(at_backup.folder, all_good([], ["laman"])))
    at_backup("resume", ends=3)
    assert at_backup.machine.calls[-1][1] == ["siakad-db"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"asset": "other-db"}, "other-db is not an asset of case"),
        ({"case": "2020-0001"}, "it is of case 2020-0001"),
        ({"step": "l4"}, "it is of step l4, and the case stands at l7"),
        (
            {"started_at": "2020-01-01T00:00:00.000000Z"},
            "it was done at 2020-01-01 00:00 UTC, before the case came to step l7",
        ),
    ],
)
def test_evidence_of_something_else_is_refused_as_a_whole(
    at_backup: Shell, more: dict[str, Any], sentence: str
) -> None:
    good = all_good([], ["laman"])
    before = at_backup.here.ledger.verify()
    strange = record("backup", more.pop("asset", "laman"), **more)
    out = at_backup("attach", "--evidence", jsonl(at_backup.folder, [*good, strange]), ends=4)
    assert f"hand.jsonl, record 4: {sentence}" in out.replace("\n", " ")
    assert at_backup.here.ledger.verify() == before


def test_evidence_counts_once(at_backup: Shell) -> None:
    records = all_good([], ["laman"])
    at_backup("attach", "--evidence", jsonl(at_backup.folder, records))
    out = at_backup("attach", "--evidence", jsonl(at_backup.folder, records[:1], "again.jsonl"), ends=4)
    assert f"it was already taken in (case {at_backup.here.id}, line " in out
    fresh = record("backup", "siakad-db")
    out = at_backup("attach", "--evidence", jsonl(at_backup.folder, [fresh, fresh]), ends=4)
    assert "it is in the file twice" in out


def test_a_file_that_is_no_evidence_is_told_with_its_line(at_backup: Shell) -> None:
    path = at_backup.folder / "x.jsonl"
    for content, sentence in ((b"{}\n", "x.jsonl:1: not a record"), (b"\xff", "is not text"), (b"", "holds no record")):
        path.write_bytes(content)
        assert sentence in at_backup("attach", "--evidence", str(path), ends=2)


def test_a_step_of_people_takes_no_evidence(shell: Shell) -> None:
    out = shell("attach", "--evidence", jsonl(shell.folder, all_good([], ["laman"])), ends=4)
    assert "is done by people" in out


def test_a_scanned_paper_is_noted_with_its_hash(shell: Shell) -> None:
    scan = shell.folder / "surat.pdf"
    scan.write_bytes(b"scan")
    shell("attach", shell.here.id, str(scan), "--note", "Disposisi")
    (told,) = shell.json("show")["attachments"]
    assert (told["name"], told["size"], told["note"]) == ("surat.pdf", 4, "Disposisi")
    assert told["sha256"].startswith("59ad1b2f")


def test_a_step_takes_only_evidence_of_what_it_does(shell: Shell) -> None:
    shell.here.to("l4")
    out = shell("attach", "--evidence", jsonl(shell.folder, all_good([], ["laman"])), ends=4)
    assert "it tells of backup, and step l4 is about check_media" in out.replace("\n", " ")
