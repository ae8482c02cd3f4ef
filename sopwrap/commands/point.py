"""`sopwrap point`: recovery points, as the ledger knows them or as the stores themselves answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from sopwrap.cli import INTERRUPTED
from sopwrap.commands._drive import workspace_of
from sopwrap.commands._evidence import keep_evidence, known_points
from sopwrap.commands._point_holds import hold_point, release_point
from sopwrap.commands._show import listing, listing_points, named, show, table
from sopwrap.errors import Exit, SopError, UsageError
from sopwrap.naming import named_point, point_name
from sopwrap.versions import Versions
from sopwrap.words import size

if TYPE_CHECKING:
    from sopwrap.engine import RunResult
    from sopwrap.execution import Order
    from sopwrap.points import Point
    from sopwrap.workspace import Workspace


@click.group()
def point() -> None:
    """List, show, verify, export, compare and hold recovery points."""


@point.command("list")
@click.option("--asset", "asset_id", metavar="ID", help="Only points of this asset.")
@click.option("--store", "ask", is_flag=True, help="Ask the stores themselves, through Ansible, instead of the ledger.")
@listing_points
@click.pass_context
def list_points(
    ctx: click.Context, asset_id: str | None, ask: bool, as_json: bool, query: str | None, by_id: bool
) -> None:
    """List the points this office knows, the newest first: in which stores they are, and when they were proven."""
    workspace = workspace_of(ctx)
    if ask:
        _list_stores(ctx, workspace, asset_id, as_json, query)
    found = [one for one in known_points(workspace.ledger()) if asset_id in (None, one.asset)]
    if asset_id is not None and not found:
        from sopwrap.inventory import load_register

        load_register(workspace).asset(asset_id)
    office = workspace.office()
    names = {one.id: point_name(one.id, office.naming_rule) for one in found}
    shown = named(office, by_id)
    ours = _registered(workspace) if found else None
    rows = [
        (
            shown(one.id),
            _minute(one.taken_at),
            size(one.size_bytes),
            ", ".join(one.stores),
            _minute(one.proven_at),
            "" if ours is None or one.asset in ours else f"{one.asset} is not in the register",
        )
        for one in found
    ]
    heads = ("POINT", "TAKEN (UTC)", "SIZE", "STORES", "PROVEN (UTC)", "")
    known = {one.id: None if ours is None else one.asset in ours for one in found}
    data = [{"name": names[one.id], **one.as_dict(), "registered": known[one.id]} for one in found]
    show(data, lambda: table(heads, rows, "No point is known."), as_json, query)


def _registered(workspace: Workspace) -> set[str] | None:
    """The ids of the register's assets; None where it cannot be read, which keeps nobody from listing."""
    from sopwrap.inventory import load_register

    try:
        return {one.id for one in load_register(workspace).assets}
    except SopError:
        return None


@point.command("show")
@click.argument("point_id", metavar="POINT")
@listing
@click.pass_context
def show_point(ctx: click.Context, point_id: str, as_json: bool, query: str | None) -> None:
    """Show one point: every store it is in, and every proof."""
    workspace = workspace_of(ctx)
    found = find_point(workspace, known_points(workspace.ledger()), point_id)
    name = point_name(found.id, workspace.office().naming_rule)
    show({"name": name, **found.as_dict()}, lambda: _text(found, name), as_json, query)


@point.command("verify")
@click.argument("point_id", metavar="[POINT]", required=False)
@click.option("--asset", "ids", multiple=True, metavar="ID", help="The newest point of this asset, instead of POINT.")
@click.option("--ci", is_flag=True, help="Plain lines instead of a progress bar.")
@click.pass_context
def verify_point(ctx: click.Context, point_id: str | None, ids: tuple[str, ...], ci: bool) -> None:
    """Read a point back from its stores and compare it; the evidence is kept, outside of any case.

    Without POINT and --asset the newest point of every asset is verified.
    """
    from sopwrap.execution import Order
    from sopwrap.inventory import load_register

    if point_id and ids:
        raise UsageError("Name a point or assets, not both.")
    workspace = workspace_of(ctx)
    ledger = workspace.ledger()
    if point_id:
        ids = (find_point(workspace, known_points(ledger), point_id).asset,)
    assets = load_register(workspace).select(list(ids))
    with workspace.lock():
        result = _carry_out(workspace, Order(("verify_points",), assets, point=point_id or ""), ci)
        if result.records:
            keep_evidence(ledger, result.records)
    _conclude(ctx, result, f"{len(assets)} verified.")


point.add_command(hold_point)
point.add_command(release_point)


@point.command("export")
@click.argument("point_id", metavar="POINT")
@click.option("-o", "--output", "folder", required=True, metavar="DIR", help="A new folder, on the asset's host.")
@click.option("--store", metavar="ID", help="Read it from this store instead of the first that can give it.")
@click.option("--ci", is_flag=True, help="Plain lines instead of a progress bar.")
@click.pass_context
def export_point(ctx: click.Context, point_id: str, folder: str, store: str | None, ci: bool) -> None:
    """Write a point as plain files that can be restored without this program: a page in Indonesian says how.

    The files are not encrypted. DIR is a path on the host of the asset; it holds everything, or is not there.
    """
    from sopwrap.commands.restore import conclude
    from sopwrap.execution import Order
    from sopwrap.inventory import load_register

    workspace = workspace_of(ctx)
    ledger = workspace.ledger()
    chosen = find_point(workspace, known_points(ledger), point_id)
    asset = load_register(workspace).asset(chosen.asset)
    if store is not None and store not in asset.stores:
        raise UsageError(f"{asset.id} is not kept in a store {store}.", f"Its stores: {', '.join(asset.stores)}.")
    target = {"export": folder, **({"from": store} if store else {})}
    with workspace.lock():
        result = _carry_out(workspace, Order(("restore_point",), (asset,), point=chosen.id, target=target), ci)
        keep_evidence(ledger, result.records)
    conclude(ctx, result, "\n".join(record.message for record in result.records))


