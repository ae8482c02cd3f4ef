"""What an office calls its recovery points: its own pattern, filled from what a point's id says.

The name is only another way to write the id, so that it holds for every point there ever was and nothing in a store
is written for it. Majalengka's third step asks for such names; the rule itself is each office's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from string import Formatter
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import model_validator

from sopwrap.models import Model, shape

POINT = re.compile(r"(?P<asset>[a-z0-9][a-z0-9-]{0,62})\.(?P<at>\d{8}T\d{6})Z\.(?P<nomor>[0-9a-f]{6})")
ZONE = "Asia/Jakarta"
"""Of an office that names no zone."""

FIELDS = ("unit", "asset", "yyyymmdd", "yyyy", "mm", "dd", "hhmm", "hhmmss", "nomor")
LONGEST = 200
"""Characters: file systems take 255 bytes, and an export adds endings of its own."""

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]")


class Naming(Model):
    """The office's rule: a ``pattern`` of FIELDS and fixed words, and the ``unit`` that stands in it.

    ``nomor`` is eight digits that no other point of the asset has in that second; the rest is the asset's id and the
    time the backup began, on the office's clock.
    """

    pattern: str
    unit: Annotated[str, shape(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", "letters, digits, - and _, at most 40")] = "unit"

    @model_validator(mode="after")
    def _good(self) -> Naming:
        if said := complaint(self):
            raise ValueError(said)
        return self

    def name(self, point: str, zone: str) -> str:
        """The name of the point with this id; anything that is no such id comes back as it is."""
        found = POINT.fullmatch(point)
        if found is None:
            return point
        at = datetime.strptime(found["at"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return self._fill(found["asset"], at, int(found["nomor"], 16), ZoneInfo(zone))

    def _fill(self, asset: str, at: datetime, number: int, zone: ZoneInfo) -> str:
        local = at.astimezone(zone)
        times = {"yyyymmdd": "%Y%m%d", "yyyy": "%Y", "mm": "%m", "dd": "%d", "hhmm": "%H%M", "hhmmss": "%H%M%S"}
        words = {key: local.strftime(form) for key, form in times.items()}
        return self.pattern.format(unit=self.unit, asset=asset, nomor=f"{number:08d}", **words)


def complaint(rule: Naming) -> str:
    """Why a pattern is no good name (unique, sorting by time, safe as a file's name); empty where it is one.

    It is tried out on points that differ in one thing each.
    """
    if said := _form(rule.pattern):
        return said
    zone = ZoneInfo("UTC")
    longest = rule._fill("a" * 63, _MOMENTS[0], 0xFFFFFF, zone)
    if len(longest) > LONGEST:
        return f"the pattern makes names of up to {len(longest)} characters; {LONGEST} is what files take"
    if not _SAFE.fullmatch(longest):
        return "the pattern has signs that not every file system takes; use letters, digits, dot, hyphen, underscore"
    if rule._fill("a", _MOMENTS[0], 1, zone) == rule._fill("b", _MOMENTS[0], 1, zone):
        return "two assets get the same name; add {asset}"
    if rule._fill("a", _MOMENTS[0], 1, zone) == rule._fill("a", _MOMENTS[0], 2, zone):
        return "two points of an asset can get the same name; add {nomor}"
    for before, after in pairwise(_MOMENTS):
        if rule._fill("a", before, 9, zone) >= rule._fill("a", after, 1, zone):
            return (
                f"names do not sort by time: that of {before:%d-%m-%Y %H.%M} comes after that of {after:%d-%m-%Y %H.%M}"
            )
    return ""


_MOMENTS = (
    datetime(2025, 9, 28, 21, 58, 58, tzinfo=UTC),
    datetime(2025, 9, 28, 21, 59, 1, tzinfo=UTC),
    datetime(2025, 9, 28, 22, 0, tzinfo=UTC),
    datetime(2025, 9, 29, 0, 0, tzinfo=UTC),
    datetime(2025, 10, 1, 0, 0, tzinfo=UTC),
    datetime(2026, 1, 1, 0, 0, tzinfo=UTC),
)
"""Each has one part of the time greater than the one before, and all smaller parts less."""


def _form(pattern: str) -> str:
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return "the pattern has a brace without its partner"
    for _, field, form, conversion in parts:
        if field is not None and (field not in FIELDS or form or conversion):
            return f"the pattern has {{{field}}}, and there is no such field; there are {', '.join(FIELDS)}"
    return ""


def point_name(point: str, office: Mapping[str, Any]) -> str:
    """What an office (as its file says, or said when a case was opened) calls the point with this id."""
    rule = office.get("naming")
    if not rule:
        return point
    return _rule(rule["pattern"], rule.get("unit") or "unit").name(point, office.get("timezone") or ZONE)


def named_point(word: str, points: Iterable[str], office: Mapping[str, Any]) -> str | None:
    """Which of the points, told by their ids, somebody means who says its id or what the office calls it."""
    return next((one for one in points if word in (one, point_name(one, office))), None)


@lru_cache(maxsize=8)
def _rule(pattern: str, unit: str) -> Naming:
    return Naming(pattern=pattern, unit=unit)
