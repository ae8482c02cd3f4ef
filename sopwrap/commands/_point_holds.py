"""`sopwrap point hold` and `release`: keep a point whatever the retention says, and let it go again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from sopwrap.commands._drive import operator, workspace_of

F = TypeVar("F", bound=Callable[..., Any])


def _stated(function: F) -> F:
    """Give a command the options that say on whose word it is done, and why."""
    for option in (
        click.option("--letter", metavar="NUMBER", help="The number of the letter the person signed on paper."),
        click.option("--reason", required=True, metavar="TEXT", help="Why; it stays in the ledger."),
        click.option("--as", "person", required=True, metavar="PERSON", help="Who wants it: an id in office.yml."),
    ):
        function = option(function)
    return function


@click.command("hold")
@click.argument("point_id", metavar="POINT")
@_stated
@click.pass_context
def hold_point(ctx: click.Context, point_id: str, person: str, reason: str, letter: str | None) -> None:
    """Keep POINT whatever the retention says, until it is released: for an audit, an incident, a court."""
    from sopwrap.commands._evidence import known_points
    from sopwrap.commands.point import find_point
    from sopwrap.holding import hold
    from sopwrap.statement import Statement

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    found = find_point(workspace, known_points(ledger), point_id).id
    hold(ledger, office, found, Statement(person, operator(), letter, reason))
    click.echo(f"{found} is held for {office.person(person).name}, stated by {operator()}.")


@click.command("release")
@click.argument("point_id", metavar="POINT")
@_stated
@click.pass_context
def release_point(ctx: click.Context, point_id: str, person: str, reason: str, letter: str | None) -> None:
    """Let a held POINT go by the rules of its asset again."""
    from sopwrap.commands._evidence import known_points
    from sopwrap.commands.point import find_point
    from sopwrap.holding import release
    from sopwrap.statement import Statement

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    found = find_point(workspace, known_points(ledger), point_id).id
    release(ledger, office, found, Statement(person, operator(), letter, reason))
    click.echo(f"{found} goes by the rules again, by {office.person(person).name}, stated by {operator()}.")
