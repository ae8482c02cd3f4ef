"""`sopwrap run`: open a case of a procedure and do the machine's steps until a person has the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from sopwrap.cli import INTERRUPTED
from sopwrap.commands._ci import for_ci
from sopwrap.commands._drive import conclude, drive, operator, workspace_of
from sopwrap.errors import Exit, NothingMatchedError, UsageError
from sopwrap.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sopwrap.case import Asset
    from sopwrap.engine import Opening
    from sopwrap.inventory import Register
    from sopwrap.office import Office
    from sopwrap.sop import Procedure, Sop
    from sopwrap.workspace import Workspace


@click.command()
@click.argument("procedure", metavar="SOP/PROCEDURE", required=False)
@click.option("--asset", "ids", multiple=True, metavar="ID", help="Only this asset; may be given several times.")
@click.option("--limit", metavar="PATTERN", help="Only hosts that match this pattern of Ansible.")
@click.option("--operation", type=click.Choice(["backup", "restore"]), help="Where the procedure covers both.")
@click.option("--due", is_flag=True, help="Instead of a procedure: what office.yml has scheduled and is due.")
@for_ci
@click.option(
    "--dry-run", is_flag=True, help="Let Ansible only check what it would do, and say what it takes; opens no case."
)
@click.pass_context
def run(ctx: click.Context, /, procedure: str | None, due: bool, ci: bool, **wish: Any) -> None:
    """Carry out a procedure, such as iain-ptk-2022/backup.

    Opens a case and does the steps that are the machine's, until one waits for a person (exit code 3; `sopwrap case
    next` says whom) or the case has ended. Without --asset it takes every asset that does not name another SOP.

    With --due it opens a case for every schedule of office.yml whose period has come and has none yet; call it as often
    as you like, from cron or a systemd timer. Of several missed periods the newest is opened and the others are told.
    """
    if due:
        from sopwrap.commands._due import run_due

        if procedure or any(wish.values()):
            raise UsageError("--due takes its procedures and assets from office.yml.", "Leave everything else out.")
        run_due(ctx, ci)
    if not procedure:
        raise UsageError("Name a procedure.", "`sopwrap sop list` lists them; --due runs what is scheduled.")
    _run(ctx, procedure, ci, wish)


def _run(ctx: click.Context, procedure: str, ci: bool, wish: dict[str, Any]) -> NoReturn:
    """Open a case of the procedure for the assets wished for, and drive it."""
    from sopwrap.hosts import asking_ahead

    workspace = workspace_of(ctx)
    with asking_ahead(workspace) as asked:  # Ansible reads the inventory while we read everything else
        from sopwrap.engine import open_case
        from sopwrap.inventory import load_register
        from sopwrap.sop import find

        office = workspace.office()
        found = find(procedure, workspace.sops)
        register = load_register(workspace, asked=asked)
    opening = opening_for(workspace, office, register, found, wish)
    with workspace.lock():
        if wish["dry_run"]:
            ctx.exit(_rehearse(workspace, opening, ci))
        ledger = workspace.ledger(office)
        case = open_case(ledger, opening)
        number = count(len(case.assets), "asset")
        click.echo(f"Case {case.id} is open: {opening.sop.identity.title}, {number}.", err=True)
        case = drive(workspace, ledger, case.id, ci)
    conclude(ctx, case, office)


def opening_for(
    workspace: Workspace, office: Office, register: Register, found: tuple[Sop, Procedure], wish: Mapping[str, Any]
) -> Opening:
    """What a case of the procedure is opened with; ``wish`` may have ids, limit, operation and trigger."""
    from sopwrap.engine import Opening
    from sopwrap.media import media_in_hand

    sop, chosen = found
    ids, limit = tuple(wish.get("ids") or ()), wish.get("limit")
    assets = about(chosen, choose(workspace, register, f"{sop.id}/{chosen.id}", ids, limit), bool(ids))
    for warning in placement_gaps(register, chosen, assets):
        click.echo(warning, err=True)
    media = media_in_hand(workspace.ledger(office), register.media(assets))
    return Opening(
        sop, chosen, office, assets, media, operator(), wish.get("operation"), trigger=wish.get("trigger") or {}
    )


def about(procedure: Procedure, assets: tuple[Asset, ...], named: bool) -> tuple[Asset, ...]:
    """The assets the procedure has a step for; raise UsageError for one that was named and has none."""
    working = [step for step in procedure.steps if step.actions or step.actions_by_operation]
    wanted = {one for step in working for one in step.targets}
    if not wanted or any(not step.targets for step in working if step.kind == "process"):
        return assets
    found = tuple(one for one in assets if one.category in wanted)
    if named and (odd := [one.id for one in assets if one not in found]):
        raise UsageError(f"{odd[0]} is not what {procedure.id} is about: {', '.join(sorted(wanted))}.")
    if not found:
        raise NothingMatchedError(f"No asset is what {procedure.id} is about: {', '.join(sorted(wanted))}.")
    return found


def choose(
    workspace: Workspace, register: Register, procedure: str, ids: tuple[str, ...], limit: str | None
) -> tuple[Asset, ...]:
    """The assets a run is about: those named, or those that leave the SOP open or name this one; on matching hosts.

    Raise UsageError for an unknown id, NothingMatchedError when none is left.
    """
    from sopwrap.inventory import load_register

    sop = procedure.partition("/")[0]
    assets = register.select(list(ids))
    if not ids:
        assets = tuple(one for one in assets if register.sops.get(one.id, procedure) in (procedure, sop))
    if limit is not None:
        within = {one.id for one in load_register(workspace, limit).assets}
        assets = tuple(one for one in assets if one.id in within)
    if not assets:
        where = f" on hosts that match `{limit}`" if limit else ""
        raise NothingMatchedError(f"No asset for {procedure} is left{where}.", "See `sopwrap asset list`.")
    return assets


def placement_gaps(register: Register, procedure: Procedure, assets: tuple[Asset, ...]) -> list[str]:
    """A warning for each asset that has no store of a placement the SOP asks for."""
    gaps = []
    for asset in assets:
        has = {register.stores[store].medium.placement for store in asset.stores}
        for placement in procedure.placements:
            if placement not in has:
                gaps.append(f"{asset.id} has no {placement} store, and the SOP asks for one.")
    return gaps


def _rehearse(workspace: Workspace, opening: Opening, plain: bool) -> int:
    """Let Ansible check every playbook of the procedure; return the exit code."""
    from sopwrap.commands._rehearsal import capacity_of, rehearsal, tell

    made = rehearsal(workspace, opening, plain)
    if made is None:
        click.echo("No step of this procedure is the machine's.")
        return int(Exit.DONE)
    tell(made)
    if made.outcome == "canceled":
        return INTERRUPTED
    if made.backs_up:
        click.echo(capacity_of(workspace, opening)[1])
    told = ", ".join(f"{action} {result.outcome}" for action, result in made.results.items())
    click.echo(f"Dry run: {told}. Nothing was written, no case was opened; the ledger keeps what was measured.")
    return int(Exit.DONE if made.outcome == "ok" else Exit.FAILED)
