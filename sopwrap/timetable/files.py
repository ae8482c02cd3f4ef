"""Writes the office's calendar as the files of one waker. Pure: office and moments in, names and texts out."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from sopwrap.timetable.moments import Moment, cron, cron_utc, on_calendar

WATCH_AT = time(7, 30)
"""When the watchdog looks, on the office's clock: before the office opens, so that the day can begin with mending."""


@dataclass(frozen=True)
class Entry:
    """One schedule: the words of office.yml for the comment, and its moment."""

    says: str
    moment: Moment


@dataclass(frozen=True)
class Plan:
    """What is written down: which program, for which office, as which account (null: whoever installs it)."""

    office: str
    folder: Path
    program: str
    account: str | None
    zone: str
    entries: Sequence[Entry]
    today: date

    @property
    def slug(self) -> str:
        """The office in the names of units and jobs."""
        return re.sub(r"[^a-z0-9]+", "-", self.folder.name.lower()).strip("-") or "office"

    @property
    def watch(self) -> Moment:
        """When the watchdog looks."""
        return Moment(WATCH_AT, self.zone)

    @property
    def minute(self) -> int:
        """A minute that differs from office to office, so that a hundred of them do not wake together."""
        return hashlib.sha256(str(self.folder).encode()).digest()[0] % 15


def systemd(plan: Plan) -> dict[str, str]:
    """Two timers with their services: what is due, and the watchdog apart from it."""
    name = f"sopwrap-{plan.slug}"
    made = {}
    for part in ("due", "watch"):
        for kind in ("service", "timer"):
            made[f"{name}-{part}.{kind}"] = _render(f"systemd-{part}.{kind}.j2", plan)
    return made


def crontab(plan: Plan) -> dict[str, str]:
    """One crontab. Cron forgets what it missed; it wakes every quarter of an hour, and the ledger does not forget."""
    return {f"sopwrap-{plan.slug}.crontab": _render("crontab.j2", plan)}


def gitlab(plan: Plan) -> dict[str, str]:
    """A file to include in .gitlab-ci.yml; the pipeline schedules to make are in its comment."""
    return {"sopwrap.gitlab-ci.yml": _render("gitlab-ci.yml.j2", plan)}


def github(plan: Plan) -> dict[str, str]:
    """A workflow for .github/workflows (GitHub, Gitea and Forgejo Actions)."""
    return {"sopwrap.yml": _render("github.yml.j2", plan)}


WAKERS = {"systemd": systemd, "cron": crontab, "gitlab": gitlab, "github": github}


def _render(name: str, plan: Plan) -> str:
    return _environment().get_template(name).render(plan=plan)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sopwrap", "timetable"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "on_calendar": on_calendar,
        "cron": cron,
        "cron_utc": cron_utc,
        "unit": unit_word,
        "shell": lambda text: shlex.quote(str(text)),
        "cron_word": lambda text: shlex.quote(str(text)).replace("%", r"\%"),
        "line": lambda text: " ".join(str(text).split()),
        "yaml": lambda text: '"' + " ".join(str(text).split()).replace("\\", "\\\\").replace('"', '\\"') + '"',
    }
    return environment


def unit_word(text: object) -> str:
    """One word of a command line in a unit file: quoted, with systemd's own signs escaped."""
    word = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{word}"'
