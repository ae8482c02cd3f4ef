"""`sopwrap report office`: the papers of the office as a whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._paper_files import FOLDER, chosen_papers, write
from sopwrap.commands._show import listing, show

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@chosen_papers
@click.option("--on", type=DAY, metavar="DATE", help="The day they are made for.  [default: today]")
@click.option("-o", "--output", type=FOLDER, help="The folder; papers/kantor in the office.")
@listing
@click.pass_context
def office(
    ctx: click.Context,
    documents: tuple[str, ...],
    formats: tuple[str, ...],
    on: datetime | None,
    output: Path | None,
    as_json: bool,
    query: str | None,
) -> None:
    """Make the papers of the office: backup schedule, asset register, monitoring of SOPs, report of restore tests.

    They tell how register and ledger are now, and count the reviews that are due on the day they are made for.
    """
    from sopwrap.inventory import load_register
    from sopwrap.office_survey import office_view
    from sopwrap.sop import library

    workspace = workspace_of(ctx)
    found = workspace.office()
    register, sops = load_register(workspace), library(workspace.sops)
    view = office_view(found, register, workspace.ledger(found), sops, on.date() if on else None)
    folder = output or workspace.papers / view.id
    written = write(view, documents, formats or ("pdf", "html"), folder, workspace.logo(found.logo))
    show(written, lambda: "\n".join(one["path"] for one in written), as_json, query)
