"""`sopwrap sop print`: the official form of an SOP, without any case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._show import listing, show
from sopwrap.errors import UsageError
from sopwrap.filing import put

if TYPE_CHECKING:
    from sopwrap.sop import Sop
    from sopwrap.workspace import Workspace

FORMATS = ("pdf", "html", "docx", "csv")
DOCUMENT = "sop"


@click.command("print")
@click.argument("name", metavar="SOP|FILE")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Only this format; may be given again."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="The folder; here if not given.")
@listing
@click.pass_context
def print_sop(
    ctx: click.Context, name: str, formats: tuple[str, ...], output: Path | None, as_json: bool, query: str | None
) -> None:
    """Give the official form of an SOP back: identity, flow chart and boxes, as PDF (and HTML, DOCX).

    As CSV, each procedure is a table that `sopwrap sop import` reads back to the same rows.
    """
    workspace = _workspace(ctx)
    sop = _sop(name, workspace)
    folder = output or Path()
    written = [folder / file for file in _files(sop, formats or ("pdf",), workspace, folder)]
    show([{"path": str(path)} for path in written], lambda: "\n".join(map(str, written)), as_json, query)


def _workspace(ctx: click.Context) -> Workspace | None:
    try:
        return workspace_of(ctx)
    except UsageError:
        return None


def _sop(name: str, workspace: Workspace | None) -> Sop:
    from sopwrap.models import load
    from sopwrap.sop import Sop, library

    if Path(name).is_file():
        return load(Path(name), Sop)
    sops = library(workspace.sops if workspace else None)
    if name.partition("/")[0] not in sops:
        raise UsageError(f"There is no SOP {name}.", f"Known: {', '.join(sops)}; or name a file.")
    return sops[name.partition("/")[0]]


def _files(sop: Sop, formats: tuple[str, ...], workspace: Workspace | None, folder: Path) -> list[str]:
    """Make everything, then write it; return the files' names."""
    from sopwrap.documents import render
    from sopwrap.sop_table import as_csv
    from sopwrap.sop_view import SopView

    office = workspace.office() if workspace else None
    logo = workspace.logo(office.logo) if workspace and office else None
    contents: dict[str, bytes] = {}
    for fmt in dict.fromkeys(formats):
        if fmt == "csv":
            contents |= {f"{sop.id}-{one.id}.csv": as_csv(sop, one).encode() for one in sop.procedures}
        else:
            contents[f"{sop.id}.{fmt}"] = render(SopView(sop), DOCUMENT, fmt, logo=logo)
    for file, content in contents.items():
        put(folder / file, content, "Choose another folder with -o.")
    return list(contents)
