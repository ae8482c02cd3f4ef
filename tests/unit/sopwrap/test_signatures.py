from __future__ import annotations

import base64
import hashlib
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sopwrap import signatures
from sopwrap.acts import Word, decide, sign
from sopwrap.errors import RefusedError, UsageError
from sopwrap.permission import Vouch
from tests.unit.sopwrap.small_office import Place, office, place

TEXT = b'{"case":"2026-0001"}'


def new_key(folder: Path, name: str, kind: str = "ed25519", password: str = "") -> Path:
    path = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", password, "-C", f"{name}@example", "-f", str(path)], check=True
    )
    return path


def public(key: Path) -> str:
    return key.with_suffix(".pub").read_text(encoding="utf-8").strip()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return new_key(tmp_path, "siti")


@pytest.fixture
def signed(tmp_path: Path, key: Path) -> Place:
    here = place(tmp_path, people=office(siti=public(key)))
    here.sign("siti", key=key)
    return here


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_signature_fits_its_text_and_its_key(tmp_path: Path, kind: str) -> None:
    key = new_key(tmp_path, "k", kind)
    signatures.verify(TEXT, signatures.sign(TEXT, key), "siti", public(key))


def test_a_signature_fits_no_other_text_key_or_person(tmp_path: Path, key: Path) -> None:
    signature, other = signatures.sign(TEXT, key), new_key(tmp_path, "other")
    with pytest.raises(RefusedError, match="not of siti's key"):
        signatures.verify(TEXT + b" ", signature, "siti", public(key))
    with pytest.raises(RefusedError, match="not of siti's key"):
        signatures.verify(TEXT, signature, "siti", public(other))
    with pytest.raises(RefusedError, match="not of siti's key"):
        signatures.verify(TEXT, "no signature", "siti", public(key))


def test_a_signature_made_for_another_purpose_does_not_count(tmp_path: Path, key: Path) -> None:
    made = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-q", "-f", str(key), "-n", "git"], input=TEXT, capture_output=True, check=True
    )
    with pytest.raises(RefusedError):
        signatures.verify(TEXT, made.stdout.decode(), "siti", public(key))


def test_a_key_that_is_not_there_or_no_key_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        signatures.sign(TEXT, tmp_path / "nothing")
    (tmp_path / "text").write_text("hello", encoding="utf-8")
    with pytest.raises(RefusedError, match="cannot sign"):
        signatures.sign(TEXT, tmp_path / "text")


def test_a_signed_step_carries_a_signature_that_can_be_checked_later(signed: Place) -> None:
    line = signed.ledger.entries(signed.id)[1]
    assert (line.data["method"], line.data["stated_by"]) == ("signed", None)
    signatures.verify_entry(line)


@pytest.mark.parametrize("change", ["case", "step", "kind", "previous_in_case", "note", "form"])
def test_a_signature_fits_one_place_in_one_case_only(signed: Place, change: str) -> None:
    line = signed.ledger.entries(signed.id)[1]
    if change in ("note", "form"):
        moved = replace(line, data={**line.data, change: "something else"})
    else:
        moved = replace(line, **{change: "x"})  # type: ignore[arg-type]
    with pytest.raises(RefusedError):
        signatures.verify_entry(moved)


def test_what_the_ledger_notes_about_its_clock_is_not_under_the_signature(signed: Place) -> None:
    line = signed.ledger.entries(signed.id)[1]
    signatures.verify_entry(replace(line, data={**line.data, "clock": "2026-01-01T00:00:00.000000Z"}))


def test_the_key_of_somebody_else_is_refused_and_nothing_is_written(tmp_path: Path, key: Path) -> None:
    here = place(tmp_path, people=office(siti=public(key)))
    with pytest.raises(RefusedError, match=r"not of Siti Contoh's key, nor of any in office\.yml"):
        sign(here.ledger, here.office, here.id, Vouch("siti", "operator", key=new_key(tmp_path, "andi")))
    assert here.ledger.verify().lines == 1


def test_a_key_the_office_does_not_know_is_refused(tmp_path: Path, key: Path) -> None:
    here = place(tmp_path)
    with pytest.raises(RefusedError, match=r"Siti Contoh has no key in office.yml"):
        sign(here.ledger, here.office, here.id, Vouch("siti", "operator", key=key))


