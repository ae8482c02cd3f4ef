"""A ledger that somebody changed, cut off or overwrote, and keys that others can read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.faults.desk import Desk


@pytest.fixture
def written(desk: Desk) -> Path:
    """The file of a ledger with one case that waits for a person."""
    desk.sopwrap("run", "uji/perintah", "--ci").says(3, "waits at step l1")
    desk.sopwrap("case", "sign", "--as", "andi").says(0, "is done")
    return desk.folder / "ledger.db"


def test_one_changed_byte_is_found_and_the_line_named(desk: Desk, written: Path) -> None:
    whole = written.read_bytes()
    assert whole.count(b"Andi Contoh") >= 1
    written.write_bytes(whole.replace(b"Andi Contoh", b"Budi Contoh", 1))
    for words in (("audit", "verify"), ("doctor",)):
        desk.sopwrap(*words).says(1, "Line ", "wrong")
    desk.sopwrap("audit", "verify").says(1, "Keep the file as it is, and compare it with a copy from before.")
    written.write_bytes(whole)
    desk.sopwrap("audit", "verify").says(0, "The ledger is whole: ")


def test_lines_that_were_cut_off_are_missed_by_a_digest_from_paper(desk: Desk, written: Path) -> None:
    with sqlite3.connect(written) as database:
        digest = database.execute("SELECT digest FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()[0]
    desk.sopwrap("audit", "verify", "--digest", digest[:12]).says(0, "The ledger is whole: ")
    with sqlite3.connect(written) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)")
    desk.sopwrap("audit", "verify", "--digest", digest[:12]).says(1, digest[:12], "is not in it")


def test_a_file_that_is_no_ledger_any_more_is_said_so(desk: Desk, written: Path) -> None:
    whole = written.read_bytes()
    written.write_bytes(b"bukan basis data" * 64)
    for words in (("audit", "verify"), ("run", "uji/perintah", "--ci"), ("case", "list")):
        ended = desk.sopwrap(*words)
        ended.says(1, "ledger.db")
    written.write_bytes(whole)
    desk.sopwrap("audit", "verify").says(0)


def test_an_office_that_cannot_be_written_is_said_so(desk: Desk) -> None:
    (desk.folder / ".sopwrap").rmdir()
    (desk.folder / ".sopwrap").write_text("", encoding="ascii")
    desk.sopwrap("run", "uji/perintah", "--ci").says(1, "Nothing can be written in the office's folder")
    (desk.folder / ".sopwrap").unlink()
    desk.sopwrap("run", "uji/perintah", "--ci").says(3)


@pytest.mark.parametrize("name", ["internal.key", "."])
def test_keys_that_others_can_read_are_told_with_the_command_that_closes_them(desk: Desk, name: str) -> None:
    path = desk.folder / "secrets" / name
    path.chmod(0o755 if path.is_dir() else 0o644)
    desk.sopwrap("doctor").says(1, f"Others can read {path}", "chmod -R go-rwx")
    path.chmod(0o700 if path.is_dir() else 0o600)
    assert "Others can read" not in desk.sopwrap("doctor").output
