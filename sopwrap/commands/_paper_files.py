"""What the commands that make papers share: which papers and formats are wanted, and the files they become."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from sopwrap.commands._show import listing, show
from sopwrap.errors import UsageError
from sopwrap.filing import put

if TYPE_CHECKING:
    from sopwrap.ledger import Ledger
    from sopwrap.office_view import Subject
    from sopwrap.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("pdf", "html", "docx", "json")
FOLDER = click.Path(path_type=Path, file_okay=False)


def chosen_papers(function: F) -> F:
    """Give a command the options that say which papers are made, in which formats."""
    formats, again = click.Choice(FORMATS), "may be given again."
    for option in (
        click.option("--format", "formats", multiple=True, type=formats, help=f"Only this format; {again}"),
        click.option("--document", "documents", multiple=True, metavar="ID", help=f"Only this paper; {again}"),
    ):
        function = option(function)
    return function


@dataclass(frozen=True)
class Entered:
    """The official number given with a command that makes minutes, its day, and who is at the keyboard."""

    number: str | None
    dated: str | None

    def keep(self, ledger: Ledger, about: str) -> bool:
        """Write the number down where one is given; return whether it was."""
        from sopwrap.commands._drive import operator
        from sopwrap.paper_numbers import enter

        if self.number is None:
            if self.dated is not None:
                raise UsageError("--dated is the day of a number.", "Give the number with --number.")
            return False
        enter(ledger, about, self.number, self.dated, operator())
        return True


def numbered(function: F) -> F:
    """Give a command that makes minutes the options for their official number, gathered as ``entered``."""

    @wraps(function)
    def gathered(*words: Any, official: str | None, dated: str | None, **more: Any) -> Any:
        return function(*words, entered=Entered(official, dated), **more)

    day = click.option("--dated", metavar="DATE", help="The day the agenda gave it, like 2026-01-31.")
    number = click.option(
        "--number", "official", metavar="TEXT", help="Enter the official number of the minutes first."
    )
    return cast(F, number(day(gathered)))


def minutes_of_one(function: F) -> F:
    """Give a command that makes the minutes of one act (the last one without NUMBER) its argument and options."""
    only = click.option(
        "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Only this format; may be given again."
    )
    folder = click.option("-o", "--output", type=FOLDER, help="The folder; papers/NUMBER in the office.")
    act = click.argument("number", metavar="[NUMBER]", required=False)
    return act(numbered(only(folder(listing(function)))))


def give(
    found: Subject,
    workspace: Workspace,
    formats: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    query: str | None,
) -> None:
    """Write the papers of one act into ``output``, or the office's folder for it, and tell the files."""
    folder = output or workspace.papers / found.id
    written = write(found, (), formats or ("pdf", "html"), folder, workspace.logo(workspace.office().logo))
    show(written, lambda: "\n".join(one["path"] for one in written), as_json, query)


def write(
    subject: Subject, wanted: tuple[str, ...], formats: tuple[str, ...], folder: Path, logo: bytes | None
) -> list[dict[str, Any]]:
    """Render everything first, then write, so that a refused document leaves no half set behind."""
    from sopwrap.documents import available
    from sopwrap.rendering import render_all

    ids = list(dict.fromkeys(wanted)) or available(subject)
    # The data is the same whichever paper it is for, so it is one file.
    files = {
        f"{subject.id}.json" if fmt == "json" else f"{document}.{fmt}": (document, fmt)
        for document in ids
        for fmt in dict.fromkeys(formats)
    }
    written = []
    contents = render_all(subject, list(files.values()), logo)
    for (file, (document, fmt)), content in zip(files.items(), contents, strict=True):
        path = folder / file
        put(path, content, "Choose another folder with -o.")
        digest = hashlib.sha256(content).hexdigest()
        written.append(
            {"document": None if fmt == "json" else document, "format": fmt, "path": str(path), "sha256": digest}
        )
    return written
