"""Gathers what an overview is made of: the office's register, its history and its open cases, at this moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sopwrap.engine import load_case
from sopwrap.history_file import load_history
from sopwrap.inventory import load_register
from sopwrap.next import next_for
from sopwrap.overview import CaseView, Overview, overview
from sopwrap.papers.timing import days_of

if TYPE_CHECKING:
    from sopwrap.case import Case
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.workspace import Workspace

ZONE = "Asia/Jakarta"
"""The days of an office that names no zone: each of its SOPs has one of its own, and most of them this."""


def survey(workspace: Workspace, office: Office, ledger: Ledger, now: datetime) -> Overview:
    """Look at everything at the moment ``now``; raise UsageError where the inventory cannot be read."""
    register = load_register(workspace)
    history = load_history(workspace, ledger, office.timezone or ZONE)
    open_cases = [load_case(ledger, one) for one in ledger.cases(open_only=True)]
    media = {name: store.medium for name, store in register.stores.items()}
    return overview(register.assets, media, history, [_view(case, office, now) for case in open_cases], now)


def _view(case: Case, office: Office, now: datetime) -> CaseView:
    current = case.current
    since = current.rounds[-1].due_at if current else case.changed_at
    return CaseView(next_for(case, office), since, late_steps(case, now))


def late_steps(case: Case, now: datetime) -> int:
    """How many rounds of steps took longer, or wait longer at ``now``, than the SOP's standard time allows."""
    days = days_of(case)
    return sum(
        (one.finished_at or now) > days.limit(one.due_at, view.step.time)
        for view in case.steps
        if view.step.time is not None
        for one in view.rounds
    )
