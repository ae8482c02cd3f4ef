"""How procedures went, counted from their cases: the figures an SOP's monitoring begins with.

What is counted is what is judged: the cases opened in the period of the last judgement; where there is none, in the
six months up to the day (Permenpan RB 35/2012 asks for monitoring every six months).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sopwrap.case import Case
from sopwrap.indonesian import local_date
from sopwrap.office_view import Figures, judgement
from sopwrap.papers.timing import control_rows, zone_of
from sopwrap.reviews import Review
from sopwrap.schedules import later
from sopwrap.sop import Sop

LATE = "melampaui"
MONTHS = 6


@dataclass(frozen=True)
class Period:
    """From one day to another, both included, on the office's own clock."""

    since: date
    until: date

    def holds(self, case: Case) -> bool:
        """Whether a case was opened in it."""
        return self.since <= local_date(case.opened_at, zone_of(case)) <= self.until


def half_year(until: date) -> Period:
    """The six months that end with a day: from 22 May to 21 November."""
    return Period(later(until, -MONTHS) + timedelta(days=1), until)


def figures(
    sops: Sequence[Sop], cases: Iterable[Case], on: date, assessments: Sequence[Review] = ()
) -> tuple[Figures, ...]:
    """One set of figures for each procedure of these SOPs, in their order; each counts the cases of its own period."""
    known = list(cases)
    return tuple(
        _of(
            sop, procedure.id, procedure.title, known, judged_period(assessments, sop.id, procedure.id) or half_year(on)
        )
        for sop in sops
        for procedure in sop.procedures
    )


def judged_period(assessments: Sequence[Review], sop: str, procedure: str) -> Period | None:
    """The period of the last judgement of a procedure."""
    judged = judgement(assessments, sop, procedure)
    if judged is None:
        return None
    return Period(*(date.fromisoformat(judged.review.form[key]) for key in ("since", "until")))


def _of(sop: Sop, procedure: str, title: str, cases: Sequence[Case], period: Period) -> Figures:
    own = [one for one in cases if (one.sop.id, one.procedure.id) == (sop.id, procedure) and period.holds(one)]
    states = [one.state for one in own]
    return Figures(
        sop=sop.id,
        procedure=procedure,
        title=title,
        since=period.since,
        until=period.until,
        cases=tuple(one.id for one in own),
        done=states.count("done"),
        stopped=states.count("stopped"),
        running=len(own) - states.count("done") - states.count("stopped"),
        late=sum(any(row.verdict == LATE for row in control_rows(one)) for one in own),
        held=sum(any(each.holds for view in one.steps for each in view.rounds) for one in own),
        sent_back=sum(any(len(view.rounds) > 1 for view in one.steps) for one in own),
    )
