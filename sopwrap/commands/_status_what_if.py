"""`sopwrap status --what-if`: what comes back when places and people are gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sopwrap.commands._show import named, show, table
from sopwrap.errors import UsageError
from sopwrap.words import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.whatif import Answer
    from sopwrap.workspace import Workspace

BEGIN = "lost="


def answer_what_if(
    workspace: Workspace, office: Office, ledger: Ledger, gone: str, as_json: bool, query: str | None, by_id: bool
) -> None:
    """Print what becomes of every asset; ``gone`` is ``lost=`` and names of places and people between commas."""
    from sopwrap.survey import what_if

    words = [word.strip() for word in gone.removeprefix(BEGIN).split(",") if word.strip()]
    if not gone.startswith(BEGIN) or not words:
        raise UsageError(f"--what-if {gone}: nothing is named as lost.", "Write it as --what-if lost=PLACE,PERSON.")
    found = what_if(workspace, office, ledger, datetime.now(UTC), words)
    show([one.as_dict() for one in found], lambda: _text(found, words, named(office, by_id)), as_json, query)


def _text(found: list[Answer], words: list[str], called: Callable[[str], str]) -> str:
    rows = [
        (
            one.asset.id,
            "untouched" if one.live else "comes back" if one.comes_back else "LOST",
            called(one.point.id) if one.point else "-",
            f"{one.store}, {one.where}" if one.store else "-",
            one.key or "-",
            _time(one),
            "; ".join(one.remarks) or "-",
        )
        for one in found
    ]
    heads = ("ASSET", "BECOMES", "POINT", "FROM", "KEY", "TIME", "REMARKS")
    back = sum(one.comes_back for one in found)
    listed = table(heads, rows, "The inventory has no asset.")
    return f"{listed}\n\nWithout {', '.join(words)}: {back} of {len(found)} are there or come back."


def _time(one: Answer) -> str:
    if one.point is None:
        return "-"
    if one.seconds is None:
        return "never measured"
    late = {True: "", False: f", more than the RTO {one.asset.rto}", None: ""}[one.in_time]
    return f"{span(timedelta(seconds=one.seconds))}{late}"
