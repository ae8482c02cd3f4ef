"""`sopwrap run`: open a case of a procedure and do the machine's steps until a person has the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sopwrap.commands._ci import for_ci
from sopwrap.commands._drive import conclude, drive, operator, workspace_of
from sopwrap.errors import Exit, NothingMatchedError

if TYPE_CHECKING:
    from sopwrap.case import Asset
    from sopwrap.inventory import Register
    from sopwrap.sop import Procedure
    from sopwrap.workspace import Workspace


@click.command()
@click.argument("procedure", metavar="SOP/PROCEDURE")
@click.option("--asset", "ids", multiple=True, metavar="ID", help="Only this asset; may be given several times.")
@click.option("--limit", metavar="PATTERN", help="Only hosts that match this pattern of Ansible.")
@click.option("--operation", type=click.Choice(["backup", "restore"]), help="Where the procedure covers both.")
@for_ci
@click.option("--dry-run", is_flag=True, help="Let Ansible only check what it would do; opens no case.")
@click.pass_context
def run(
    ctx: click.Context,
    procedure: str,
    ids: tuple[str, ...],
    limit: str | None,
    operation: str | None,
    ci: bool,
    dry_run: bool,
) -> None:
    """Carry out a procedure, such as iain-ptk-2022/backup.

    Opens a case and does the steps that are the machine's, until one waits for a person (exit code 3; `sopwrap case
    next` says whom) or the case has ended. Without --asset it takes every asset that does not name another SOP.
    """
    from sopwrap.hosts import asking

    workspace = workspace_of(ctx)
    with asking(workspace) as asked:  # Ansible reads the inventory while we read everything else
        from sopwrap.engine import Opening, open_case
        from sopwrap.inventory import load_register
        from sopwrap.sop import find

        office = workspace.office()
        sop, chosen = find(procedure, workspace.sops)
        register = load_register(workspace, asked=asked)
    assets = choose(workspace, register, f"{sop.id}/{chosen.id}", ids, limit)
    for warning in placement_gaps(register, chosen, assets):
        click.echo(warning, err=True)
    with workspace.lock():
        if dry_run:
            ctx.exit(_rehearse(workspace, chosen, assets, ci))
        ledger = workspace.ledger(office)
        case = open_case(ledger, Opening(sop, chosen, office, assets, register.media(assets), operator(), operation))
        click.echo(f"Case {case.id} is open: {sop.identity.title}, {len(assets)} assets.", err=True)
        case = drive(workspace, ledger, case.id, ci)
    conclude(ctx, case, office)


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


def _rehearse(workspace: Workspace, procedure: Procedure, assets: tuple[Asset, ...], plain: bool) -> int:
    """Let Ansible check every playbook of the procedure; return the exit code."""
    from sopwrap.execution import Executor, Order
    from sopwrap.flow import PROOF
    from sopwrap.progress import watch

    actions = tuple(dict.fromkeys(action for step in procedure.steps for action in step.actions))
    if any(PROOF.get(action) == "backup" for action in actions):
        # what a backup would make is not there to be read back
        actions = tuple(action for action in actions if PROOF.get(action) != "verify")
    if not actions:
        click.echo("No step of this procedure is the machine's.")
        return int(Exit.DONE)
    result = Executor(workspace, watch(plain)).carry_out(Order(actions, assets, check=True))
    for record in result.records:
        click.echo(f"{record.asset or record.store}: {record.action} {record.outcome}: {record.message}")
    if result.outcome == "failed" and result.message not in [record.message for record in result.records]:
        click.echo(result.message, err=True)
    click.echo(f"Dry run of {', '.join(actions)}: {result.outcome}. Nothing was written, no case was opened.")
    return int(Exit.DONE if result.outcome == "ok" else Exit.FAILED)
