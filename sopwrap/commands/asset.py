"""`sopwrap asset`: the register as the inventory has it."""

from __future__ import annotations

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._reviews import review_assets
from sopwrap.commands._show import listing, show, table


@click.group()
def asset() -> None:
    """List, show and review the assets of the inventory."""


asset.add_command(review_assets)


@asset.command("list")
@click.option("--limit", metavar="PATTERN", help="Only hosts that match this pattern of Ansible.")
@listing
@click.pass_context
def list_assets(ctx: click.Context, limit: str | None, as_json: bool, query: str | None) -> None:
    """List every asset with its host, kind, RPO and stores."""
    from sopwrap.inventory import load_register

    register = load_register(workspace_of(ctx), limit)
    rows = [(one.id, one.kind, one.host, one.rpo, ", ".join(one.stores), one.title) for one in register.assets]
    heads = ("ASSET", "KIND", "HOST", "RPO", "STORES", "TITLE")
    data = [{**one.model_dump(mode="json"), "sop": register.sops.get(one.id)} for one in register.assets]
    show(data, lambda: table(heads, rows, "The inventory has no asset."), as_json, query)


@asset.command("show")
@click.argument("asset_id", metavar="ASSET")
@listing
@click.pass_context
def show_asset(ctx: click.Context, asset_id: str, as_json: bool, query: str | None) -> None:
    """Show one asset and the media it goes to."""
    from sopwrap.inventory import load_register

    register = load_register(workspace_of(ctx))
    one = register.asset(asset_id)
    media = register.media((one,))
    data = one.model_dump(mode="json") | {
        "sop": register.sops.get(one.id),
        "media": [medium.model_dump(mode="json") for medium in media],
    }
    show(data, lambda: _text(data), as_json, query)


def _text(data: dict[str, object]) -> str:
    width = max(map(len, data))
    lines = []
    for key, value in data.items():
        if key == "media" and isinstance(value, list):
            words = [", ".join(f"{name} {text}" for name, text in one.items() if text) for one in value]
            lines += [f"{'medium':{width}}  {text}" for text in words]
        elif value not in (None, ""):
            lines.append(f"{key:{width}}  {', '.join(value) if isinstance(value, list) else value}")
    return "\n".join(lines)
