"""`sopwrap sop`: the written SOPs known here, those shipped and the office's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._reviews import review_sop
from sopwrap.commands._show import listing, show, table, terminal
from sopwrap.commands._sop_import import import_sop
from sopwrap.commands._sop_lint import lint_sops
from sopwrap.commands._sop_print import print_sop
from sopwrap.errors import UsageError

if TYPE_CHECKING:
    from sopwrap.sop import Procedure, Sop


@click.group()
def sop() -> None:
    """List, show, check, import, print and review SOPs."""


sop.add_command(review_sop)


@sop.command("list")
@listing
@click.pass_context
def list_sops(ctx: click.Context, as_json: bool, query: str | None) -> None:
    """List every procedure of every SOP; one in the office's sops/ wins over a shipped one."""
    from sopwrap.sop import library

    procedures = [(one, procedure) for one in library(_own(ctx)).values() for procedure in one.procedures]
    data = [
        {
            "procedure": f"{one.id}/{procedure.id}",
            "title": procedure.title,
            "sop": one.identity.title,
            "number": one.identity.number,
            "operations": procedure.operations,
            "steps": len(procedure.steps),
        }
        for one, procedure in procedures
    ]
    rows = [
        (f"{one.id}/{procedure.id}", ", ".join(procedure.operations), len(procedure.steps), one.identity.title)
        for one, procedure in procedures
    ]
    heads = ("PROCEDURE", "OPERATIONS", "STEPS", "TITLE")
    show(data, lambda: table(heads, rows, "There is no SOP."), as_json, query)


@sop.command("schema")
def schema() -> None:
    """Print the JSON Schema of an SOP's file, for editors that complete and check as you type."""
    import json

    from sopwrap.sop import Sop

    click.echo(json.dumps(Sop.model_json_schema(), indent=2, ensure_ascii=False))


@sop.command("show")
@click.argument("name", metavar="SOP[/PROCEDURE]")
@listing
@click.pass_context
def show_sop(ctx: click.Context, name: str, as_json: bool, query: str | None) -> None:
    """Draw a procedure: lanes as columns, steps as rows, where each leads; a list where the terminal is narrow."""
    from sopwrap.sop import find

    found, procedure = find(name, _own(ctx))
    data: dict[str, Any] = {
        "sop": found.id,
        "title": found.identity.title,
        "number": found.identity.number,
        "lanes": {lane: found.actor(lane).label for lane in procedure.lanes},
        "procedure": procedure.model_dump(mode="json"),
    }
    show(data, lambda: _text(found, procedure), as_json, query)


sop.add_command(lint_sops)
sop.add_command(import_sop)
sop.add_command(print_sop)


def _text(found: Sop, procedure: Procedure) -> str:
    from sopwrap.terminal_chart import draw

    width, ascii_only = terminal()
    chart = draw(found, procedure, width, ascii_only=ascii_only)
    return "\n".join([found.identity.title, f"{found.id}/{procedure.id}: {procedure.title}", "", *chart])


def _own(ctx: click.Context) -> Path | None:
    """The office's own SOPs; none outside of an office, where the shipped ones can be looked at all the same."""
    try:
        return workspace_of(ctx).sops
    except UsageError:
        return None
