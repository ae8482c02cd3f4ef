"""`sopwrap report`: the papers of a case, as files."""

from __future__ import annotations

from pathlib import Path

import click

from sopwrap.commands._case_acts import usual
from sopwrap.commands._drive import workspace_of
from sopwrap.commands._paper_files import FOLDER, chosen_papers, write
from sopwrap.commands._report_office import office
from sopwrap.commands._report_signing import accept, issue, sign
from sopwrap.commands._show import listing, show
from sopwrap.commands._usual import UsualGroup


@click.group(cls=UsualGroup, usual="make")
def report() -> None:
    """Make the papers of a case (`sopwrap report [CASE]`), have them signed, and take them back.

    A paper is issued, signed here with a PKCS#12 file or elsewhere, and accepted when it is the one that was issued.
    """


for command in (office, issue, sign, accept):
    report.add_command(command)


@report.command()
@click.argument("name", metavar="[CASE]", required=False)
@chosen_papers
@click.option("-o", "--output", type=FOLDER, help="The folder; papers/CASE in the office.")
@listing
@click.pass_context
def make(
    ctx: click.Context,
    name: str | None,
    documents: tuple[str, ...],
    formats: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    query: str | None,
) -> None:
    """Make the papers of a case: every paper it can give, as PDF and HTML, into papers/CASE.

    Without CASE: the open case where there is one, else the newest. The same case always gives the same files.
    """
    from sopwrap.engine import load_case

    workspace = workspace_of(ctx)
    ledger = workspace.ledger()
    case = load_case(ledger, name or usual(ledger))
    folder = output or workspace.papers / case.id
    written = write(case, documents, formats or ("pdf", "html"), folder, workspace.logo(case.office.get("logo")))
    show(written, lambda: "\n".join(one["path"] for one in written), as_json, query)
