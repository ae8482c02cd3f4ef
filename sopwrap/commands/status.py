"""`sopwrap status`: how every asset stands against its RPO, and whom the open cases wait for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._show import listing_points, named, show, table
from sopwrap.commands._status_what_if import answer_what_if
from sopwrap.errors import Exit
from sopwrap.words import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from sopwrap.office import Office
    from sopwrap.overview import Overview
    from sopwrap.store_keys import StoreKey
    from sopwrap.workspace import Workspace

LACKS = {
    "copies": "a copy",
    "media": "another medium",
    "away": "an off-site copy",
    "offline": "an offline copy",
    "errors": "a good proof",
}
"""What an asset lacks where a part of the rule is not met (sopwrap.copies.PARTS)."""


@click.command()
@click.option(
    "--check",
    is_flag=True,
    help="End with exit code 1 when an asset is past its RPO or was never backed up, or a schedule not run.",
)
@click.option(
    "--notify", is_flag=True, help="With --check: tell those who want to know of it (`notify` in office.yml)."
)
@click.option(
    "--metrics",
    is_flag=False,
    flag_value="-",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="[FILE]",
    help="Write a Prometheus text file for node_exporter's textfile collector; to stdout without FILE.",
)
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the board: one page without network or script, which any web server can publish.",
)
@click.option(
    "--what-if",
    "gone",
    metavar="lost=PLACE,PERSON",
    help="Say what comes back when these are gone: from where, with which key, in what time.",
)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="The board's language.")
@listing_points
@click.pass_context
def status(
    ctx: click.Context,
    /,
    check: bool,
    notify: bool,
    as_json: bool,
    query: str | None,
    by_id: bool,
    gone: str | None,
    **files: Any,
) -> None:
    """Tell for every asset its newest good point, its age against the RPO and its last proof; and the open cases.

    The board and the figures can be renewed by every run: `board: FILE` and `metrics: FILE` in office.yml.
    """
    from sopwrap.aftermath import tell_missed
    from sopwrap.survey import overdue, survey

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    if gone is not None:
        answer_what_if(workspace, office, ledger, gone, as_json, query, by_id)
        return
    told = survey(workspace, office, ledger, datetime.now(UTC))
    if not _write(workspace, office, told, **files):
        show(_data(told), lambda: _text(told, named(office, by_id)), as_json, query)
    missed = overdue(office, ledger, told.at) if check else []
    if check and (told.late or missed):
        for one in missed:
            click.echo(f"Nobody has run what is due: {one}.", err=True)
        for warning in tell_missed(workspace, office, ledger, told, missed) if notify else []:
            click.echo(warning, err=True)
        ctx.exit(int(Exit.FAILED))


def _write(
    workspace: Workspace, office: Office, told: Overview, metrics: Path | None, page: Path | None, lang: str
) -> bool:
    """Write the files that were asked for; return whether there was any."""
    from sopwrap.survey import write_board

    if metrics is not None:
        _measure(told, metrics)
    if page is not None:
        write_board(told, workspace, office, page, lang)
    return metrics is not None or page is not None


def _measure(told: Overview, file: Path) -> None:
    from sopwrap import metrics

    if str(file) == "-":
        click.echo(metrics.text(told), nl=False)
    else:
        metrics.write(told, file)


def _data(told: Overview) -> dict[str, Any]:
    return {
        "at": f"{told.at:%Y-%m-%dT%H:%M:%SZ}",
        "assets": [{**one.standing.as_dict(), "rule": one.copies.as_dict()} for one in told.assets],
        "cases": [one.next.as_dict() for one in told.cases],
        "keys": [one.as_dict() for one in told.keys],
    }


def _text(told: Overview, called: Callable[[str], str]) -> str:
    rows = [
        (
            one.asset.id,
            one.word,
            span(one.age) if one.age is not None else "-",
            one.asset.rpo or "-",
            _ago(one.proven_at, told.at),
            ", ".join(one.missing_stores) or "-",
            "met" if view.copies.met else f"lacks {', '.join(LACKS[one] for one in view.copies.missing)}",
            called(one.newest.id) if one.newest else "-",
        )
        for view in told.assets
        for one in [view.standing]
    ]
    heads = ("ASSET", "STANDING", "AGE", "RPO", "LAST PROOF", "NOT IN", "3-2-1-1-0", "NEWEST POINT")
    waiting = [
        (one.case, one.step or "-", one.state, ", ".join(one.people or one.lanes) or "the machine", one.text)
        for one in (view.next for view in told.cases)
    ]
    assets = table(heads, rows, "The inventory has no asset.")
    keys = "\n".join(_key(one, told.at) for one in told.keys)
    return f"{assets}\n\n{keys}\n\n{table(('CASE', 'STEP', 'STATE', 'WAITS FOR', 'WHAT'), waiting, 'No case is open.')}"


def _key(key: StoreKey, now: datetime) -> str:
    shares = f"{key.threshold} of {len(key.holders)} shares open it" if key.holders else "no shares in escrow"
    drill = key.trouble or _ago(key.drilled_at, now)
    due = key.drill_due_at
    late = f"; a drill was DUE on {due:%Y-%m-%d}" if due and due < now else ""
    return f"Key {key.file} ({', '.join(key.stores)}): {shares}; last drill: {drill}{late}."


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{span(max(now - moment, timedelta(0)))} ago"
