"""How procedures went, counted from their cases: the figures an SOP's monitoring begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sopwrap.case import Case
from sopwrap.office_view import Figures
from sopwrap.papers.timing import control_rows
from sopwrap.sop import Sop

LATE = "melampaui"


def figures(sops: Sequence[Sop], cases: Iterable[Case]) -> tuple[Figures, ...]:
    """One set of figures for each procedure of these SOPs, in their order."""
    known = list(cases)
    return tuple(_of(sop, procedure.id, procedure.title, known) for sop in sops for procedure in sop.procedures)


def _of(sop: Sop, procedure: str, title: str, cases: Sequence[Case]) -> Figures:
    own = [one for one in cases if (one.sop.id, one.procedure.id) == (sop.id, procedure)]
    states = [one.state for one in own]
    return Figures(
        sop=sop.id,
        procedure=procedure,
        title=title,
        cases=tuple(one.id for one in own),
        done=states.count("done"),
        stopped=states.count("stopped"),
        running=len(own) - states.count("done") - states.count("stopped"),
        late=sum(any(row.verdict == LATE for row in control_rows(one)) for one in own),
        held=sum(any(each.holds for view in one.steps for each in view.rounds) for one in own),
        sent_back=sum(any(len(view.rounds) > 1 for view in one.steps) for one in own),
    )
