"""`sopwrap status`: how every asset stands against its RPO, and whom the open cases wait for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._show import listing, show, table
from sopwrap.errors import Exit
from sopwrap.words import span

if TYPE_CHECKING:
    from sopwrap.ledger import Ledger
    from sopwrap.next import Next
    from sopwrap.office import Office
    from sopwrap.points import Standing


@click.command()
@click.option(
    "--check", is_flag=True, help="End with exit code 1 when an asset is past its RPO or was never backed up."
)
@listing
@click.pass_context
def status(ctx: click.Context, check: bool, as_json: bool, query: str | None) -> None:
    """Tell for every asset its newest good point, its age against the RPO and its last proof; and the open cases."""
    from sopwrap.commands._evidence import known_points
    from sopwrap.inventory import load_register
    from sopwrap.points import standing

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    now, known = datetime.now(UTC), known_points(ledger)
    standings = [standing(asset, known, now) for asset in load_register(workspace).assets]
    cases = _open_cases(ledger, office)
    data: dict[str, Any] = {
        "at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "assets": [one.as_dict() for one in standings],
        "cases": [one.as_dict() for one in cases],
    }
    show(data, lambda: _text(standings, cases, now), as_json, query)
    if check and any(one.late for one in standings):
        ctx.exit(int(Exit.FAILED))


def _open_cases(ledger: Ledger, office: Office) -> list[Next]:
    from sopwrap.engine import load_case
    from sopwrap.next import next_for

    return [next_for(load_case(ledger, case), office) for case in ledger.cases(open_only=True)]


def _text(standings: list[Standing], cases: list[Next], now: datetime) -> str:
    rows = [
        (
            one.asset.id,
            one.word,
            span(one.age) if one.age is not None else "-",
            one.asset.rpo or "-",
            _ago(one.proven_at, now),
            ", ".join(one.missing_stores) or "-",
            one.newest.id if one.newest else "-",
        )
        for one in standings
    ]
    heads = ("ASSET", "STANDING", "AGE", "RPO", "LAST PROOF", "NOT IN", "NEWEST POINT")
    waiting = [
        (one.case, one.step or "-", one.state, ", ".join(one.people or one.lanes) or "the machine", one.text)
        for one in cases
    ]
    assets = table(heads, rows, "The inventory has no asset.")
    return f"{assets}\n\n{table(('CASE', 'STEP', 'STATE', 'WAITS FOR', 'WHAT'), waiting, 'No case is open.')}"


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{span(max(now - moment, timedelta(0)))} ago"
