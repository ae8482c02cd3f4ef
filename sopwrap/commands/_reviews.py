"""The commands that write down a review: of assets once a year, of an SOP every six months."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sopwrap.commands._drive import operator, workspace_of
from sopwrap.words import count

if TYPE_CHECKING:
    from sopwrap.ledger import Ledger
    from sopwrap.sop import Sop

BY = click.option("--as", "person", required=True, metavar="PERSON", help="Who looked through it: an id in office.yml.")
LETTER = click.option("--letter", metavar="NUMBER", help="The number of the letter the person signed on paper.")
NOTE = click.option("--note", default="", metavar="TEXT", help="What was found; it is printed on the paper.")


@click.command("review")
@click.argument("assets", metavar="ASSET...", nargs=-1, required=True)
@BY
@LETTER
@NOTE
@click.pass_context
def review_assets(ctx: click.Context, assets: tuple[str, ...], person: str, letter: str | None, note: str) -> None:
    """Write down that a person looked through assets of the register (`all` for every one).

    Once a year is due: `sopwrap report office --document asset_register` prints what is overdue.
    """
    from sopwrap import reviews
    from sopwrap.inventory import load_register
    from sopwrap.statement import Statement

    workspace = workspace_of(ctx)
    office = workspace.office()
    known = [one.id for one in load_register(workspace).assets]
    word = Statement(person, operator(), letter, note)
    looked = reviews.review_assets(workspace.ledger(office), office, word, assets, known)
    click.echo(f"Written down for {office.person(person).name}, stated by {operator()}: {', '.join(looked)}.")


@click.command("review")
@click.argument("name", metavar="SOP")
@click.option("--as", "person", metavar="PERSON", help="Who judges it: an id in office.yml.")
@LETTER
@NOTE
@click.option(
    "--form", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE", help="The form filled in."
)
@click.pass_context
def review_sop(
    ctx: click.Context, name: str, person: str | None, letter: str | None, note: str, form: Path | None
) -> None:
    """Write down how an SOP works out, procedure by procedure; without --form print the form to fill in.

    Every six months is due. The form is for the last six months and begins with what the ledger counts in them: cases,
    late, held and sent back.
    """
    from sopwrap import formfile, reviews
    from sopwrap.errors import UsageError
    from sopwrap.sop import library
    from sopwrap.statement import Statement

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger, known = workspace.ledger(office), library(workspace.sops)
    if name not in known:
        raise UsageError(f"There is no SOP {name}.", f"Known: {', '.join(known)}.")
    sop = known[name]
    if form is None:
        click.echo(_blank(ledger, sop, office.day_of(sop, datetime.now(UTC))), nl=False)
        return
    if person is None:
        raise UsageError("Whose judgement is it?", "Say it with --as PERSON.")
    word = Statement(person, operator(), letter, note)
    reviews.review_sop(ledger, office, word, sop, formfile.read(form, ()))
    click.echo(f"Written down for {office.person(person).name}, stated by {operator()}: {sop.id}.")


def _blank(ledger: Ledger, sop: Sop, on: date) -> str:
    """The form of the paper for the six months up to a day: a row for each procedure, and as comments what the ledger
    counts in that time."""
    from sopwrap import formfile
    from sopwrap.catalogue import catalogue
    from sopwrap.engine import load_case
    from sopwrap.monitoring import figures, half_year
    from sopwrap.reviews import SOP_REVIEW

    period = half_year(on)
    counted = figures([sop], [load_case(ledger, one) for one in ledger.cases()], on)
    rows: list[dict[str, Any]] = [
        {"procedure": one.procedure, "assessment": "", "remarks": "", "action": ""} for one in counted
    ]
    told = [
        f"# {one.procedure}: {count(len(one.cases), 'case')} "
        f"({one.done} done, {one.running} running, {one.stopped} stopped); "
        f"{one.late} late, {one.held} held, {one.sent_back} sent back"
        for one in counted
    ]
    fields = {SOP_REVIEW: catalogue()[SOP_REVIEW].fields}
    known = {"since": str(period.since), "until": str(period.until), "judgements": rows}
    form = formfile.blank(fields, {SOP_REVIEW: known}, f"Review of {sop.id}")
    return "\n".join([f"# Cases opened from {period.since} to {period.until}:", *told, form])
