from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sopwrap.formvalues import Ground, Wrong, value_of

GROUND = Ground(["siakad-db", "laman"], ZoneInfo("Asia/Pontianak"))


@pytest.mark.parametrize(
    ("kind", "typed", "plain"),
    [
        ("text", "  satu\n dua ", "satu dua"),
        ("text", "no", "no"),
        ("lines", "satu\n\n dua", ["satu", "dua"]),
        ("lines", ["satu", "", "dua"], ["satu", "dua"]),
        ("date", "2026-01-31", "2026-01-31"),
        ("datetime", "2026-01-31 22:00", "2026-01-31T15:00:00Z"),
        ("datetime", "2026-01-31T22:00:00+09:00", "2026-01-31T13:00:00Z"),
        ("number", "12", 12),
        ("number", "12.5", 12.5),
        ("duration", "PT90M", "PT90M"),
        ("choice", "PENUH", "penuh"),
        ("yesno", "Ya", True),
        ("yesno", "tidak", False),
        ("yesno", False, False),
        ("asset", "laman", "laman"),
        ("place", "/srv/pulih/laman", "/srv/pulih/laman"),
        ("place", "siakad_pulih", "siakad_pulih"),
        ("point", "laman-20260131T150000Z-a1b2", "laman-20260131T150000Z-a1b2"),
    ],
)
def test_what_is_typed_becomes_a_plain_value(kind: Any, typed: Any, plain: Any) -> None:
    assert value_of(kind, ["penuh", "sebagian"], typed, GROUND) == plain


@pytest.mark.parametrize("nothing", [None, "", "   ", []])
def test_what_is_left_empty_is_no_value(nothing: Any) -> None:
    assert value_of("text", [], nothing, GROUND) is None


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        ("date", "31-01-2026", "not a date such as 2026-01-31"),
        ("date", "2026-02-30", "not a date such as"),
        ("datetime", "2026-01-31", "not a date with a time"),
        ("number", "dua", "not a number"),
        ("duration", "2 jam", "not a duration such as"),
        ("duration", "PT0S", "not a duration such as"),
        ("choice", "separuh", "not one of: penuh, sebagian"),
        ("yesno", "mungkin", "neither ya nor tidak"),
        ("asset", "laptop", "not an asset of this case: siakad-db, laman"),
        ("point", "dua kata", "not the id of a recovery point"),
        ("place", "../pulih", "neither an absolute path nor"),
        ("text", ["a"], "a single value"),
        ("text", "a\x07b", "cannot be printed"),
        ("text", "x" * 5000, "5000 characters"),
        ("lines", [["a"]], "a list of lines"),
    ],
)
def test_what_does_not_fit_is_told_with_what_is_allowed(kind: Any, typed: Any, told: str) -> None:
    with pytest.raises(Wrong, match=told):
        value_of(kind, ["penuh", "sebagian"], typed, GROUND)
