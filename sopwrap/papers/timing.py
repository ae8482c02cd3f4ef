"""How long each step took against what the paper allows; the rows of the control sheet.

What "hari" means is the office's to say (sopwrap.working_days), and the papers print it. Times shorter than a day are
clock time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sopwrap.case import Case, Round, StepView
from sopwrap.indonesian import DAYS, standard_time
from sopwrap.papers.spent import Measure, Spent, parts, spent
from sopwrap.sop import MergedTime
from sopwrap.working_days import DAY, USUAL_WEEK, WEEK, WorkingDays


@dataclass(frozen=True)
class Row:
    """One round of one step, or the sum of steps whose standard time the paper gives together (``merged``).

    ``parts`` are what the actual time was made of: name and length in words.
    """

    view: StepView | None
    round: Round | None
    standard: str
    actual: str
    verdict: str
    parts: tuple[tuple[str, str], ...] = ()
    merged: tuple[StepView, ...] = ()


def days_of(case: Case) -> WorkingDays:
    """The office's days as they were when the case was opened."""
    week = case.office.get("working_week") or USUAL_WEEK
    return WorkingDays(
        zone=ZoneInfo(zone_of(case)),
        week=frozenset(WEEK.index(day) for day in week),
        holidays=frozenset(date.fromisoformat(str(one)) for one in case.office.get("holidays", [])),
        every=case.office.get("day") == "calendar",
    )


def days_in_words(case: Case) -> str:
    """What "hari" means on the papers of this case, as the end of a sentence."""
    days = days_of(case)
    if days.every:
        return "hari kalender"
    names = [name for number, name in enumerate(DAYS) if number in days.week]
    run = max(days.week) - min(days.week) == len(days.week) - 1 and len(names) > 2
    week = f"{names[0]}–{names[-1]}" if run else ", ".join(names)
    return f"hari kerja ({week}, di luar hari libur kantor)"


def zone_of(case: Case) -> str:
    """The zone the papers are written in: the office's own, else the SOP's."""
    return str(case.office.get("timezone") or case.sop.timezone)


def control_rows(case: Case) -> list[Row]:
    """Every round of every step in the order of the procedure; after merged steps one row that judges them together."""
    rows: list[Row] = []
    for view in case.steps:
        if view.step.kind == "gap" or (case.closed_at and not view.rounds and _drawn_only(view)):
            continue
        merged = merged_time(case, view)
        standard = "" if merged else standard_time(view.step.time, view.step.time_text)
        allowed = None if merged else view.step.time
        for one in view.rounds or (None,):
            rows.append(Row(view, one, standard, *_judged(case, [one] if one else [], allowed)))
        if merged and view.step.id == merged.steps[-1]:
            together = tuple(case.step(step_id) for step_id in merged.steps)
            rounds = [one for each in together for one in each.rounds]
            standard = standard_time(merged.time, merged.time_text)
            rows.append(Row(None, None, standard, *_judged(case, rounds, merged.time), merged=together))
    return rows


def _drawn_only(view: StepView) -> bool:
    """True for an end without a number: the paper has no row for it, so one that was not taken is not told of."""
    return view.step.kind == "end" and view.step.number is None


def merged_time(case: Case, view: StepView) -> MergedTime | None:
    """The standard time the paper gives this step together with others, where it does."""
    return next((one for one in case.procedure.merged_times if view.step.id in one.steps), None)


def _judged(case: Case, rounds: list[Round], allowed: timedelta | None) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Actual time, verdict and parts of rounds that follow one another; all empty until the last has ended."""
    if not rounds or (end := rounds[-1].finished_at) is None:
        return "", "", ()
    measure = Measure(days_of(case), counted=allowed is None or allowed >= DAY)
    begin = rounds[0].due_at
    took = sum((spent(one, measure) for one in rounds), Spent())
    verdict = "" if allowed is None else "sesuai" if end <= measure.days.limit(begin, allowed) else "melampaui"
    return measure.words(measure.of(begin, end)), verdict, tuple(parts(took, measure))


def limit(case: Case, view: StepView) -> datetime | None:
    """The last moment at which the step's present round still keeps the standard; None where there is no standard."""
    if not view.rounds:
        return None
    merged = merged_time(case, view)
    if merged is None:
        return days_of(case).limit(view.rounds[-1].due_at, view.step.time) if view.step.time else None
    begun = [one.due_at for step_id in merged.steps for one in case.step(step_id).rounds]
    return days_of(case).limit(min(begun), merged.time)


def late(case: Case, now: datetime) -> list[tuple[StepView, datetime]]:
    """The steps that are over their standard at this moment, each with its limit: the present one, and those done."""
    return list(_late(case, now))


def _late(case: Case, now: datetime) -> Iterable[tuple[StepView, datetime]]:
    for view in case.steps:
        if (last := limit(case, view)) is None:
            continue
        end = view.rounds[-1].finished_at or (case.closed_at or now)
        if end > last:
            yield view, last


def numbers(row: Row) -> str:
    """The printed numbers of the rows judged: ``3``, or ``9 dan 10`` for merged ones."""
    views = row.merged or ((row.view,) if row.view else ())
    return " dan ".join(str(view.step.number) for view in views if view.step.number is not None)


def is_merged(case: Case, view: StepView) -> bool:
    """True where the paper gives this step's time together with others'."""
    return merged_time(case, view) is not None


def merged_numbers(case: Case, view: StepView) -> str:
    """The printed numbers of the steps that share this one's standard time: ``9–10``."""
    group = next(one for one in case.procedure.merged_times if view.step.id in one.steps)
    printed = [step.number for step in case.procedure.steps if step.id in group.steps and step.number is not None]
    return "–".join(str(one) for one in ([printed[0], printed[-1]] if len(printed) > 1 else printed))
