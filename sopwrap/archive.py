"""How long an office keeps its papers: the archive schedule (jadwal retensi arsip, JRA) of office.yml. Pure.

It is kept apart from the retention of recovery points: destroying a point never touches its papers, and nothing here
removes anything. Papers are destroyed, kept for good or looked through again by the archive, with a procedure of its
own (UU 43/2009 Pasal 48); this only tells when that is due. Time counts from the day a case was closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap.archive_rule import ArchiveRule, Final
from sopwrap.catalogue import catalogue
from sopwrap.history import CaseSpan, moment


@dataclass(frozen=True)
class Filed:
    """The papers of one closed case that one rule is about: until when they are active, until when they are kept."""

    case: str
    papers: tuple[str, ...]
    closed: date
    active_until: date
    kept_until: date
    final: Final
    due: bool

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        days = {name: str(getattr(self, name)) for name in ("closed", "active_until", "kept_until")}
        return {"case": self.case, "papers": list(self.papers), **days, "then": self.final, "due": self.due}


def filed(rules: Sequence[ArchiveRule], cases: Mapping[str, CaseSpan], zone: str, today: date) -> list[Filed]:
    """The papers of every closed case by the rules they fall under, the case whose time ends first at the top."""
    named = {paper for rule in rules for paper in rule.papers}
    others = tuple(paper for paper in catalogue() if paper not in named)
    found = []
    for case, span in cases.items():
        if span.closed is None:
            continue
        closed = moment(span.closed).astimezone(ZoneInfo(zone)).date()
        for rule in rules:
            active = later(closed, rule.active_years)
            kept = later(active, rule.inactive_years)
            due = rule.final != "permanen" and kept < today
            found.append(Filed(case, tuple(rule.papers) or others, closed, active, kept, rule.final, due))
    return sorted(found, key=lambda one: (one.kept_until, one.case))


def later(day: date, years: int) -> date:
    """The same day so many years later; 28 February for one that the year has not."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def complaint(rules: Sequence[ArchiveRule]) -> str:
    """Why the rules cannot stand together: a paper unknown or named twice, two rules for the rest; empty where fine."""
    names = [paper for rule in rules for paper in rule.papers]
    if strange := [one for one in names if one not in catalogue()]:
        return f"there is no paper {strange[0]}; there are {', '.join(catalogue())}"
    if twice := [one for one in names if names.count(one) > 1]:
        return f"the paper {twice[0]} is in two rules"
    return "two rules name no papers" if sum(not rule.papers for rule in rules) > 1 else ""
