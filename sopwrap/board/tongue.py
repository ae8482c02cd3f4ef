"""The board's words, numbers and times in one language and one zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from sopwrap import indonesian, words
from sopwrap.indonesian import zone_name


@dataclass(frozen=True)
class Tongue:
    """How things are said on a board; ``lang`` is one of ``languages()``."""

    lang: str
    zone: str

    def __call__(self, key: str, *values: object) -> str:
        """The words for a key, with values put into their places."""
        return str(vocabulary()[self.lang][key]).format(*values)

    def names(self, key: str) -> list[str]:
        """A list of words, such as the months."""
        return [str(one) for one in vocabulary()[self.lang][key]]

    def size(self, count: float | None) -> str:
        """Bytes for people."""
        whole = None if count is None else round(count)
        return indonesian.size(whole) if self.lang == "id" else words.size(whole)

    def span(self, time: timedelta) -> str:
        """A span of time in its two largest units."""
        if self.lang == "id":
            return indonesian.span(max(0.0, time.total_seconds()))
        return words.span(time)

    def ago(self, moment: datetime, now: datetime) -> str:
        """How long a moment is past."""
        past = now - moment
        return self("just_now") if past < timedelta(minutes=1) else self("ago", self.span(past))

    def period(self, text: str | None) -> str:
        """An ISO 8601 duration of the register, in words where the language has them here."""
        return indonesian.period(text) if self.lang == "id" else text or "–"

    def day(self, moment: datetime) -> str:
        """The calendar day: ``8 Mei 2026``."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return f"{local.day} {self.names('months')[local.month - 1]} {local.year}"

    def clock(self, moment: datetime) -> str:
        """The time of day with the zone's short name: ``14.05 WIB``."""
        local, point = moment.astimezone(ZoneInfo(self.zone)), "." if self.lang == "id" else ":"
        return f"{local:%H}{point}{local:%M} {zone_name(moment, self.zone)}"


def languages() -> tuple[str, ...]:
    """The languages a board can be written in, the office's own first."""
    return tuple(vocabulary())


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, dict[str, Any]]:
    """Language → key → words."""
    text = files("sopwrap").joinpath("board", "words.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
