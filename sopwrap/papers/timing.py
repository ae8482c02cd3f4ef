"""How long each step took against what the paper allows; the rows of the control sheet.

The SOPs say "hari" and never whether it is a working day; it is taken as one (Monday to Friday, the office's
holidays left out), and the papers print that they do so. Times shorter than a day are clock time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sopwrap.case import Case, Round, StepView
from sopwrap.indonesian import span, standard_time

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One round of one step, or the sum of steps whose standard time the paper gives together (``merged``)."""

    view: StepView | None
    round: Round | None
    standard: str
    actual: str
    verdict: str
    merged: tuple[StepView, ...] = ()


def deadline(begun: datetime, allowed: timedelta, zone: str, holidays: Collection[date] = ()) -> datetime:
    """The last moment that still keeps the standard: whole days count as working days, the rest as clock time."""
    local = begun.astimezone(ZoneInfo(zone))
    for _ in range(allowed // DAY):
        local += DAY
        while local.weekday() >= 5 or local.date() in holidays:
            local += DAY
    return local + allowed % DAY


def zone_of(case: Case) -> str:
    """The zone the papers are written in: the office's own, else the SOP's."""
    return str(case.office.get("timezone") or case.sop.timezone)


def holidays_of(case: Case) -> set[date]:
    """The office's holidays as dates."""
    return {date.fromisoformat(str(one)) for one in case.office.get("holidays", [])}


def control_rows(case: Case) -> list[Row]:
    """Every round of every step in the order of the procedure; after merged steps one row that judges them together."""
    rows: list[Row] = []
    for view in case.steps:
        if view.step.kind == "gap":
            continue
        merged = next((one for one in case.procedure.merged_times if view.step.id in one.steps), None)
        standard = "" if merged else standard_time(view.step.time, view.step.time_text)
        allowed = None if merged else view.step.time
        for one in view.rounds or (None,):
            rows.append(Row(view, one, standard, _actual(one), _verdict(case, one, one, allowed)))
        if merged and view.step.id == merged.steps[-1]:
            together = tuple(case.step(step_id) for step_id in merged.steps)
            rounds = [one for each in together for one in each.rounds]
            first, last = (rounds[0], rounds[-1]) if rounds else (None, None)
            standard = standard_time(merged.time, merged.time_text)
            rows.append(
                Row(None, None, standard, _actual(first, last), _verdict(case, first, last, merged.time), together)
            )
    return rows


def _actual(first: Round | None, last: Round | None = None) -> str:
    last = last or first
    if first is None or last is None or last.finished_at is None:
        return ""
    return span((last.finished_at - first.due_at).total_seconds())


def _verdict(case: Case, first: Round | None, last: Round | None, allowed: timedelta | None) -> str:
    if allowed is None or first is None or last is None or last.finished_at is None:
        return ""
    limit = deadline(first.due_at, allowed, zone_of(case), holidays_of(case))
    return "sesuai" if last.finished_at <= limit else "melampaui"


def numbers(row: Row) -> str:
    """The printed numbers of the rows judged: ``3``, or ``9 dan 10`` for merged ones."""
    views = row.merged or ((row.view,) if row.view else ())
    return " dan ".join(str(view.step.number) for view in views if view.step.number is not None)


def is_merged(case: Case, view: StepView) -> bool:
    """True where the paper gives this step's time together with others'."""
    return any(view.step.id in one.steps for one in case.procedure.merged_times)


def merged_numbers(case: Case, view: StepView) -> str:
    """The printed numbers of the steps that share this one's standard time: ``9–10``."""
    group = next(one for one in case.procedure.merged_times if view.step.id in one.steps)
    printed = [step.number for step in case.procedure.steps if step.id in group.steps and step.number is not None]
    return "–".join(str(one) for one in ([printed[0], printed[-1]] if len(printed) > 1 else printed))
