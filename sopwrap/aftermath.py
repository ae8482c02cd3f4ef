"""What goes along with a run: people are told, and afterwards the office's board and its figures are made anew.

Nothing here can change how the run ended: what goes wrong is a warning, and a line of the ledger where somebody was to
be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sopwrap.errors import SopError

if TYPE_CHECKING:
    from sopwrap.case import Case
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.overview import Overview
    from sopwrap.workspace import Workspace


def tell_start(workspace: Workspace, ledger: Ledger, case_id: str) -> list[str]:
    """Tell those who asked for it that the machine begins; return a warning for each who was not told."""
    office = workspace.office()
    if not office.notify:
        return []
    from sopwrap.engine import load_case
    from sopwrap.next import next_for
    from sopwrap.notify.dispatch import dispatch
    from sopwrap.notify.message import of_case

    case = load_case(ledger, case_id)
    return dispatch(workspace, office, ledger, of_case(case, next_for(case, office), office.name, started=True))


def tell_end(workspace: Workspace, office: Office, ledger: Ledger, case: Case) -> list[str]:
    """Tell what became of a case and whose move it is; return a warning for each who was not told."""
    if not office.notify:
        return []
    from sopwrap.next import next_for
    from sopwrap.notify.dispatch import dispatch
    from sopwrap.notify.message import of_case

    message = of_case(case, next_for(case, office), office.name)
    return dispatch(workspace, office, ledger, message, lambda ids: _papers(workspace, case, ids))


def tell_missed(
    workspace: Workspace, office: Office, ledger: Ledger, told: Overview, overdue: Sequence[str] = ()
) -> list[str]:
    """Tell what should have been done and was not; return a warning for each who was not told."""
    from sopwrap.notify.dispatch import dispatch
    from sopwrap.notify.message import of_missed

    return dispatch(workspace, office, ledger, of_missed(told.late, overdue, office.name))


def _papers(workspace: Workspace, case: Case, ids: list[str]) -> dict[str, bytes]:
    """These papers of the case as PDF, of those it can give by now."""
    from sopwrap.documents import available, render

    logo, can = workspace.logo(case.office.get("logo")), available(case)
    return {f"{case.id}-{one}.pdf": render(case, one, "pdf", logo=logo) for one in ids if one in can}


def renew(workspace: Workspace, office: Office, ledger: Ledger) -> list[str]:
    """Write what ``board`` and ``metrics`` of office.yml name; return a warning for each file that could not be."""
    if not (office.board or office.metrics):
        return []
    from sopwrap import metrics
    from sopwrap.survey import survey, write_board

    try:
        told = survey(workspace, office, ledger, datetime.now(UTC))
        if office.metrics:
            metrics.write(told, workspace.folder / office.metrics)
        if office.board:
            write_board(told, workspace, office, workspace.folder / office.board)
    except SopError as error:
        return [f"The board and the figures were not renewed: {error}"]
    return []