def test_who_has_a_key_is_not_stated_by_others_without_a_letter(tmp_path: Path, key: Path) -> None:
    here = place(tmp_path, people=office(siti=public(key)))
    with pytest.raises(RefusedError, match=r"has a key in office.yml and signs with it"):
        sign(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    case = here.sign("siti", letter="B-17/2026")
    assert case.step("l1").rounds[0].method == "stated"


def test_a_public_key_signs_through_the_agent_that_holds_its_private_one(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = tmp_path / "alone" / "siti.pub"
    alone.parent.mkdir()
    alone.write_text(public(key), encoding="utf-8")
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with pytest.raises(RefusedError, match=r"siti.pub cannot sign.*public key, which signs through an agent"):
        signatures.sign(TEXT, alone)
    with agent(tmp_path, monkeypatch):
        subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
        signatures.verify(TEXT, signatures.sign(TEXT, alone), "siti", public(key))


def test_a_key_with_a_passphrase_and_nobody_to_ask_is_told_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = new_key(tmp_path, "locked", password="canary passphrase")
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "never")
    monkeypatch.setattr(signatures.subprocess, "run", without_terminal(subprocess.run))
    with pytest.raises(RefusedError, match=r"cannot sign.*passphrase is asked on a terminal.*ssh-add"):
        signatures.sign(TEXT, locked)


def without_terminal(run: Callable[..., Any]) -> Callable[..., Any]:
    """Run a program in a session of its own, which has no terminal to ask on."""
    return lambda *words, **more: run(*words, **more, start_new_session=True)


@contextmanager
def agent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An ssh-agent of this test alone."""
    with tempfile.TemporaryDirectory(prefix="sw-") as short:
        process = subprocess.Popen(
            ["ssh-agent", "-D", "-a", f"{short}/s"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        monkeypatch.setenv("SSH_AUTH_SOCK", f"{short}/s")
        try:
            for _ in range(100):
                if Path(short, "s").exists():
                    break
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(10)


def test_a_private_key_nobody_else_may_read_is_asked_for_in_a_sentence(tmp_path: Path, key: Path) -> None:
    key.chmod(0o644)
    with pytest.raises(RefusedError, match="cannot sign"):
        signatures.sign(TEXT, key)


def test_a_key_on_a_security_token_counts(tmp_path: Path) -> None:
    """The signature of a FIDO key is over the application, the touch and a counter too (PROTOCOL.u2f)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    token = Ed25519PrivateKey.generate()
    raw = token.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    kind, application, state = b"sk-ssh-ed25519@openssh.com", b"ssh:", b"\x01" + struct.pack(">I", 7)
    key = packed(kind, raw, application)
    signed = b"SSHSIG" + packed(b"sopwrap@ledger", b"", b"sha512", hashlib.sha512(TEXT).digest())
    touched = token.sign(hashlib.sha256(application).digest() + state + hashlib.sha256(signed).digest())
    blob = (
        b"SSHSIG" + struct.pack(">I", 1) + packed(key, b"sopwrap@ledger", b"", b"sha512", packed(kind, touched) + state)
    )
    armoured = "\n".join(
        ["-----BEGIN SSH SIGNATURE-----", base64.b64encode(blob).decode(), "-----END SSH SIGNATURE-----", ""]
    )
    line = f"{kind.decode()} {base64.b64encode(key).decode()}"
    assert signatures.used_key(armoured) == line
    signatures.verify(TEXT, armoured, "siti", line)
    with pytest.raises(RefusedError):
        signatures.verify(TEXT + b" ", armoured, "siti", line)


def packed(*strings: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(one)) + one for one in strings)


def test_every_fact_of_a_signed_line_is_under_the_signature(signed: Place) -> None:
    line = signed.ledger.entries(signed.id)[1]
    for name, value in line.data.items():
        if name not in signatures.UNSIGNED:
            other = {**value, "name": "Budi"} if isinstance(value, dict) else f"{value} "
            with pytest.raises(RefusedError):
                signatures.verify_entry(replace(line, data={**line.data, name: other}))
    with pytest.raises(RefusedError):
        signatures.verify_entry(replace(line, data={**line.data, "added": 1}))


def test_a_signature_of_an_earlier_round_does_not_fit_the_next_one(tmp_path: Path, key: Path) -> None:
    here = place(tmp_path, people=office(siti=public(key)))
    here.sign("siti", key=key)
    for _ in range(2):
        case = here.case()
        vouch = Vouch("siti", "operator", key=key)
        decide(here.ledger, here.office, here.id, vouch, "perbaiki", None, Word("Kurang."))
        here.resume()
    first, second = (one for one in here.ledger.entries(here.id) if one.kind == "decision")
    assert case.step("l3").rounds[-1].number == 2
    replayed = replace(second, data={**second.data, "signature": first.data["signature"]})
    with pytest.raises(RefusedError):
        signatures.verify_entry(replayed)
