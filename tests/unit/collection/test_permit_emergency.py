"""In an emergency two people sign; what the host's list does not allow them is refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.permit import Deed, Permit

from sopwrap.permits import permit_signers, stamp
from tests.office.emergencies import FIRST, Pair
from tests.unit.collection.test_permit import DEED, PLAN

AT = Deed(DEED.asset, DEED.kind, DEED.host, DEED.place, DEED.point, DEED.manifest)
LATE = stamp(datetime.now(UTC) + timedelta(days=3))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("pair"))


def believe(text: str, pair: Pair, deed: Deed = AT) -> Permit:
    permit = Permit.read(text)
    permit.verify(pair.signers)
    permit.admit(deed, time.time())
    return permit


def test_two_people_who_may_permit_a_restore_without_letter_and_case(pair: Pair) -> None:
    assert believe(pair.emergency(PLAN), pair).emergency


WAYS: dict[str, tuple[Callable[[Pair], str], str]] = {
    "one signature": (lambda p: p.emergency(PLAN, p.first), "1 signatures, and needs 2"),
    "three signatures": (lambda p: p.emergency(PLAN, p.first, p.second, p.key), "3 signatures, and needs 2"),
    "one person twice": (lambda p: p.emergency(PLAN, p.first, p.first, second=FIRST), "signatures of two people"),
    "one key for both": (lambda p: p.emergency(PLAN, p.first, p.first), "not of yusuf's key"),
    "the wrong way round": (lambda p: p.emergency(PLAN, p.second, p.first), "not of siti's key"),
    "a stranger as the second": (lambda p: p.emergency(PLAN, p.first, p.stranger), "not of yusuf's key"),
    "one who may only approve": (
        lambda p: p.emergency(PLAN, p.first, p.key, second={"id": "budi", "name": "Budi"}),
        "not of budi's key",
    ),
    "the office as one of them": (
        lambda p: p.emergency(PLAN, p.first, p.office, second={"id": "office", "name": "Kantor"}),
        "signatures of two people",
    ),
    "the reason edited": (lambda p: p.emergency(PLAN).replace("disusupi", "rusak"), "not of siti's key"),
    "without a reason": (lambda p: p.emergency(PLAN).replace("Server disusupi.", ""), "has not the form"),
    "as an ordinary permit": (lambda p: p.emergency(PLAN).replace("emergency/1", "permit/1"), "lacks or adds"),
    "an ordinary permit as this": (lambda p: p.permit(PLAN).replace("permit/1", "emergency/1"), "lacks or adds"),
    "for three days": (lambda p: p.emergency(PLAN, not_after=LATE, undo_until=LATE), "longer than a day"),
    "for another host": (lambda p: p.emergency(PLAN, host="srv-lain"), "for the host srv-lain"),
    "with something behind": (lambda p: p.emergency(PLAN) + "x", "not a line of JSON"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_around_the_two(way: str, pair: Pair) -> None:
    make, says = WAYS[way]
    with pytest.raises(Problem, match=says) as refusal:
        believe(make(pair), pair)
    assert refusal.value.refused


def test_it_is_of_no_case(pair: Pair) -> None:
    with pytest.raises(Problem, match="for the case of none, not K-1"):
        believe(pair.emergency(PLAN), pair, DEED)


def test_a_host_that_was_told_of_nobody_for_emergencies_refuses_all(pair: Pair, tmp_path: Path) -> None:
    ordinary = pair.signers.replace(",sopwrap@emergency", "")
    with pytest.raises(Problem, match="not of siti's key"):
        Permit.read(pair.emergency(PLAN)).verify(ordinary)


def test_two_names_with_one_key_are_not_two_people(pair: Pair) -> None:
    signers = permit_signers({"siti": pair.public["siti"], "yusuf": pair.public["siti"]}, ("siti", "yusuf"))
    with pytest.raises(Problem, match="siti and yusuf have one key"):
        Permit.read(pair.emergency(PLAN, pair.first, pair.first)).verify(signers)
