"""`sopwrap case`: see cases, let the machine go on, and (in _case_acts) enter what people do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sopwrap.commands._case_acts import ACTS, chosen
from sopwrap.commands._case_begin import begin
from sopwrap.commands._case_form import form
from sopwrap.commands._ci import for_ci
from sopwrap.commands._drive import conclude, drive, lines, workspace_of
from sopwrap.commands._show import listing, show, terminal

if TYPE_CHECKING:
    from sopwrap.case import Case
    from sopwrap.ledger import Ledger


@click.group()
def case() -> None:
    """See, sign, decide and resume cases.

    CASE may be left out where exactly one case is open, STEP always: it is the one the case stands at.
    """


for act in (begin, *ACTS, form):
    case.add_command(act)


@case.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed cases too.")
@listing
@click.pass_context
def list_(ctx: click.Context, everything: bool, as_json: bool, query: str | None) -> None:
    """List the open cases."""
    from sopwrap.commands._case_view import overview, summary

    cases = _cases(workspace_of(ctx).ledger(), open_only=not everything)
    now = datetime.now(UTC)
    show([summary(one, now) for one in cases], lambda: overview(cases, now), as_json, query)


@case.command("show")
@click.argument("name", metavar="[CASE]", required=False)
@click.option("--chart", is_flag=True, help="Draw the procedure: ✓ done, ▶ where the case stands, ! late.")
@listing
@click.pass_context
def show_(ctx: click.Context, name: str | None, chart: bool, as_json: bool, query: str | None) -> None:
    """Show a case: every step and round, who did it and how it was vouched for, what is late, and who is next."""
    from sopwrap.commands._case_view import as_dict, marks, text
    from sopwrap.engine import load_case
    from sopwrap.next import next_for
    from sopwrap.terminal_chart import draw

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    one, now = load_case(ledger, chosen(ledger, name)), datetime.now(UTC)

    def told() -> str:
        width, ascii_only = terminal()
        drawn = draw(one.sop, one.procedure, width, marks(one, now, ascii_only), ascii_only=ascii_only) if chart else []
        return "\n".join([*drawn, text(one, now), "", *lines(one, next_for(one, office, now))])

    show(as_dict(one, now), told, as_json, query)


@case.command("next")
@click.argument("name", metavar="[CASE]", required=False)
@listing
@click.pass_context
def next_(ctx: click.Context, name: str | None, as_json: bool, query: str | None) -> None:
    """Say what is next, for whom, and the command for it; of every open case where none is named."""
    from sopwrap.engine import load_case
    from sopwrap.next import next_for

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    cases = [load_case(ledger, name)] if name else _cases(ledger, open_only=True)
    found = [(one, next_for(one, office)) for one in cases]
    told = "\n".join(line for one, what in found for line in lines(one, what))
    show([what.as_dict() for _, what in found], lambda: told or "No case is open.", as_json, query)


@case.command()
@click.argument("name", metavar="[CASE]", required=False)
@for_ci
@click.pass_context
def resume(ctx: click.Context, name: str | None, ci: bool) -> None:
    """Let the machine go on until a person has the next step (exit code 3) or the case has ended.

    Also after an interrupt, a crash or a power cut: what was cut off is noted and done again.
    """
    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    with workspace.lock():
        one = drive(workspace, ledger, chosen(ledger, name), ci)
    conclude(ctx, one, office)


def _cases(ledger: Ledger, open_only: bool) -> list[Case]:
    from sopwrap.engine import load_case

    return [load_case(ledger, one) for one in ledger.cases(open_only)]
