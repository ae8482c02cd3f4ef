"""The verdict 3-2-1-1-0, part by part."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sopwrap.case import Asset
from sopwrap.copies import PARTS, copies
from sopwrap.history import History
from sopwrap.medium import Medium
from tests.unit.sopwrap.pasts import ZONE, past, told

ASSET = Asset(id="arsip", kind="toy", host="srv-a", stores=["internal", "external"])
TODAY = date(2026, 5, 31)
GOOD = {"off_site": True, "offline": True}


def missing(history: History, **external: Any) -> tuple[str, ...]:
    media = {
        "internal": Medium(store="internal", placement="internal"),
        "external": Medium(store="external", placement="external", label="HDD-01", **external),
    }
    return copies(ASSET, media, history.asset("arsip"), TODAY).missing


def copied() -> History:
    history = past([5])
    told(history, "copy", 0, store="external")
    told(history, "verify", 0)
    return history


def test_without_any_point_everything_is_missing() -> None:
    assert missing(History(ZONE), **GOOD) == PARTS


def test_it_is_met_by_two_stores_of_which_one_is_another_kind_elsewhere_and_out_of_reach() -> None:
    assert missing(copied(), **GOOD) == ()


def test_a_point_on_the_server_alone_meets_no_more_than_its_proof() -> None:
    history = past([5])
    told(history, "verify", 0)
    assert missing(history, **GOOD) == ("copies", "media", "away", "offline")


@pytest.mark.parametrize(
    ("external", "wanting"),
    [
        ({}, ("away", "offline")),
        ({"off_site": True, "form": "server"}, ("media", "offline")),
        ({"off_site": True, "form": "server", "append_only": True}, ("media",)),
        ({"off_site": True, "form": "object_store", "immutable_until": "2026-05-31"}, ()),
        ({"off_site": True, "form": "object_store", "immutable_until": "2026-05-30"}, ("offline",)),
        ({"offline": True}, ("away",)),
    ],
)
def test_only_what_the_register_says_of_a_medium_counts(external: dict[str, Any], wanting: tuple[str, ...]) -> None:
    assert missing(copied(), **external) == wanting


def test_an_error_the_last_time_it_was_read_back_counts_until_that_store_is_read_back_well() -> None:
    history = copied()
    told(history, "verify", 0, store="external", outcome="failed")
    told(history, "verify", 0)
    assert missing(history, **GOOD) == ("errors",), "the internal store is no answer for the external one"
    told(history, "verify", 0, store="external")
    assert missing(history, **GOOD) == ()


def test_a_store_that_was_not_there_to_be_read_is_no_error_and_one_never_read_is_no_proof() -> None:
    history = copied()
    told(history, "verify", 0, store="external", outcome="refused")
    assert missing(history, **GOOD) == ()
    assert missing(past([5]), **GOOD)[-1] == "errors"


def test_the_newest_point_is_judged_and_not_an_older_one() -> None:
    history = copied()
    told(history, "backup", 0, point="arsip.new")
    assert missing(history, **GOOD) == ("copies", "media", "away", "offline")
    assert copies(ASSET, {}, history.asset("arsip"), TODAY).as_dict()["met"] is False
