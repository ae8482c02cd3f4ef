"""What a host refused to somebody who used `ansible-playbook` reaches the ledger with the next run."""

from __future__ import annotations

import json
from pathlib import Path

from sopwrap.ledger import Draft, Ledger, open_ledger
from sopwrap.records import Evidence, Replacement
from sopwrap.refusals import FOLDER, TOLD, keep_told, take_in
from tests.unit.sopwrap.small_office import record

NUMBER = "a" * 32


def refused(permit: str | None = None) -> Evidence:
    return record("restore", "laman", outcome="refused", restore=Replacement(mode="replace", permit=permit))


def office(folder: Path, *records: Evidence) -> Ledger:
    (folder / "evidence").mkdir()
    lines = [json.dumps(one.as_dict(), sort_keys=True) for one in records]
    (folder / "evidence" / "20261121T000000Z-1.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return open_ledger(folder, None)


def test_refusals_are_taken_in_once_and_nothing_else_is(tmp_path: Path) -> None:
    ledger = office(tmp_path, record("backup", "laman"), refused(), record("backup", "laman", outcome="refused"))
    for _ in range(2):
        assert take_in(ledger, tmp_path, "operator") == []
        (line,) = ledger.of_kind("evidence")
        assert (line.case, line.data["origin"], line.data["record"]["outcome"]) == (None, "file", "refused")
        assert line.data["record"]["restore"]["mode"] == "replace"


def test_a_refusal_stands_beside_the_case_of_the_permit_that_was_shown(tmp_path: Path) -> None:
    ledger = office(tmp_path, refused(NUMBER))
    ledger.append(None, [Draft("permit", {"text": "", "number": NUMBER, "stated_by": "x"})])
    case = ledger.open_case({}, "Asia/Jakarta").case
    ledger.append(case, [Draft("permit", {"text": "", "number": NUMBER, "stated_by": "x"})])
    take_in(ledger, tmp_path, "operator")
    assert ledger.of_kind("evidence")[0].case == case


def test_a_file_that_cannot_be_read_is_told_and_hinders_nothing(tmp_path: Path) -> None:
    ledger = office(tmp_path, refused())
    (tmp_path / "evidence" / "0.jsonl").write_text('{"outcome": "refused"', encoding="utf-8")
    (said,) = take_in(ledger, tmp_path, "operator")
    assert said.startswith("Nothing of 0.jsonl was taken in") and len(ledger.of_kind("evidence")) == 1


def test_what_hosts_tell_again_and_again_is_one_line_of_the_ledger(tmp_path: Path) -> None:
    ledger, one, other = open_ledger(tmp_path, None), refused(), refused(NUMBER)
    for _ in range(2):
        keep_told(tmp_path, [one, one, other])
        assert take_in(ledger, tmp_path, "operator") == []
    assert len((tmp_path / FOLDER / TOLD).read_text(encoding="utf-8").splitlines()) == 2
    assert len(ledger.of_kind("evidence")) == 2


def test_nothing_is_written_where_no_host_has_refused_anything(tmp_path: Path) -> None:
    keep_told(tmp_path, [])
    assert not (tmp_path / FOLDER).exists()


def test_what_the_ledger_has_from_a_run_is_not_taken_in_again(tmp_path: Path) -> None:
    known = refused()
    ledger = office(tmp_path, known)
    told = {"record": known.as_dict(), "origin": "run", "file_sha256": None}
    ledger.append(None, [Draft("evidence", told)])
    take_in(ledger, tmp_path, "operator")
    assert len(ledger.of_kind("evidence")) == 1
