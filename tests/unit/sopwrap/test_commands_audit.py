from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from sopwrap.cli import cli
from sopwrap.ledger import Draft
from tests.unit.sopwrap.small_office import Place, office, place
from tests.unit.sopwrap.test_signatures import new_key, public


@pytest.fixture
def here(tmp_path: Path) -> Place:
    key = new_key(tmp_path, "siti")
    here = place(tmp_path, people=office(siti=public(key)))
    write_office(tmp_path, here)
    here.sign("siti", key=key)
    return here


def write_office(folder: Path, here: Place) -> None:
    (folder / "office.yml").write_text(yaml.safe_dump(here.office.model_dump(mode="json")), encoding="utf-8")


def verify(folder: Path, *words: str, ends: int = 0) -> Any:
    result = CliRunner().invoke(cli, ["--office", str(folder), "audit", "verify", "--json", *words])
    assert result.exit_code == ends, result.output
    return json.loads(result.output) if ends != 2 else result.output


def test_a_whole_ledger_is_told_with_its_counts_and_last_digest(here: Place, tmp_path: Path) -> None:
    told = verify(tmp_path)
    assert (told["ok"], told["lines"], told["cases"], told["signed"]) == (True, 3, 1, 1)
    assert told["head"] == here.ledger.entries(here.id)[-1].digest
    text = CliRunner().invoke(cli, ["--office", str(tmp_path), "audit", "verify"]).output
    assert text.startswith("The ledger is whole: 3 lines, 1 case, 1 signature.")


def test_a_changed_line_ends_with_exit_code_1_and_its_number(here: Place, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection, connection:
        connection.execute("DROP TRIGGER ledger_keeps_update")
        connection.execute("UPDATE ledger SET data = replace(data, 'l', 'L') WHERE seq = 2")
    told = verify(tmp_path, ends=1)
    assert told["first_wrong_line"] == 2
    assert told["faults"][0].startswith("Line 2 of the ledger is wrong: ")
    text = CliRunner().invoke(cli, ["--office", str(tmp_path), "audit", "verify"]).output
    assert "The first 1 lines are whole." in text


def test_a_digest_of_a_paper_has_to_be_in_the_ledger(here: Place, tmp_path: Path) -> None:
    digest = here.ledger.entries(here.id)[1].digest
    assert verify(tmp_path, "--digest", digest, "--digest", digest[:12].upper())["ok"]
    told = verify(tmp_path, "--digest", "0123456789abcdef", ends=1)
    assert told["faults"] == [
        "No line of the ledger has the digest 0123456789abcdef: what the paper tells of is not in it."
    ]
    assert "is not a digest" in verify(tmp_path, "--digest", "xyz", ends=2)


def test_a_signature_carried_to_another_line_is_found_although_the_chain_is_whole(here: Place, tmp_path: Path) -> None:
    signed = here.ledger.entries(here.id)[1]
    here.ledger.append(here.id, [Draft("decision", {**signed.data, "choice": "sesuai", "reason": "x"}, "l3")])
    told = verify(tmp_path, ends=1)
    assert told["first_wrong_line"] is None
    assert told["faults"] == [f"Line 4 (case {here.id}, decision l3): the signature does not fit."]


def test_a_replaced_key_is_a_remark_and_a_strange_one_a_fault(here: Place, tmp_path: Path) -> None:
    here.office = office(siti=public(new_key(tmp_path, "new")))
    write_office(tmp_path, here)
    told = verify(tmp_path)
    assert told["remarks"] == [
        f"Line 2 (case {here.id}, step.done l1): signed with a key of siti that office.yml no longer has."
    ]

    from sopwrap import signatures

    strange = new_key(tmp_path, "strange")
    last = here.ledger.entries(here.id)[-1]
    data = {**here.ledger.entries(here.id)[1].data, "choice": "sesuai", "reason": "x"}
    message = signatures.payload(here.id, "l3", "decision", last.digest, data)
    key = signatures.public_key(public(strange))
    here.ledger.append(
        here.id, [Draft("decision", data | {"signature": signatures.sign(message, strange), "key": key}, "l3")]
    )
    assert "signed with a key that is not siti's" in verify(tmp_path, ends=1)["faults"][0]


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (Draft("held", {"message": "x", "assets": []}, "l9"), "Line 4 tells of the step l9, which case"),
        (Draft("decision", {"choice": "sesuai"}, "l3"), "Line 4 of the ledger (decision) does not fit case"),
    ],
)
def test_lines_that_are_chained_well_and_make_no_sense_are_told(
    here: Place, tmp_path: Path, draft: Draft, sentence: str
) -> None:
    here.ledger.append(here.id, [draft])
    assert verify(tmp_path, ends=1)["faults"][0].startswith(sentence)


def test_a_case_is_exported_as_an_archive_that_checks_itself(here: Place, tmp_path: Path) -> None:
    import subprocess
    import sys
    import zipfile

    out = tmp_path / "case.zip"
    result = CliRunner().invoke(cli, ["--office", str(tmp_path), "audit", "export", here.id, "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert f"Last digest of the case: {here.case().digest}" in result.output
    with zipfile.ZipFile(out) as archive:
        archive.extractall(tmp_path / "out")
    assert (tmp_path / "out" / "documents" / "control_sheet.pdf").read_bytes().startswith(b"%PDF-")
    words = [sys.executable, "-I", "-S", "check.py", str(out), here.case().digest]
    done = subprocess.run(words, cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:6]) == (0, "Whole:"), done.stdout
