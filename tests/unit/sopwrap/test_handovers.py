from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sopwrap.audit import audit
from sopwrap.errors import RefusedError, UsageError
from sopwrap.handovers import HANDED_OVER, Word, hand_over, handovers, message, views
from sopwrap.ledger import Ledger, open_ledger
from sopwrap.media import media_in_hand
from sopwrap.medium import Medium
from sopwrap.office import Office
from sopwrap.paper_numbers import enter
from sopwrap.signatures import verify
from tests.unit.sopwrap.small_office import office
from tests.unit.sopwrap.test_signatures import new_key, public

DISK = Medium(store="external", placement="external", label="HDD-01", uuid="6f0c", custodian="Budi", place="Lemari 2")
MEDIA = [Medium(store="internal", placement="internal"), DISK, DISK.model_copy(update={"store": "arsip"})]
WORD = Word("operator1", note="disegel")
ZONE = "Asia/Pontianak"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path)


def test_a_handover_is_a_line_of_no_case_with_two_people_and_the_last_one_counts(ledger: Ledger) -> None:
    hand_over(ledger, office(), MEDIA, "HDD-01", ("andi", "siti"), "Brankas", WORD)
    hand_over(ledger, office(), MEDIA, "HDD-01", ("siti", "yusuf"), None, WORD)
    first, last = handovers(ledger.of_kind(HANDED_OVER))
    assert (first.giver.id, first.receiver.id, first.place, first.note) == ("andi", "siti", "Brankas", "disegel")
    assert {entry.case for entry in ledger.of_kind(HANDED_OVER)} == {None}
    held = {one.store: one for one in media_in_hand(ledger, MEDIA)}
    assert (held["external"].custodian, held["external"].place) == ("Yusuf Contoh", "Lemari 2")
    assert held["internal"] == MEDIA[0]
    assert last.as_dict()["to"] == "yusuf"
    assert ledger.verify().fault is None


@pytest.mark.parametrize(
    ("label", "people", "said"),
    [
        ("HDD-09", ("andi", "siti"), "no medium HDD-09"),
        ("HDD-01", ("andi", "andi"), "between two people"),
        ("HDD-01", ("andi", "hantu"), "id hantu"),
    ],
)
def test_a_handover_of_what_nobody_knows_is_refused(
    ledger: Ledger, label: str, people: tuple[str, str], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        hand_over(ledger, office(), MEDIA, label, people, None, WORD)
    assert ledger.of_kind(HANDED_OVER) == []


def test_only_who_has_a_medium_hands_it_over(ledger: Ledger) -> None:
    hand_over(ledger, office(), MEDIA, "HDD-01", ("andi", "siti"), None, WORD)
    with pytest.raises(RefusedError, match="was handed to Siti Contoh"):
        hand_over(ledger, office(), MEDIA, "HDD-01", ("andi", "yusuf"), None, WORD)


def test_an_operators_word_does_not_stand_for_somebody_with_a_key_unless_there_is_a_letter(ledger: Ledger) -> None:
    with_key = office(siti="ssh-ed25519 AAAA siti")
    with pytest.raises(RefusedError, match="has a key"):
        hand_over(ledger, with_key, MEDIA, "HDD-01", ("andi", "siti"), None, WORD)
    assert hand_over(ledger, with_key, MEDIA, "HDD-01", ("andi", "siti"), None, Word("op", "BA-7")).letter == "BA-7"


@pytest.fixture
def keyed(tmp_path: Path) -> tuple[Office, dict[str, Path]]:
    """An office whose two people have keys, and the keys by who gives and who takes."""
    keys = {party: new_key(tmp_path, party) for party in ("giver", "receiver")}
    return office(andi=public(keys["giver"]), siti=public(keys["receiver"])), keys


def test_both_sign_what_they_hand_over_and_the_audit_checks_it(
    ledger: Ledger, keyed: tuple[Office, dict[str, Path]]
) -> None:
    people, keys = keyed
    done = hand_over(ledger, people, MEDIA, "HDD-01", ("andi", "siti"), "Brankas", replace(WORD, keys=keys))
    assert (done.signed, done.number.endswith("-0001"), done.medium["place"]) == (
        ("giver", "receiver"),
        True,
        "Lemari 2",
    )
    (entry,) = ledger.of_kind(HANDED_OVER)
    assert entry.data["method"] == "signed"
    for party, person in (("giver", "andi"), ("receiver", "siti")):
        made = entry.data["signatures"][party]
        verify(message(entry.data), made["signature"], person, made["key"])
        with pytest.raises(RefusedError):
            verify(message({**entry.data, "place": "Rumah"}), made["signature"], person, made["key"])
    found = audit(ledger, people)
    assert (found.faults, found.signed) == ((), 2)
    assert "not andi's in office.yml" in audit(ledger, office()).faults[0].replace("that is ", "")


def test_a_key_that_is_not_the_persons_signs_nothing(ledger: Ledger, keyed: tuple[Office, dict[str, Path]]) -> None:
    people, keys = keyed
    swapped = replace(WORD, keys={"giver": keys["receiver"], "receiver": keys["giver"]})
    with pytest.raises(RefusedError):
        hand_over(ledger, people, MEDIA, "HDD-01", ("andi", "siti"), None, swapped)
    with pytest.raises(RefusedError, match="has a key"):
        hand_over(ledger, people, MEDIA, "HDD-01", ("andi", "siti"), None, replace(WORD, keys={"giver": keys["giver"]}))
    assert ledger.of_kind(HANDED_OVER) == []


def test_minutes_are_of_one_line_and_bear_the_number_that_is_entered(ledger: Ledger) -> None:
    done = hand_over(ledger, office(), MEDIA, "HDD-01", ("andi", "siti"), None, WORD)
    (before,) = views(ledger, office(), ZONE)
    assert (before.id, before.issued) == (done.number, None)
    enter(ledger, done.number, "BA-12/PTID/2026", "2026-11-20", "operator1")
    (after,) = views(ledger, office(), ZONE)
    assert after.issued and (after.issued.number, after.issued.dated) == ("BA-12/PTID/2026", "2026-11-20")
    assert before.digest != after.digest
