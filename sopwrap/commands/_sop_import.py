"""`sopwrap sop import`: a written table becomes an SOP's file; what the table does not say is asked or marked."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sopwrap.errors import SopError, UsageError
from sopwrap.words import count

if TYPE_CHECKING:
    from sopwrap.imports.steps import Question


@click.command("import")
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; else printed."
)
@click.option("--id", "sop_id", metavar="ID", default="", help="The SOP's id; otherwise made of the file's name.")
@click.option(
    "--layout", type=click.Choice(["sop_ap", "mutu"]), help="How it is printed; otherwise read from the file."
)
@click.option("--yes", is_flag=True, help="Ask nothing; mark what is open with `# ?`.")
def import_sop(table: Path, output: Path | None, sop_id: str, layout: str | None, yes: bool) -> None:
    """Write an SOP's YAML from its table (CSV, XLSX or DOCX), as the paper has it.

    The table has the columns No, Kegiatan, Pelaksana (one for each lane, with marks, or one with names),
    Kelengkapan, Waktu, Output and Keterangan, in any order. On a terminal it asks what the table does not say;
    every guess is a comment `# ?` in the file. Nothing is made up.
    """
    from sopwrap.imports.build import build
    from sopwrap.imports.readers import read_tables
    from sopwrap.imports.write import as_yaml

    if sop_id and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", sop_id):
        raise UsageError(f"--id {sop_id}: small letters, digits, - and _ only.", "For example: --id dinas-contoh-2026.")
    if output and output.exists():
        raise UsageError(f"{output} is there already.", "Name another file, or remove it first.")
    ask = _ask if sys.stdin.isatty() and not yes else lambda question: ""
    draft = build(read_tables(table), table.name, ask, sop_id=sop_id, layout=layout or "")
    text = as_yaml(draft)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)
    procedures = draft.data["procedures"]
    parts = count(len(procedures), "procedure"), count(sum(len(one["steps"]) for one in procedures), "step")
    name = output or f"{draft.data['id']}.yml"
    click.echo(f"{table}: {', '.join(parts)}, {count(draft.doubts, 'mark')} # ?.", err=True)
    click.echo(f"Look at the marks, then `sopwrap sop lint {name}`.", err=True)


def _ask(question: Question) -> str:
    """Ask on the terminal until the answer is one of those there are, or none."""
    click.echo(question.row, err=True)
    numbered = {str(number): choice for number, choice in enumerate(question.choices, 1)}
    worded = not all(choice.isdigit() for choice in question.choices[:-1])
    if worded:
        click.echo("\n".join(f"  {number}  {choice}" for number, choice in numbered.items()), err=True)
    choices = numbered if worded else {choice: choice for choice in question.choices}
    hint = f"1-{len(numbered)}" if worded else "a row's number, or selesai"
    while True:
        answer: str = click.prompt(
            f"{question.text} [{hint}; Enter leaves it open]", default="", show_default=False, err=True
        )
        if not answer.strip() or answer.strip() in choices:
            return choices.get(answer.strip(), "")
        click.echo("That is none of the answers.", err=True)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SopError(f"{path} cannot be written: {error.strerror}.", "Name another file with -o.") from error
