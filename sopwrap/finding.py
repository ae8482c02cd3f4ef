"""What one check of the check-up found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Finding:
    """``ok`` is as it should be, ``warn`` is worth knowing, ``fail`` keeps the office from working."""

    check: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return asdict(self)


def ok(check: str, detail: str) -> Finding:
    """As it should be."""
    return Finding(check, "ok", detail)


def warn(check: str, detail: str, hint: str = "") -> Finding:
    """Worth knowing."""
    return Finding(check, "warn", detail, hint)


def fail(check: str, detail: str, hint: str = "") -> Finding:
    """Keeps the office from working."""
    return Finding(check, "fail", detail, hint)
