"""What comes back when places and people are gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sopwrap.case import Actor, Asset
from sopwrap.errors import UsageError
from sopwrap.history import History
from sopwrap.medium import Medium
from sopwrap.persons import Person
from sopwrap.store_keys import StoreKey
from sopwrap.whatif import Answer, Ground, consequences, lost
from tests.unit.sopwrap.pasts import NOW, ZONE, past, told

ASSET = Asset(id="arsip", kind="toy", host="srv-a", rto="PT4H", stores=["internal", "external"])
PEOPLE = [Person(id=one, name=f"{one.title()} Contoh", post="Pejabat") for one in ("ani", "budi", "citra")]
HOLDERS = tuple(Actor(id=one.id, name=one.name) for one in PEOPLE)


def ground(history: History, drilled: datetime | None = NOW, **external: str | None) -> Ground:
    where = {"place": "Singkawang", "custodian": "Budi Contoh", **external}
    media = {
        "internal": Medium(store="internal", placement="internal"),
        "external": Medium(store="external", placement="external", label="HDD-01", **where),
    }
    key = StoreKey("external.key", ("external",), HOLDERS, 2, drilled_at=drilled)
    return Ground("Pontianak", PEOPLE, media, {"external": key}, history)


def copied() -> History:
    """A proven point in both stores, and a newer one in the internal store alone; a restore took an hour."""
    history = past([5, 6])
    first = history.asset("arsip").points[0].id
    told(history, "copy", 1, store="external", point=first)
    told(history, "verify", 1, point=first)
    history.asset("arsip").restore_seconds = 3600.0
    return history


def asked(words: list[str], here: Ground) -> Answer:
    [answer] = consequences([ASSET], here, lost(words, here), NOW)
    return answer


def test_when_the_office_is_gone_the_point_kept_elsewhere_comes_back_with_shares() -> None:
    answer = asked(["pontianak"], ground(copied()))
    assert (answer.live, answer.comes_back, answer.store, answer.where) == (False, True, "external", "Singkawang")
    assert answer.point and answer.point.proven and answer.age == timedelta(days=1)
    assert answer.key == "2 shares of external.key (ani, budi, citra)"
    assert (answer.seconds, answer.in_time, answer.remarks) == (3600.0, True, ())


def test_when_the_medium_alone_is_gone_nothing_has_to_come_back_and_the_server_has_its_copy() -> None:
    answer = asked(["Singkawang"], ground(copied()))
    assert answer.live and answer.comes_back and answer.store == "internal"
    assert answer.key == "the inventory's password"


def test_a_custodian_who_left_is_an_errand_and_a_share_less() -> None:
    answer = asked(["Pontianak", "budi"], ground(copied()))
    assert answer.key == "2 shares of external.key (ani, citra)"
    assert answer.remarks == ("Budi Contoh had HDD-01: somebody else has to fetch it",)


def test_with_too_few_shares_left_nobody_can_open_what_is_left() -> None:
    answer = asked(["Pontianak", "Budi Contoh", "ani"], ground(copied()))
    assert not answer.comes_back and answer.remarks == ("external: nobody can open it",)


def test_what_nobody_has_said_is_not_counted_on() -> None:
    answer = asked(["Pontianak"], ground(copied(), place=None))
    assert not answer.comes_back and "nobody has said where it is" in answer.remarks[0]
    assert asked(["ani"], ground(copied(), place=None)).store


def test_what_was_never_proven_measured_or_drilled_is_said() -> None:
    history = past([5])
    told(history, "copy", 0, store="external")
    answer = asked(["Pontianak"], ground(history, drilled=None))
    assert answer.comes_back and answer.in_time is None
    assert answer.remarks == ("it was never proven", "a restore of it was never measured")
    assert answer.key.endswith("never drilled)")


def test_a_restore_that_takes_longer_than_allowed_is_told() -> None:
    history = copied()
    history.asset("arsip").restore_seconds = 5 * 3600.0
    assert asked(["Pontianak"], ground(history)).in_time is False


def test_an_asset_without_a_point_is_lost_and_both_places_take_everything() -> None:
    assert asked(["Pontianak"], ground(History(ZONE))).remarks == ("there is no point of it",)
    assert not asked(["Pontianak", "Singkawang"], ground(copied())).comes_back


def test_an_unknown_word_names_the_places_and_people_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        lost(["Surabaya"], ground(copied()))
    assert "Pontianak, Singkawang" in caught.value.hint and "citra" in caught.value.hint


def test_it_is_told_to_programs_too() -> None:
    told_of = asked(["Pontianak"], ground(copied())).as_dict()
    assert (told_of["comes_back"], told_of["age_seconds"], told_of["in_time"]) == (True, 86400, True)
    assert replace(asked(["Pontianak"], ground(copied())), point=None).as_dict()["comes_back"] is False
