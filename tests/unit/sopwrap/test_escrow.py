"""Shares of a key: any two of three give it back, one tells nothing, a mistake is said without a word of a share."""

from __future__ import annotations

import itertools
import secrets
from itertools import pairwise

import pytest

from sopwrap.errors import UsageError
from sopwrap.escrow import join, needed, split


@pytest.mark.parametrize(
    "key",
    [secrets.token_urlsafe(32), "kunci", "kata sandi – panjang " * 5, "x" * 17],
    ids=["as ours are made", "short", "long", "of odd length"],
)
def test_any_two_of_three_shares_give_the_key_back(key: str) -> None:
    shares = split(key, 2, 3)
    for two in itertools.permutations(shares, 2):
        assert join(two) == key
    assert needed(shares[0]) == 2
    assert not any(key in share for share in shares)


def test_a_share_is_read_however_it_is_typed() -> None:
    first, second, _ = split("kunci", 2, 3)
    assert join([f"  {first.upper()}\n", second.replace(" ", "   ")]) == "kunci"


def test_what_is_wrong_with_shares_is_said_without_showing_them() -> None:
    first, second, third = split("kunci", 2, 3)
    other = split("kunci", 2, 3)[1]
    words = second.split()
    at = next(place for place in range(8, len(words) - 1) if words[place] != words[place + 1])
    swapped = " ".join([*words[:at], words[at + 1], words[at], *words[at + 2 :]])
    for shares, said in (
        ([first], "too few"),
        ([first, first], "given twice"),
        ([first, swapped], "another one than was printed"),
        ([first, f"{second} salah"], "list"),
        ([first, " ".join(words[:5])], "missing"),
        ([first, other], "different"),
        ([first, second, third], "too few, or one was given twice"),
    ):
        with pytest.raises(UsageError) as caught:
            join(shares)
        assert said in caught.value.message, caught.value.message
        shown = str(caught.value).lower().replace(".", "")
        assert not [word for word in pairwise(words) if " ".join(word) in shown]
    with pytest.raises(UsageError, match="list"):
        needed("bukan kata")


@pytest.mark.parametrize(("threshold", "of"), [(1, 3), (3, 2), (2, 17), (0, 0)])
def test_an_escrow_that_protects_nothing_is_refused(threshold: int, of: int) -> None:
    with pytest.raises(UsageError, match="no escrow"):
        split("kunci", threshold, of)
