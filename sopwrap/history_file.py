"""Keeps the history of an office beside it, so that a command reads only the ledger's lines it has not seen.

``.sopwrap/history.json`` is derived from the ledger, and from nothing else: it names the line it was read up to, is
thrown away when that line is not in the ledger as it was, and may be removed at any time.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sopwrap import __version__
from sopwrap.errors import SopError
from sopwrap.history import BARE, KINDS, History
from sopwrap.ledger import Tip

if TYPE_CHECKING:
    from sopwrap.ledger import Ledger
    from sopwrap.workspace import Workspace

FILE = "history.json"
FORM = f"3 {__version__}"
"""Another version may fold otherwise, so what it kept is read anew."""

WORTH_KEEPING = 200
"""New lines after which the file is written again: folding fewer costs less than writing it."""


def load_history(workspace: Workspace, ledger: Ledger, zone: str) -> History:
    """The history told by every line of the ledger, up to the last one."""
    tip, history = _kept(workspace, zone)
    news = ledger.after(tip, KINDS, BARE)
    if news is None:
        history, news = History(zone), ledger.after(Tip(), KINDS, BARE)
        assert news is not None, "every ledger has its beginning"
    for kind, case, at, text in news.lines:
        try:
            history.take(kind, case, at, json.loads(text))
        except (KeyError, TypeError, ValueError) as error:
            raise SopError(
                f"A line of the ledger ({kind}, {at}) does not fit its kind.", "Run `sopwrap audit verify`."
            ) from error
    if len(news.lines) >= WORTH_KEEPING:
        _keep(workspace, news.tip, history)
    return history


def _kept(workspace: Workspace, zone: str) -> tuple[Tip, History]:
    """What an earlier command kept, or the empty beginning where it is of no use."""
    with suppress(OSError, KeyError, TypeError, ValueError, AttributeError):  # the ledger tells it all again
        kept = json.loads((workspace.folder / ".sopwrap" / FILE).read_bytes())
        history = History.from_plain(kept["history"])
        if (kept["form"], history.zone) == (FORM, zone):
            return Tip(*kept["tip"]), history
    return Tip(), History(zone)


def _keep(workspace: Workspace, tip: Tip, history: History) -> None:
    """Write the file whole or not at all; an office that cannot be written is only read more slowly."""
    with suppress(OSError, SopError):
        handle, beside = tempfile.mkstemp(dir=workspace.working, prefix="history-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"form": FORM, "tip": tip, "history": history.as_plain()}, file, separators=(",", ":"))
            Path(beside).replace(workspace.working / FILE)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
