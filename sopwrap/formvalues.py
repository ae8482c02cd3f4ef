"""One value of a form: read from what a person typed, checked, and put into its plain form. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

Plain = Literal["text", "lines", "date", "datetime", "number", "duration", "choice", "yesno", "asset", "point", "place"]

LONGEST = 4000
"""Characters of one text; a paper is no place for more."""

_DURATION = TypeAdapter(timedelta)
_YES = {"ya": True, "y": True, "yes": True, "true": True, "tidak": False, "t": False, "no": False, "false": False}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Wrong(Exception):
    """A value that does not fit; the text says what is allowed."""


@dataclass(frozen=True)
class Ground:
    """What values are checked against: the ids of the case's assets, and the office's zone (for moments)."""

    assets: Sequence[str]
    zone: ZoneInfo


def value_of(kind: Plain, choices: Sequence[str], value: Any, ground: Ground) -> Any:
    """Given what was typed, return the plain value, or None where nothing was; raise Wrong."""
    if value is None or (isinstance(value, str) and not value.strip()) or value == []:
        return None
    if kind == "lines":
        return _lines(value)
    if isinstance(value, (list, dict)):
        raise Wrong("has to be a single value")
    text = _clean(value)
    if kind == "choice":
        return _choice(text, choices)
    if kind == "asset":
        return _asset(text, ground)
    if kind == "datetime":
        return _moment(text, ground)
    return _PLAIN[kind](text)


def _clean(value: Any) -> str:
    text = str(value).strip()
    if _CONTROL.search(text):
        raise Wrong("holds a character that cannot be printed")
    if len(text) > LONGEST:
        raise Wrong(f"has {len(text)} characters; at most {LONGEST} are printed")
    return text


def _text(text: str) -> str:
    return " ".join(text.split())


def _lines(value: Any) -> list[str] | None:
    parts = value if isinstance(value, list) else str(value).splitlines()
    if any(isinstance(one, (list, dict)) for one in parts):
        raise Wrong("has to be a list of lines")
    return [_text(_clean(one)) for one in parts if str(one).strip()] or None


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Wrong(f"{text} is not a date such as 2026-01-31") from None


def _moment(text: str, ground: Ground) -> str:
    try:
        moment = datetime.fromisoformat(text)
        if len(text) < len("2026-01-31T22:00"):
            raise ValueError
    except ValueError:
        raise Wrong(f"{text} is not a date with a time such as 2026-01-31 22:00") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ground.zone)
    return f"{aware.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _number(text: str) -> int | float:
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise Wrong(f"{text} is not a number such as 12 or 12.5")
    return float(text) if "." in text else int(text)


def _duration(text: str) -> str:
    with suppress(ValidationError):  # told below, as every other value that is none
        if text.startswith("P") and _DURATION.validate_python(text) > timedelta(0):
            return text
    raise Wrong(f"{text} is not a duration such as PT2H or P1D")


def _choice(text: str, choices: Sequence[str]) -> str:
    found = next((one for one in choices if one.casefold() == text.casefold()), None)
    if found is None:
        raise Wrong(f"{text} is not one of: {', '.join(choices)}")
    return found


def _yesno(text: str) -> bool:
    if text.casefold() not in _YES:
        raise Wrong(f"{text} is neither ya nor tidak")
    return _YES[text.casefold()]


def _asset(text: str, ground: Ground) -> str:
    if text not in ground.assets:
        raise Wrong(f"{text} is not an asset of this case: {', '.join(ground.assets)}")
    return text


def _point(text: str) -> str:
    if not re.fullmatch(r"[\w.:-]{1,200}", text):
        raise Wrong(f"{text} is not the id of a recovery point; see `sopwrap point list`")
    return text


IN_PLACE = "di tempat semula"
"""What people state as the place where the living data itself is to be replaced."""


def _place(text: str) -> str:
    if text != IN_PLACE and not re.fullmatch(r"/[^\x00]{1,250}|[A-Za-z_][A-Za-z0-9_]{0,62}", text):
        raise Wrong(f"{text} is neither an absolute path nor the name of a new database (nor `{IN_PLACE}`)")
    return text


_PLAIN: dict[str, Callable[[str], Any]] = {
    "text": _text,
    "date": _date,
    "number": _number,
    "duration": _duration,
    "yesno": _yesno,
    "point": _point,
    "place": _place,
}
