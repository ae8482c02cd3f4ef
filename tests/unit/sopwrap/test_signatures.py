from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from sopwrap import signatures
from sopwrap.acts import sign
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


@pytest.mark.parametrize("text", ["", "ssh-ed25519", "cert-authority ssh-ed25519 AAAA", "hello there"])
def test_a_key_in_the_office_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not an OpenSSH public key"):
        signatures.public_key(text)


def test_a_key_with_a_line_break_adds_no_second_signer(key: Path) -> None:
    text = signatures.allowed_signers(office(siti=f"{public(key)}\nandi ssh-ed25519 AAAA"))
    assert text.count("\n") == 1
    assert text.startswith('siti namespaces="sopwrap@ledger" ssh-ed25519 ')


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
    with pytest.raises(RefusedError, match="not of siti's key"):
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
