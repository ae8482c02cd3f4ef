from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.errors import RefusedError, UsageError
from sopwrap.ledger import Ledger, open_ledger
from sopwrap.media import HANDED_OVER, Word, carriers, hand_over, handovers, media_in_hand
from sopwrap.medium import Medium
from sopwrap.records import Verification
from tests.unit.sopwrap.small_office import office, record

DISK = Medium(store="external", placement="external", label="HDD-01", uuid="6f0c", custodian="Budi", place="Lemari 2")
MEDIA = [Medium(store="internal", placement="internal"), DISK, DISK.model_copy(update={"store": "arsip"})]
WORD = Word("operator1", note="disegel")


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


def test_a_medium_is_told_once_with_its_stores_and_what_was_last_seen_of_it() -> None:
    seen = record("check_media", None, "external", medium="HDD-01", free_bytes=500)
    proof = Verification(method="read", ok=True, detail="")
    read = record("verify", None, "external", medium="HDD-01", verify=proof)
    gone = record("check_media", None, "external", outcome="refused", medium="HDD-01", message="It is not there.")
    (fresh,) = carriers(MEDIA, [], [])
    assert (fresh.medium.label, fresh.stores, fresh.seen_at) == ("HDD-01", ("external", "arsip"), None)
    (known,) = carriers(MEDIA, [seen, read], [])
    assert (known.seen_at, known.read_back_at, known.free_bytes) == (read.finished_at, read.finished_at, 500)
    (lost,) = carriers(MEDIA, [seen, read, gone], [])
    assert (lost.trouble, lost.seen_at) == ("It is not there.", read.finished_at)
    (back,) = carriers(MEDIA, [gone, seen], [])
    assert back.trouble == ""
    assert back.as_dict()["stores"] == ["external", "arsip"]


def test_a_plan_and_a_failed_proof_are_no_sight_of_a_medium() -> None:
    failed = record("verify", None, "external", outcome="failed", medium="HDD-01")
    planned = record("check_media", None, "external", outcome="planned", medium="HDD-01")
    (known,) = carriers(MEDIA, [failed, planned], [])
    assert (known.seen_at, known.read_back_at, known.trouble) == (None, None, "")
