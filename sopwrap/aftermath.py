"""What follows a run whatever became of it: the office's board and its figures are made anew.

Nothing here can change how the run ended: what goes wrong is a warning.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sopwrap.errors import SopError

if TYPE_CHECKING:
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.workspace import Workspace


def renew(workspace: Workspace, office: Office, ledger: Ledger) -> list[str]:
    """Write what ``board`` and ``metrics`` of office.yml name; return a warning for each file that could not be."""
    if not (office.board or office.metrics):
        return []
    from sopwrap import metrics
    from sopwrap.survey import survey, write_board

    warnings = []
    try:
        told = survey(workspace, office, ledger, datetime.now(UTC))
        if office.metrics:
            metrics.write(told, workspace.folder / office.metrics)
        if office.board:
            write_board(told, workspace, office, workspace.folder / office.board)
    except SopError as error:
        warnings.append(f"The board and the figures were not renewed: {error}")
    return warnings
