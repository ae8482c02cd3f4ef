"""The keys of real stores: restored with two sheets of paper alone, then changed, and nothing shown on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.tiny import KEYS, Tiny
from tests.office.sheets import words

HOLDERS = ("andi", "siti", "yusuf")


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """An office with one asset in two stores, backed up once."""
    made = Tiny(tmp_path)
    office = made.folder / "office.yml"
    people = "".join(f"- {{id: {one}, name: {one.title()}, post: Pejabat}}\n" for one in HOLDERS[1:])
    office.write_text(office.read_text().replace("people:\n", f"people:\n{people}"))
    made("run", "uji/backup", "--asset", "berkas", "--ci")
    return made


def held(path: Path) -> str:
    """What a file holds; nothing where another test's run has a folder of that name, or has just removed it."""
    try:
        return path.read_bytes().decode(errors="replace").strip()
    except (IsADirectoryError, FileNotFoundError):
        return ""


def typed(tiny: Tiny, *command: str, given: list[str], ends: int = 0) -> str:
    """Run sopwrap without a terminal, with lines typed into it."""
    done = subprocess.run(
        [sys.executable, "-m", "sopwrap", *command],
        cwd=tiny.folder,
        env={**os.environ, "HOME": str(tiny.root / "home")},
        input="".join(f"{line}\n" for line in given),
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == ends, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_two_sheets_alone_restore_and_after_a_change_they_open_nothing(tiny: Tiny) -> None:
    sheets = tiny.root / "cetak"
    holders = [word for one in HOLDERS for word in ("--holder", one)]
    tiny("keys", "escrow", "external", *holders, "--as", "andi", "-o", str(sheets), "--leave")
    shares = [words(sheets / f"{one}.pdf") for one in ("yusuf", "andi")]

    key = tiny.folder / "secrets" / "external.key"
    aside = key.rename(tiny.root / "hilang.key")
    drill = ("keys", "drill", "external", "--asset", "berkas", "--as", "andi", "--ci")
    said = typed(tiny, *drill, "--into", str(tiny.root / "uji"), given=shares)
    assert (tiny.root / "uji" / "surat.txt").read_text() == "isi surat\n"
    restored = tiny.records[-1]
    assert (restored["action"], restored["store"], restored["verify"]["ok"]) == ("restore", "external", True)
    assert KEYS["external"] not in said and shares[0] not in said
    aside.rename(key)

    tiny("keys", "rotate", "external", "--as", "andi", "--ci")
    fresh = key.read_text().strip()
    assert fresh != KEYS["external"]
    assert [one["outcome"] for one in tiny.records[-2:]] == ["ok", "ok"]
    tiny("point", "verify", "--asset", "berkas", "--ci")
    said = typed(tiny, *drill, "--into", str(tiny.root / "lagi"), given=shares, ends=1)
    assert "does not open it" in said and not (tiny.root / "lagi").exists()
    [found] = tiny.json("keys", "list", "--query", "[?key=='external.key']")
    assert not found["holders"] and [one["ok"] for one in found["drills"]] == [True, False]
    ledger = tiny.folder / "ledger.db"
    assert not [secret for secret in (fresh, KEYS["external"], *shares) if secret.encode() in ledger.read_bytes()]
    assert not [path for path in Path("/dev/shm").glob("sopwrap-*") if held(path) in (fresh, KEYS["external"])]
