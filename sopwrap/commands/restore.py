"""`sopwrap restore`: replace living data by a recovery point, see beforehand what that means, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from sopwrap.cli import INTERRUPTED
from sopwrap.commands._drive import workspace_of
from sopwrap.commands._evidence import keep_evidence
from sopwrap.commands._show import listing, show
from sopwrap.errors import Exit

if TYPE_CHECKING:
    from sopwrap.engine import RunResult
    from sopwrap.records import Evidence
    from sopwrap.workspace import Workspace


@click.group()
def restore() -> None:
    """Plan a restore onto living data, carry it out on a permit, take it back."""


@restore.command()
@click.argument("asset_id", metavar="ASSET")
@click.option("--point", default="", metavar="POINT", help="Another point than the newest.")
@listing
@click.pass_context
def plan(ctx: click.Context, asset_id: str, point: str, as_json: bool, query: str | None) -> None:
    """Say what a restore would stop, replace and lose, what it needs, and how long it took before; change nothing.

    The plan is kept in the ledger; a permit is made from it.
    """
    workspace = workspace_of(ctx)
    result = _carry_out(workspace, asset_id, {"replace": True}, point=point, check=True)
    for record in result.records:
        if record.outcome == "planned":
            past = _past(workspace, asset_id)
            data = {**record.as_dict(), "past": [one.as_dict() for one in past]}
            text = "\n".join([record.message, *(_before(one) for one in past[-1:])])
            show(data, text.strip, as_json, query)
    conclude(ctx, result, "")


@restore.command()
@click.argument("asset_id", metavar="ASSET")
@click.option("--permit", "number", required=True, metavar="NUMBER|CASE", help="The permit, or the case it is of.")
@click.pass_context
def run(ctx: click.Context, asset_id: str, number: str) -> None:
    """Replace the living data of ASSET by the permit's point; whatever fails, the former data is back afterwards."""
    from sopwrap.commands.permit import known

    workspace = workspace_of(ctx)
    signed = known(workspace.ledger(), number)
    about = signed.permit
    result = _carry_out(workspace, asset_id, {"replace": True}, point=about.point, permit=signed.text, case=about.case)
    conclude(ctx, result, f"{about.point} lives. Until {about.undo_until}: sopwrap restore undo {asset_id}")


@restore.command()
@click.argument("asset_id", metavar="ASSET")
@click.pass_context
def undo(ctx: click.Context, asset_id: str) -> None:
    """Take the last restore of ASSET back, within the time its permit names."""
    result = _carry_out(workspace_of(ctx), asset_id, {"undo": True})
    conclude(ctx, result, f"The former data of {asset_id} lives again.")


@restore.command()
@click.argument("asset_id", metavar="ASSET")
@click.pass_context
def forget(ctx: click.Context, asset_id: str) -> None:
    """Remove the former data of ASSET when the time to take a restore back is over; settle one that broke off."""
    conclude(ctx, _carry_out(workspace_of(ctx), asset_id, {"forget": True}), f"Nothing of {asset_id} is kept beside.")


def conclude(ctx: click.Context, result: RunResult, good: str) -> NoReturn:
    """Say how it went and end with the code that says so: 4 where it was refused."""
    if result.outcome == "ok":
        click.echo(good, err=True) if good else None
        ctx.exit(int(Exit.DONE))
    hints = [record.hint for record in result.records if record.hint and not record.succeeded]
    click.echo(" ".join([result.message, *hints[:1]]), err=True)
    refused = any(record.outcome == "refused" for record in result.records)
    failed = Exit.REFUSED if refused else Exit.FAILED
    ctx.exit(INTERRUPTED if result.outcome == "canceled" else int(failed))


def _carry_out(workspace: Workspace, asset_id: str, target: dict[str, Any], **more: Any) -> RunResult:
    """Run the playbook on one asset's host; keep every record, refusals too."""
    from sopwrap.execution import Executor, Order
    from sopwrap.inventory import load_register
    from sopwrap.progress import watch

    asset = load_register(workspace).asset(asset_id)
    with workspace.lock():
        order = Order(("restore_point",), (asset,), target=target, **more)
        result = Executor(workspace, watch(False)).carry_out(order)
        if result.records:
            keep_evidence(workspace.ledger(), result.records)
    return result


def _past(workspace: Workspace, asset_id: str) -> list[Evidence]:
    """The finished restores onto the asset's living data, the oldest first."""
    from sopwrap.records import evidence

    lines = workspace.ledger().of_kind("evidence", containing=asset_id)
    known = [evidence(entry.data["record"]) for entry in lines]
    return [one for one in known if one.asset == asset_id and one.restore and one.succeeded and one.action == "restore"]


def _before(record: Evidence) -> str:
    down = record.restore.downtime_seconds if record.restore else None
    still = f", {down:.0f} s of it without services" if down is not None else ""
    return f"On {record.started_at:%Y-%m-%d} such a restore took {record.seconds:.0f} s{still}."
