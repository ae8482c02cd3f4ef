from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from sopwrap import keys, signatures
from sopwrap.acts import sign
from sopwrap.errors import RefusedError, UsageError
from sopwrap.office import Office
from sopwrap.permission import Vouch
from tests.unit.sopwrap.small_office import PEOPLE, office, place
from tests.unit.sopwrap.test_signatures import TEXT, new_key, public

DAY = date(2026, 5, 8)


def with_keys(**more: object) -> Office:
    """The small office with facts about Siti's keys."""
    data = office().model_dump(mode="json")
    data["people"] = [{**PEOPLE[0], **more}, *PEOPLE[1:]]
    return Office.model_validate(data)


@pytest.mark.parametrize("text", ["", "ssh-ed25519", "cert-authority ssh-ed25519 AAAA", "hello there"])
def test_a_key_in_the_office_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not an OpenSSH public key"):
        keys.public_key(text)


def test_a_key_with_a_line_break_adds_no_second_signer(tmp_path: Path) -> None:
    key = new_key(tmp_path, "siti")
    text = keys.allowed_signers(office(siti=f"{public(key)}\nandi ssh-ed25519 AAAA"), "Asia/Pontianak")
    assert text.count("\n") == 1
    assert text.startswith('siti namespaces="sopwrap@ledger" ssh-ed25519 ')


def test_a_replaced_key_still_vouches_for_its_days_and_for_no_other(tmp_path: Path) -> None:
    old, new = new_key(tmp_path, "old"), new_key(tmp_path, "new")
    former = {"key": public(old), "since": "2026-01-01", "until": "2026-05-08"}
    people = with_keys(key=public(new), key_since="2026-05-09", former_keys=[former])
    allowed = tmp_path / "allowed_signers"
    allowed.write_text(keys.allowed_signers(people, "Asia/Pontianak"), encoding="utf-8")

    def good(key: Path, moment: str) -> bool:
        (tmp_path / "signature").write_text(signatures.sign(TEXT, key), encoding="utf-8")
        words = ["-Y", "verify", "-f", str(allowed), "-I", "siti", "-n", keys.NAMESPACE]
        words += ["-s", str(tmp_path / "signature"), "-O", f"verify-time={moment}"]
        return subprocess.run(["ssh-keygen", *words], input=TEXT, capture_output=True, check=False).returncode == 0

    # The last second of 8 May in Pontianak (UTC+7), and the first of 9 May.
    assert good(old, "20260508165959Z")
    assert not good(old, "20260508170001Z")
    assert good(new, "20260508170001Z")
    assert not good(new, "20260508165959Z")


def test_nothing_is_signed_any_more_with_a_replaced_key(tmp_path: Path) -> None:
    old, new = new_key(tmp_path, "old"), new_key(tmp_path, "new")
    people = with_keys(key=public(new), former_keys=[{"key": public(old), "until": "2026-05-08"}])
    here = place(tmp_path, people=people)
    with pytest.raises(RefusedError, match="This key was Siti Contoh's until 2026-05-08"):
        sign(here.ledger, here.office, here.id, Vouch("siti", "operator", key=old))
    assert here.ledger.verify().lines == 1
    assert here.sign("siti", key=new).step("l1").rounds[0].method == "signed"


def test_the_key_of_a_colleague_is_named_as_theirs(tmp_path: Path) -> None:
    siti, andi = new_key(tmp_path, "siti"), new_key(tmp_path, "andi")
    here = place(tmp_path, people=office(siti=public(siti), andi=public(andi)))
    with pytest.raises(RefusedError, match="This is the key of Andi Contoh, not of Siti Contoh"):
        sign(here.ledger, here.office, here.id, Vouch("siti", "operator", key=andi))
    assert here.ledger.verify().lines == 1


def test_a_key_that_is_not_valid_yet_or_not_there_is_refused() -> None:
    (person,) = (one for one in with_keys(key="ssh-ed25519 AAAA", key_since="2026-05-09").people if one.id == "siti")
    assert keys.registered_key(person, date(2026, 5, 9)) == "ssh-ed25519 AAAA"
    with pytest.raises(RefusedError, match="holds from 2026-05-09 on"):
        keys.registered_key(person, DAY)
    with pytest.raises(RefusedError, match="has no key"):
        keys.registered_key(office().person("siti"), DAY)


def test_two_people_never_have_the_same_key() -> None:
    with pytest.raises(ValueError, match="siti and andi have the same key"):
        office(siti="ssh-ed25519 AAAA siti", andi="ssh-ed25519 AAAA andi")