@point.command("diff")
@click.argument("point_id", metavar="POINT")
@click.argument("other_id", metavar="[OTHER]", required=False)
@listing
@click.pass_context
def diff_points(ctx: click.Context, point_id: str, other_id: str | None, as_json: bool, query: str | None) -> None:
    """Show what a person changed between POINT and OTHER, or between the version before POINT and POINT.

    For kinds that keep a history of texts; secrets are masked in it. What changes by itself is left out.
    """
    workspace = workspace_of(ctx)
    known, history = known_points(workspace.ledger()), Versions(workspace.history)
    first = find_point(workspace, known, point_id)
    second = find_point(workspace, known, other_id) if other_id else first
    if first.asset != second.asset:
        raise UsageError(f"{point_id} and {other_id} are points of two assets.", "Name two points of one asset.")
    new = history.version_of(first.asset, second.id)
    old = history.version_of(first.asset, first.id) if other_id else history.before(first.asset, new)
    lines = history.difference(first.asset, old, new)
    found = {"asset": first.asset, "from": old.point, "to": new.point, "lines": lines}
    show(found, lambda: "\n".join(lines) or "No difference.", as_json, query)


@point.command("blame")
@click.argument("asset_id", metavar="ASSET")
@listing
@click.pass_context
def blame_point(ctx: click.Context, asset_id: str, as_json: bool, query: str | None) -> None:
    """Show every line of an asset's newest text with the case and time it came with."""
    from sopwrap.inventory import load_register

    workspace = workspace_of(ctx)
    lines = Versions(workspace.history).blame(load_register(workspace).asset(asset_id).id)
    rows = [(line.version.at[:16].replace("T", " "), line.version.case, line.text) for line in lines]
    heads = ("SINCE (UTC)", "CASE", "LINE")
    show([line.as_dict() for line in lines], lambda: table(heads, rows, "Empty."), as_json, query)


def _list_stores(
    ctx: click.Context, workspace: Workspace, asset_id: str | None, as_json: bool, query: str | None
) -> NoReturn:
    """Let the playbook list_points ask every store, and print what it answered."""
    from sopwrap.execution import Executor, Order, Watch
    from sopwrap.inventory import load_register

    assets = load_register(workspace).select([asset_id] if asset_id else [])
    found: list[dict[str, Any]] = []
    with workspace.lock():
        watch = Watch(news=lambda news: found.extend(news.listed))
        result = Executor(workspace, watch).carry_out(Order(("list_points",), assets))
    rows = [[one.get(key) or "-" for key in ("point", "asset", "store", "placement", "medium")] for one in found]
    heads = ("POINT", "ASSET", "STORE", "PLACEMENT", "MEDIUM")
    show(found, lambda: table(heads, rows, "No store answered with a point."), as_json, query)
    _conclude(ctx, result, "")


def _carry_out(workspace: Workspace, order: Order, plain: bool) -> RunResult:
    from sopwrap.execution import Executor
    from sopwrap.progress import watch

    return Executor(workspace, watch(plain)).carry_out(order)


def _conclude(ctx: click.Context, result: RunResult, good: str) -> NoReturn:
    """Say how it went and end with the code that says so."""
    if result.outcome == "ok":
        click.echo(good, err=True) if good else None
        ctx.exit(int(Exit.DONE))
    click.echo(result.message, err=True)
    ctx.exit(INTERRUPTED if result.outcome == "canceled" else int(Exit.FAILED))


def find_point(workspace: Workspace, known: list[Point], word: str) -> Point:
    """The point with this id, or with this name by the office's rule; raise UsageError naming the nearest ones."""
    meant = named_point(word, (one.id for one in known), workspace.office().naming_rule)
    for one in known:
        if one.id == meant:
            return one
    from sopwrap.inventory import nearest

    raise UsageError(f"The ledger knows no point {word}.", nearest(word, [one.id for one in known[:50]]))


def _text(found: Point, name: str) -> str:
    called = "" if name == found.id else f"{name}\n"
    head = (
        f"{called}{found.id}\nasset {found.asset} ({found.kind}) on {found.host}, taken {_minute(found.taken_at)} UTC"
    )
    stores = [
        (store, record.placement or "-", record.medium or "-", size(record.size_bytes), size(record.stored_bytes))
        for store, record in found.stores.items()
    ]
    proofs = [
        (_minute(one.finished_at), one.action, one.store or "-", one.outcome, one.message) for one in found.proofs
    ]
    places = table(("STORE", "PLACEMENT", "MEDIUM", "SIZE", "STORED"), stores, "In no store.")
    return f"{head}\n\n{places}\n\n{table(('PROOF (UTC)', 'BY', 'STORE', 'OUTCOME', 'SAID'), proofs, 'Never proven.')}"


def _minute(moment: Any) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
