"""`sopwrap audit`: check that the ledger is whole, and write a case so that others can."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sopwrap.commands._case_acts import usual
from sopwrap.commands._drive import workspace_of
from sopwrap.commands._show import listing, show
from sopwrap.errors import Exit, UsageError
from sopwrap.words import count

if TYPE_CHECKING:
    from sopwrap.audit import Audit

SHORTEST = 8


@click.group()
def audit() -> None:
    """Check the ledger, and export a case so that others can check it."""


@audit.command()
@click.option("--digest", "digests", multiple=True, metavar="HEX", help="A digest from a paper that has to be in it.")
@listing
@click.pass_context
def verify(ctx: click.Context, digests: tuple[str, ...], as_json: bool, query: str | None) -> None:
    """Check every line, both chains, every signature and every case; exit code 1 when something is wrong.

    A ledger whose last lines were cut off is still a whole chain: give the digest from a printed paper to rule it out.
    """
    from sopwrap.audit import audit as check

    if short := [one for one in digests if len(one) < SHORTEST or set(one.lower()) - set("0123456789abcdef")]:
        raise UsageError(f"{short[0]} is not a digest.", f"Give at least {SHORTEST} of its hexadecimal digits.")
    workspace = workspace_of(ctx)
    office = workspace.office()
    found = check(workspace.ledger(office), office, digests)
    show(found.as_dict(), lambda: _text(found), as_json, query)
    ctx.exit(int(Exit.FAILED if found.faults else Exit.DONE))


@audit.command()
@click.argument("name", metavar="[CASE]", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The archive; CASE.zip here.",
)
@click.pass_context
def export(ctx: click.Context, name: str | None, output: Path | None) -> None:
    """Write a case as one archive that anybody with Python can check: its lines, papers, evidence and keys.

    The archive holds check.py, which needs neither sopwrap nor the net. The same case always gives the same archive.
    """
    import hashlib

    from sopwrap.bundle import bundle
    from sopwrap.documents import available, render
    from sopwrap.filing import put
    from sopwrap.fold import fold

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    entries = ledger.entries(name or usual(ledger))
    case = fold(entries)
    logo = workspace.logo(case.office.get("logo"))
    papers = {f"{one}.pdf": render(case, one, "pdf", logo=logo) for one in available(case)}
    archive = bundle(entries, case, office, papers, workspace.papers / case.id)
    path = output or Path(f"{case.id}.zip")
    put(path, archive, "Choose another file with -o.")
    click.echo(f"{path}: SHA-256 {hashlib.sha256(archive).hexdigest()}")
    click.echo(f"Last digest of the case: {case.digest}")


def _text(found: Audit) -> str:
    lines = [*found.faults, *found.remarks]
    verdict = found.verdict
    if found.faults:
        good = f"The first {verdict.lines} lines are whole." if verdict.fault else "Both chains are whole."
        return "\n".join([*lines, f"{good} Keep the file as it is, and compare it with a copy from before."])
    parts = count(verdict.lines, "line"), count(verdict.cases, "case"), count(found.signed, "signature")
    whole = f"The ledger is whole: {', '.join(parts)}."
    return "\n".join([*lines, whole, f"Last digest: {verdict.head}"])
