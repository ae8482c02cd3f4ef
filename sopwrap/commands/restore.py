"""`sopwrap restore`: replace living data by a recovery point, see beforehand what that means, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from sopwrap.cli import INTERRUPTED
from sopwrap.commands._drive import take_in_refusals, workspace_of
from sopwrap.commands._restore_papers import report, tell_minutes
from sopwrap.commands._restore_plan import PIECE, tell_plan
from sopwrap.commands._show import listing
from sopwrap.errors import Exit

if TYPE_CHECKING:
    from sopwrap.engine import RunResult
    from sopwrap.workspace import Workspace


@click.group()
def restore() -> None:
    """Plan a restore onto living data, carry it out on a permit, take it back."""


@restore.command()
@click.argument("asset_id", metavar="ASSET")
@click.option("--point", default="", metavar="POINT", help="Another point than the newest proven one.")
@PIECE
@listing
@click.pass_context
def plan(
    ctx: click.Context, asset_id: str, point: str, pieces: tuple[str, ...], as_json: bool, query: str | None
) -> None:
    """Say what a restore would stop, replace and lose, what it needs, and how long it took before; change nothing.

    The plan is kept in the ledger; a permit is made from it.
    """
    from sopwrap.inventory import load_register

    workspace = workspace_of(ctx)
    tell_plan(ctx, workspace, load_register(workspace).asset(asset_id), point, pieces, as_json, query)


@restore.command()
@click.argument("asset_id", metavar="ASSET")
@click.option("--permit", "number", required=True, metavar="NUMBER|CASE", help="The permit, or the case it is of.")
@click.pass_context
def run(ctx: click.Context, asset_id: str, number: str) -> None:
    """Replace the living data of ASSET by the permit's point; whatever fails, the former data is back afterwards."""
    from sopwrap.commands.permit import known
    from sopwrap.permits import Emergency

    workspace = workspace_of(ctx)
    signed = known(workspace.ledger(), number)
    about = signed.permit
    case = None if isinstance(about, Emergency) else about.case
    result = carry_out(workspace, asset_id, {"replace": True}, point=about.point, permit=signed.text, case=case)
    tell_minutes(workspace, result.records)
    conclude(ctx, result, f"{about.point} lives. Until {about.undo_until}: sopwrap restore undo {asset_id}")


@restore.command()
@click.argument("asset_id", metavar="ASSET")
@click.pass_context
def undo(ctx: click.Context, asset_id: str) -> None:
    """Take the last restore of ASSET back, within the time its permit names."""
    workspace = workspace_of(ctx)
    result = carry_out(workspace, asset_id, {"undo": True})
    tell_minutes(workspace, result.records)
    conclude(ctx, result, f"The former data of {asset_id} lives again.")


@restore.command()
@click.argument("asset_id", metavar="ASSET")
@click.pass_context
def forget(ctx: click.Context, asset_id: str) -> None:
    """Remove the former data of ASSET when the time to take a restore back is over; settle one that broke off."""
    conclude(ctx, carry_out(workspace_of(ctx), asset_id, {"forget": True}), f"Nothing of {asset_id} is kept beside.")


def conclude(ctx: click.Context, result: RunResult, good: str) -> NoReturn:
    """Say how it went and end with the code that says so: 4 where it was refused."""
    if result.outcome == "ok":
        click.echo(good, err=True) if good else None
        ctx.exit(int(Exit.DONE))
    hints = [record.hint for record in result.records if record.hint and not record.succeeded]
    click.echo(" ".join([result.message, *hints[:1]]), err=True)
    ctx.exit(code_of(result))


def code_of(result: RunResult) -> int:
    """The exit code of a restore that was not done."""
    refused = any(record.outcome == "refused" for record in result.records)
    return INTERRUPTED if result.outcome == "canceled" else int(Exit.REFUSED if refused else Exit.FAILED)


def carry_out(workspace: Workspace, asset_id: str, target: dict[str, Any], **more: Any) -> RunResult:
    """Run the playbook on one asset's host; keep every record, refusals too."""
    from sopwrap.execution import Executor, Order
    from sopwrap.inventory import load_register
    from sopwrap.progress import watch
    from sopwrap.restore_keeping import keep

    asset = load_register(workspace).asset(asset_id)
    with workspace.lock():
        ledger = workspace.ledger()
        take_in_refusals(workspace, ledger)
        order = Order(("restore_point",), (asset,), target=target, **more)
        result = Executor(workspace, watch(False)).carry_out(order)
        keep(ledger, result)
        take_in_refusals(workspace, ledger)
    return result


restore.add_command(report)
