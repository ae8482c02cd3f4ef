"""`sopwrap case begin`: note that somebody has begun with the step that waits for them."""

from __future__ import annotations

import click

from sopwrap.commands._case_acts import Desk, place
from sopwrap.commands._drive import operator


@click.command()
@click.argument("words", metavar="[CASE] [STEP]", nargs=-1)
@click.option("--as", "person", required=True, metavar="PERSON", help="The person's id in office.yml.")
@click.option(
    "--at", "when", default="", metavar="TIME", help="When, like 09:30 or '2026-01-31 09:30'.  [default: now]"
)
@click.pass_context
def begin(ctx: click.Context, words: tuple[str, ...], person: str, when: str) -> None:
    """Enter that a person has begun with the step, so that the papers tell waiting from work."""
    from sopwrap import begin as begins
    from sopwrap.commands._case_view import moment
    from sopwrap.permission import Vouch

    name, step = place(words)
    desk = Desk(ctx, name)
    case = begins.begin(desk.ledger, desk.office, desk.case, Vouch(person, operator()), step, when)
    view = case.current
    began = view.rounds[-1].began_at if view else None
    if view and began:
        who = desk.office.person(person).name
        click.echo(f"{who} began with step {view.step.id} of case {case.id} at {moment(case, began)}.")
