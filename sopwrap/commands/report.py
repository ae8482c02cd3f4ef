"""`sopwrap report`: the papers of a case, as files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sopwrap.commands._case_acts import usual
from sopwrap.commands._drive import workspace_of
from sopwrap.commands._report_signing import accept, issue, sign
from sopwrap.commands._show import listing, show
from sopwrap.commands._usual import UsualGroup
from sopwrap.filing import put

if TYPE_CHECKING:
    from sopwrap.case import Case

FORMATS = ("pdf", "html", "docx", "json")


@click.group(cls=UsualGroup, usual="make")
def report() -> None:
    """Make the papers of a case (`sopwrap report [CASE]`), have them signed, and take them back.

    A paper is issued, signed here with a PKCS#12 file or elsewhere, and accepted when it is the one that was issued.
    """


for command in (issue, sign, accept):
    report.add_command(command)


@report.command()
@click.argument("name", metavar="[CASE]", required=False)
@click.option("--document", "documents", multiple=True, metavar="ID", help="Only this paper; may be given again.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Only this format; may be given again."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="The folder; papers/CASE in the office."
)
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
    written = _write(case, documents, formats or ("pdf", "html"), folder, workspace.logo(case.office.get("logo")))
    show(written, lambda: "\n".join(one["path"] for one in written), as_json, query)


def _write(
    case: Case, wanted: tuple[str, ...], formats: tuple[str, ...], folder: Path, logo: bytes | None
) -> list[dict[str, Any]]:
    """Render everything first, then write, so that a refused document leaves no half set behind."""
    from sopwrap.documents import available, render

    ids = list(dict.fromkeys(wanted)) or available(case)
    files = {}
    for document in ids:
        for fmt in dict.fromkeys(formats):
            content = render(case, document, fmt, logo=logo)
            # The data is the same whichever paper it is for, so it is one file.
            files[f"{case.id}.json" if fmt == "json" else f"{document}.{fmt}"] = (document, fmt, content)
    written = []
    for file, (document, fmt, content) in files.items():
        path = folder / file
        put(path, content, "Choose another folder with -o.")
        digest = hashlib.sha256(content).hexdigest()
        written.append(
            {"document": None if fmt == "json" else document, "format": fmt, "path": str(path), "sha256": digest}
        )
    return written
