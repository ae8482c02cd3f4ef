"""`sopwrap case form`: the fields of a step's papers, to be filled in."""

from __future__ import annotations

import click

from sopwrap.commands._case_acts import Desk, place
from sopwrap.commands._show import listing, show


@click.command()
@click.argument("words", metavar="[CASE] [STEP]", nargs=-1)
@listing
@click.pass_context
def form(ctx: click.Context, words: tuple[str, ...], as_json: bool, query: str | None) -> None:
    """Print the form of a step, to be filled in and given to `case sign` or `case decide` with --form.

    STEP may be left out: it is the one the case stands at.
    """
    from sopwrap.errors import UsageError
    from sopwrap.filling import stated, wanted
    from sopwrap.fold import fold
    from sopwrap.formfile import as_data, blank

    name, step_id = place(words)
    desk = Desk(ctx, name)
    case = fold(desk.ledger.entries(desk.case))
    view = case.step(step_id) if step_id else case.current
    if view is None:
        raise UsageError(f"Case {case.id} has no step left.", "Name the step whose form is meant.")
    fields = wanted(case.procedure, view.step, case.operation)
    already = stated(case, fields)
    head = f"Case {case.id}, step {view.step.id}: {view.step.text or view.step.kind}"
    none = f"No form is filled in at step {view.step.id} of case {case.id}."
    show(as_data(fields, already), lambda: blank(fields, already, head) if fields else none, as_json, query)
