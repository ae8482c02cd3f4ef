"""`sopwrap retention`: which points may be destroyed, destroying them on an order, and the minutes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sopwrap.commands._drive import operator, workspace_of
from sopwrap.commands._evidence import keep_evidence, known_points
from sopwrap.commands._paper_files import Entered, give, minutes_of_one
from sopwrap.commands._show import listing, listing_points, named, show, table
from sopwrap.errors import NothingMatchedError, RefusedError, UsageError
from sopwrap.words import count, size

if TYPE_CHECKING:
    from collections.abc import Callable

    from sopwrap.case import Asset
    from sopwrap.destruction import DestructionView
    from sopwrap.office import Office
    from sopwrap.retention import Plan
    from sopwrap.workspace import Workspace

ASSETS = click.option("--asset", "ids", multiple=True, metavar="ID", help="Only points of this asset; again for more.")


@click.group()
def retention() -> None:
    """Plan which points may be destroyed, destroy them on an order, and make the minutes of it."""


@retention.command("plan")
@ASSETS
@click.option("--all", "whole", is_flag=True, help="List the points that are kept too, and why.")
@listing_points
@click.pass_context
def show_plan(
    ctx: click.Context, ids: tuple[str, ...], whole: bool, as_json: bool, query: str | None, by_id: bool
) -> None:
    """Show what may be destroyed by the retention of each asset; change nothing.

    Only points that were proven count; the last proven one, the last one in each store and held ones never go.
    """
    workspace = workspace_of(ctx)
    office = workspace.office()
    found, _ = _planned(workspace, office, ids)
    show(found.as_dict(), lambda: _text(found, whole, named(office, by_id)), as_json, query)


@retention.command("apply")
@click.argument("plan_id", metavar="PLAN")
@ASSETS
@click.option("--ordered-by", required=True, metavar="PERSON", help="Who ordered it: an id in office.yml.")
@click.option("--as", "person", required=True, metavar="PERSON", help="Who carries it out.")
@click.option("--letter", metavar="NUMBER", help="The number of the order on paper.")
@click.option("--witness", "witnesses", multiple=True, metavar="PERSON", help="Who sees it; may be given again.")
@click.option("--note", default="", metavar="TEXT", help="What else the minutes should say.")
@click.option("--ci", is_flag=True, help="Plain lines instead of a progress bar.")
@click.pass_context
def apply_plan(ctx: click.Context, /, plan_id: str, ids: tuple[str, ...], ci: bool, **who: Any) -> None:
    """Destroy what PLAN says, if it still fits, and keep the evidence; what cannot be destroyed stays and is said.

    PLAN is the id `sopwrap retention plan` has shown, for the same assets. Ends with 4 when the plan is another by now.
    """
    from sopwrap.commands.restore import conclude
    from sopwrap.destruction import Command, order
    from sopwrap.execution import Executor, Order
    from sopwrap.progress import watch
    from sopwrap.statement import Statement

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    with workspace.lock(), ledger.working():
        plan, assets = _planned(workspace, office, ids)
        if plan.id != plan_id:
            raise RefusedError(
                f"The plan {plan_id} does not fit any more: what may be destroyed now is the plan {plan.id}.",
                "Look at it with `sopwrap retention plan`, for the same assets.",
            )
        word = Statement(who["person"], operator(), who["letter"], who["note"])
        number = order(ledger, office, plan, assets, Command(who["ordered_by"], word, who["witnesses"]))
        wanted = {one.point.asset for one in plan.doomed}
        concerned = tuple(one for one in assets if one.id in wanted)
        run = Order(("forget_points",), concerned, case=number, target={"points": plan.targets})
        result = Executor(workspace, watch(ci)).carry_out(run)
        keep_evidence(ledger, result.records)
    done = _destructions(workspace, office)[number]
    for one in done.left:
        click.echo(one.record.message if one.record else f"{one.point}: no evidence came back.", err=True)
    click.echo(f"{number}: {len(done.done)} of {len(done.copies)} copies destroyed.")
    click.echo(f"  sopwrap retention report {number}")
    conclude(ctx, result, "")


@retention.command("list")
@listing
@click.pass_context
def list_destructions(ctx: click.Context, as_json: bool, query: str | None) -> None:
    """List every destruction there was: when, by whose order, by whom, how many copies."""
    workspace = workspace_of(ctx)
    known = list(_destructions(workspace, workspace.office()).values())
    rows = [
        (
            one.id,
            f"{one.ordered_at:%Y-%m-%d %H:%M}",
            one.ordered_by.name,
            one.carried_out_by.name,
            f"{len(one.done)} of {len(one.copies)}",
        )
        for one in known
    ]
    heads = ("NUMBER", "ORDERED (UTC)", "BY", "CARRIED OUT BY", "DESTROYED")
    show([_facts(one) for one in known], lambda: table(heads, rows, "Nothing was destroyed yet."), as_json, query)


@retention.command("report")
@minutes_of_one
@click.pass_context
def report(
    ctx: click.Context,
    /,
    number: str | None,
    formats: tuple[str, ...],
    output: Path | None,
    entered: Entered,
    **how: Any,
) -> None:
    """Make the minutes (Berita Acara) of a destruction; of the last one without NUMBER."""
    workspace = workspace_of(ctx)
    office = workspace.office()
    known = _destructions(workspace, office)
    if not known:
        raise NothingMatchedError("Nothing was destroyed yet.", "See `sopwrap retention plan`.")
    if number and number not in known:
        raise UsageError(f"There is no destruction {number}.", f"Known: {', '.join(known)}.")
    chosen = number or list(known)[-1]
    if entered.keep(workspace.ledger(office), chosen):
        known = _destructions(workspace, office)
    give(known[chosen], workspace, formats, output, **how)


@retention.command("papers")
@listing
@click.pass_context
def list_papers(ctx: click.Context, as_json: bool, query: str | None) -> None:
    """List until when the papers of every closed case are kept, by the office's archive schedule (JRA).

    `archive` in office.yml is that schedule. Nothing is removed: the archive does that, with a procedure of its own.
    """
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from sopwrap.archive import complaint, filed
    from sopwrap.history_file import load_history
    from sopwrap.survey import ZONE

    workspace = workspace_of(ctx)
    office = workspace.office()
    if not office.archive:
        raise NothingMatchedError("The office has no archive schedule.", "Write it under `archive` in office.yml.")
    if said := complaint(office.archive):
        raise UsageError(f"office.yml: archive: {said}.")
    zone = office.timezone or ZONE
    cases = load_history(workspace, workspace.ledger(office), zone).cases
    known = filed(office.archive, cases, zone, datetime.now(UTC).astimezone(ZoneInfo(zone)).date())
    rows = [
        (one.case, one.closed, one.active_until, one.kept_until, one.final, "yes" if one.due else "-", len(one.papers))
        for one in known
    ]
    heads = ("CASE", "CLOSED", "ACTIVE UNTIL", "KEPT UNTIL", "THEN", "DUE", "KINDS OF PAPERS")
    show([one.as_dict() for one in known], lambda: table(heads, rows, "No case is closed yet."), as_json, query)


def _planned(workspace: Workspace, office: Office, ids: tuple[str, ...]) -> tuple[Plan, tuple[Asset, ...]]:
    from datetime import UTC, datetime

    from sopwrap.holding import permitted, standing_holds
    from sopwrap.inventory import load_register
    from sopwrap.retention import plan, with_nobodys
    from sopwrap.survey import ZONE

    ledger = workspace.ledger(office)
    assets = load_register(workspace).select(list(ids))
    now = datetime.now(UTC)
    held = {*standing_holds(ledger), *permitted(ledger, now)}
    known = known_points(ledger)
    found = plan(assets, known, held, office.timezone or ZONE, now)
    return (found if ids else with_nobodys(found, (one.id for one in assets), known)), assets


def _destructions(workspace: Workspace, office: Office) -> dict[str, DestructionView]:
    from sopwrap.destruction import destructions
    from sopwrap.survey import ZONE

    return {one.id: one for one in destructions(workspace.ledger(office), office, office.timezone or ZONE)}


def _facts(one: DestructionView) -> dict[str, Any]:
    return {
        "number": one.id,
        "ordered_at": f"{one.ordered_at:%Y-%m-%dT%H:%M:%SZ}",
        "ordered_by": one.ordered_by.id,
        "carried_out_by": one.carried_out_by.id,
        "letter": one.letter,
        "destroyed": [{"point": copy.point, "store": copy.store} for copy in one.done],
        "left": [{"point": copy.point, "store": copy.store} for copy in one.left],
    }


def _text(found: Plan, whole: bool, called: Callable[[str], str]) -> str:
    rows = [
        (
            called(one.point.id),
            f"{one.point.taken_at:%Y-%m-%d %H:%M}",
            size(one.point.size_bytes),
            ", ".join(one.point.stores),
            ", ".join(one.kept) or "MAY BE DESTROYED",
        )
        for one in (found.fates if whole else found.doomed)
    ]
    listed = table(
        ("POINT", "TAKEN (UTC)", "SIZE", "STORES", "KEPT AS"), rows, "By the rules nothing may be destroyed."
    )
    kept = len(found.fates) - len(found.doomed)
    if not found.doomed:
        return f"{listed}\n\n{count(kept, 'point')} kept."
    total = size(sum(one.point.size_bytes or 0 for one in found.doomed))
    return (
        f"{listed}\n\n{count(kept, 'point')} kept; {len(found.doomed)} of {total} may be destroyed "
        f"({count(len(found.targets), 'copy', 'copies')}). On an order:\n"
        f"  sopwrap retention apply {found.id} --ordered-by PERSON --as PERSON"
    )
