"""A permit is read strictly, believed only when the approver signed it, and fits one deed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.permit import Deed, Permit, digest, seconds
from ansible_collections.sopwrap.backup.plugins.module_utils.permit_register import require, use

from tests.office.permits import Authority

PLAN: dict[str, Any] = {
    "asset": "siakad-db",
    "kind": "postgresql",
    "host": "srv-uji",
    "point": "siakad-db.20260101T000000Z.abcdef",
    "restore": {"manifest": "b" * 64, "place": {"database": "siakad"}},
}
DEED = Deed("siakad-db", "postgresql", "srv-uji", {"database": "siakad"}, PLAN["point"], "b" * 64, "K-1")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def host(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host that believes the approver."""
    monkeypatch.setattr(permit_register, "TRUST", str(tmp_path / "etc"))
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path / "var"))
    authority.trusted_by(tmp_path / "etc", "srv-uji")
    return tmp_path


def test_a_permit_for_this_very_deed_is_believed_once(host: Path, authority: Authority) -> None:
    permit = Permit.read(authority.permit(PLAN))
    require(permit, DEED, "2026-01-01T00:00:00Z")
    use(permit)
    for work in (lambda: use(permit), lambda: require(permit, DEED, "")):
        with pytest.raises(Problem, match="was used already") as refusal:
            work()
        assert refusal.value.refused


def test_the_signed_line_is_what_ssh_keygen_alone_would_check(authority: Authority) -> None:
    text = authority.permit(PLAN)
    permit = Permit.read(text)
    assert permit.text + "".join(permit.signatures).encode() == text.encode()
    assert json.loads(permit.text) == permit.fields


def test_the_office_signs_only_for_those_who_have_no_key(authority: Authority) -> None:
    keyless = {"id": "rina", "name": "Rina Contoh"}
    text = authority.permit(PLAN, authority.office, signer="office", approver=keyless, basis="stated decision")
    Permit.read(text).verify(authority.signers)
    with pytest.raises(Problem, match="has a key of their own"):
        Permit.read(authority.permit(PLAN, authority.office, signer="office")).verify(authority.signers)


def test_one_person_may_ask_and_approve_only_where_the_permit_says_why(authority: Authority) -> None:
    own = {"requester": {"id": "budi", "name": "Budi Contoh"}}
    with pytest.raises(Problem, match="has approved what budi asked for"):
        Permit.read(authority.permit(PLAN, **own)).admit(DEED)
    Permit.read(authority.permit(PLAN, **own, exception="nobody else is bound to the lane")).admit(DEED)


def test_a_permit_is_good_from_its_first_moment_to_its_last_and_at_no_other(authority: Authority) -> None:
    times = {"issued_at": "2026-02-01T00:00:00Z", "not_before": "2026-02-02T01:00:00Z"}
    times |= {"not_after": "2026-02-02T03:00:00Z", "undo_until": "2026-02-03T03:00:00Z"}
    permit = Permit.read(authority.permit(PLAN, **times))
    first, last = (seconds(times[key]) for key in ("not_before", "not_after"))
    permit.admit(DEED, first)
    permit.admit(DEED, last)
    with pytest.raises(Problem, match="it is good from 2026-02-02T01:00:00Z on") as early:
        permit.admit(DEED, first - 1)
    with pytest.raises(Problem, match="it was good until 2026-02-02T03:00:00Z") as late:
        permit.admit(DEED, last + 1)
    assert early.value.refused
    assert late.value.refused


def test_a_clock_that_was_set_back_is_refused(host: Path, authority: Authority) -> None:
    now = time.time()
    require(Permit.read(authority.permit(PLAN)), DEED, "", now + 600)
    with pytest.raises(Problem, match=r"it was .* already"):
        require(Permit.read(authority.permit(PLAN)), DEED, "", now)
    require(Permit.read(authority.permit(PLAN)), DEED, "", now + 590)


def test_a_digest_does_not_depend_on_the_order_of_keys_and_times_are_read_exactly() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})
    assert seconds("1970-01-02T00:00:01.500000Z") == 86401.5
