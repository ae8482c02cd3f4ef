from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sopwrap import bundle_check
from sopwrap.bundle import bundle
from sopwrap.bundle_check import pack
from sopwrap.chain import canonical
from sopwrap.ledger import Draft
from tests.unit.sopwrap.small_office import Place, office, place
from tests.unit.sopwrap.test_signatures import new_key, public

PAPER = b"%PDF-1.7 a paper"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundled")


@pytest.fixture(scope="module")
def here(folder: Path) -> Place:
    key = new_key(folder, "siti")
    here = place(folder, people=office(siti=public(key)))
    here.sign("siti", key=key)
    issued = {"document": "minutes", "sha256": bundle_check.sha256(PAPER), "size": len(PAPER), "stated_by": "operator"}
    here.ledger.append(here.id, [Draft("paper.issued", issued)])
    (folder / "papers").mkdir()
    (folder / "papers" / "minutes.issued.pdf").write_bytes(PAPER)
    (folder / "papers" / "other.pdf").write_bytes(b"another")
    return here


def archive(here: Place, folder: Path) -> bytes:
    return bundle(here.ledger.entries(here.id), here.case(), here.office, {"order.pdf": b"%PDF order"}, folder)


@pytest.fixture(scope="module")
def made(here: Place, folder: Path) -> bytes:
    return archive(here, folder / "papers")


def check(folder: Path, content: bytes, *digest: str) -> tuple[int, str]:
    """Check with the script itself, by a Python that sees nothing of sopwrap."""
    (folder / "b.zip").write_bytes(content)
    script = folder / "check.py"
    script.write_bytes(Path(bundle_check.__file__).read_bytes())
    words = [sys.executable, "-I", "-S", str(script), str(folder / "b.zip"), *digest]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_a_whole_case_is_told_with_its_counts_and_the_same_twice(here: Place, made: bytes, tmp_path: Path) -> None:
    assert check(tmp_path, made) == (0, "Whole: 4 lines, 1 signatures, 1 issued papers, 9 files.\n")
    assert check(tmp_path, made, here.case().digest[:12])[0] == 0
    code, out = check(tmp_path, made, "0123456789ab")
    assert (code, out) == (1, "No line has the digest 0123456789ab.\n")
    (tmp_path / "empty").mkdir()
    assert archive(here, tmp_path / "empty") == archive(here, tmp_path / "empty")


def test_the_script_checks_the_unpacked_folder_too(made: bytes, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(made)
    with zipfile.ZipFile(tmp_path / "b.zip") as opened:
        opened.extractall(tmp_path / "out")
    words = [sys.executable, "-I", "-S", "check.py"]
    done = subprocess.run(words, cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:6]) == (0, "Whole:")


def test_one_flipped_byte_in_any_member_or_around_it_is_found(made: bytes, tmp_path: Path) -> None:
    names = bundle_check.read(_written(tmp_path, made))[0]
    spots = [made.index(content[:40]) + len(content) // 2 for content in names.values()]
    for spot in {*spots, *range(0, len(made), len(made) // 50), 10, len(made) - 3}:
        changed = bytearray(made)
        changed[spot] ^= 0x04
        path = _written(tmp_path, bytes(changed))
        members, faults = bundle_check.read(path)
        assert faults + bundle_check.check_sums(members), spot


def _written(folder: Path, content: bytes) -> Path:
    (folder / "flipped.zip").write_bytes(content)
    return folder / "flipped.zip"


def test_who_mends_the_sums_after_a_change_is_found_by_the_chain_the_signature_or_the_ledger(
    made: bytes, tmp_path: Path
) -> None:
    members, _ = bundle_check.read(_written(tmp_path, made))
    lines = members["entries.jsonl"].splitlines(keepends=True)
    signed = json.loads(lines[1])
    signed["data"]["note"] = "Something else."
    changed = canonical(signed).encode() + b"\n"
    told = {key: signed[key] for key in ("at", "case", "data", "kind", "previous", "previous_in_case", "step")}
    rehashed = canonical({**signed, "digest": bundle_check.sha256(canonical(told).encode())}).encode() + b"\n"
    for name, content, says in [
        ("entries.jsonl", lines[0] + changed + b"".join(lines[2:]), "Line 2 was changed"),
        ("entries.jsonl", lines[0] + b"".join(lines[2:]), "Line 3 was changed, or a line before it is missing"),
        ("entries.jsonl", lines[0] + rehashed, "Line 2: the signature is not siti's, or not over this line."),
        ("issued/minutes.issued.pdf", PAPER + b"!", "issued/minutes.issued.pdf is no paper the ledger tells of."),
        ("allowed_signers", b"", "Line 2: the signature is not siti's"),
    ]:
        other = {**members, name: content}
        del other["SHA256SUMS"]
        sums = "".join(f"{bundle_check.sha256(other[one])}  {one}\n" for one in sorted(other)).encode()
        code, out = check(tmp_path, pack({**other, "SHA256SUMS": sums}))
        assert code == 1 and says in out, (name, out)


def test_what_is_no_bundle_is_told_in_a_sentence(tmp_path: Path) -> None:
    code, out = check(tmp_path, b"hello")
    assert code == 1 and out.startswith("The archive cannot be read: ")


def test_the_script_computes_what_the_ledger_computes(here: Place) -> None:
    for entry in here.ledger.entries(here.id):
        assert bundle_check.canonical(entry.data) == canonical(entry.data)
