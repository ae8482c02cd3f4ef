"""The minutes of a restore that `sopwrap restore` has done, or taken back: a paper of its own, case or none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._paper_files import FOLDER, FORMATS, Entered, numbered, write
from sopwrap.errors import SopError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sopwrap.records import Evidence
    from sopwrap.workspace import Workspace


@click.command()
@click.argument("number", metavar="NUMBER|CASE")
@numbered
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS),
              help="Only this format; may be given again.")  # fmt: skip
@click.option("-o", "--output", type=FOLDER, help="The folder; papers/pemulihan-… in the office.")
@click.pass_context
def report(ctx: click.Context, number: str, formats: tuple[str, ...], output: Path | None, entered: Entered) -> None:
    """Make the minutes (Berita Acara) of what was done on a permit: the restore, its end, what was refused."""
    from sopwrap.commands.permit import known

    workspace = workspace_of(ctx)
    ledger = workspace.ledger()
    entered.keep(ledger, known(ledger, number).permit.number)
    for path in minutes(workspace, number, formats or ("pdf", "html"), output):
        click.echo(path)


def minutes(workspace: Workspace, number: str, formats: tuple[str, ...], output: Path | None = None) -> list[str]:
    """Write the minutes; return the paths of the files."""
    from sopwrap.inventory import load_register
    from sopwrap.restore_view import DOCUMENT, restore_view
    from sopwrap.survey import ZONE

    office = workspace.office()
    titles = {one.id: one.title or one.id for one in load_register(workspace).assets}
    view = restore_view(workspace.ledger(office), office, office.timezone or ZONE, number, titles)
    folder = output or workspace.papers / view.id
    return [one["path"] for one in write(view, (DOCUMENT,), formats, folder, workspace.logo(office.logo))]


def tell_minutes(workspace: Workspace, records: Sequence[Evidence]) -> None:
    """Write the minutes of what was just done and say where they are; a paper that fails does not undo a restore."""
    for record in records[-1:]:
        if record.restore and record.restore.permit and record.outcome != "planned":
            try:
                for path in minutes(workspace, record.restore.permit, ("pdf",)):
                    click.echo(f"Its minutes: {path}", err=True)
            except SopError as error:
                click.echo(f"Its minutes could not be made: {error}", err=True)
