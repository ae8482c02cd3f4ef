"""Gathers what an overview is made of: the office's register, its history and its open cases, at this moment."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sopwrap.engine import load_case
from sopwrap.filing import put
from sopwrap.history_file import load_history
from sopwrap.inventory import load_register
from sopwrap.media import media_in_hand
from sopwrap.next import next_for
from sopwrap.overview import CaseView, Overview, calendar, overview
from sopwrap.papers.timing import late
from sopwrap.schedules import due
from sopwrap.store_keys import known_keys
from sopwrap.whatif import Answer, Ground, consequences, lost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sopwrap.case import Case
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.workspace import Workspace

ZONE = "Asia/Jakarta"
"""The days of an office that names no zone: each of its SOPs has one of its own, and most of them this."""

GRACE = timedelta(hours=1)
"""How long after its moment a schedule may be without a case: timers are spread, and a run may be at work."""


def survey(workspace: Workspace, office: Office, ledger: Ledger, now: datetime) -> Overview:
    """Look at everything at the moment ``now``; raise UsageError where the inventory cannot be read."""
    register = load_register(workspace)
    history = load_history(workspace, ledger, office.timezone or ZONE)
    open_cases = [load_case(ledger, one) for one in ledger.cases(open_only=True)]
    media = {name: store.medium for name, store in register.stores.items()}
    ahead = calendar(office.schedules, register.assets, ZoneInfo(history.zone), now)
    told = overview(register.assets, media, history, [_view(case, office, now) for case in open_cases], now, ahead)
    return replace(told, keys=tuple(known_keys(ledger, register.stores)))


def what_if(workspace: Workspace, office: Office, ledger: Ledger, now: datetime, words: Sequence[str]) -> list[Answer]:
    """What becomes of every asset when these places and people are gone; raise UsageError for an unknown one."""
    register = load_register(workspace)
    keys = {store: key for key in known_keys(ledger, register.stores) for store in key.stores}
    media = media_in_hand(ledger, [store.medium for store in register.stores.values()])
    history = load_history(workspace, ledger, office.timezone or ZONE)
    ground = Ground(office.place, office.people, {one.store: one for one in media}, keys, history)
    return consequences(register.assets, ground, lost(words, ground), now)


def overdue(office: Office, ledger: Ledger, now: datetime) -> list[str]:
    """The schedules whose period has come more than GRACE ago and has no case: nobody has run what is due."""
    if not office.schedules:
        return []
    opened, zone = ledger.of_kind("case.opened"), ZoneInfo(office.timezone or ZONE)
    found = [due(schedule, zone, opened, now) for schedule in office.schedules]
    return [f"{one.schedule.procedure} {one.period.isoformat()}" for one in found if one and now - one.due_at > GRACE]


def write_board(told: Overview, workspace: Workspace, office: Office, page: Path, lang: str = "id") -> None:
    """Write the board; its links lead to the cases' papers from wherever the page lies. Raise SopError if it cannot."""
    from sopwrap.board.page import board

    papers = quote(os.path.relpath(workspace.papers, page.absolute().parent))
    text = board(told, office.name, lambda case: f"{papers}/{quote(case)}/", lang, office.demo)
    put(page, text.encode(), "Name a file in a folder of yours.")


def _view(case: Case, office: Office, now: datetime) -> CaseView:
    current = case.current
    since = current.rounds[-1].due_at if current else case.changed_at
    return CaseView(next_for(case, office, now), since, len(late(case, now)))
