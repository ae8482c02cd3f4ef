"""The commands of `sopwrap report` for signatures in PDF files: issue a paper, sign it here, take it back."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sopwrap.commands._ask import unseen
from sopwrap.commands._case_acts import CASE, usual
from sopwrap.commands._drive import operator, workspace_of
from sopwrap.commands._show import listing, show
from sopwrap.errors import RefusedError, UsageError
from sopwrap.filing import put

if TYPE_CHECKING:
    from sopwrap.case import Case
    from sopwrap.issues import SignedPaper
    from sopwrap.issuing import Desk
    from sopwrap.workspace import Workspace

FILE = click.Path(path_type=Path, dir_okay=False)


def _desk(workspace: Workspace) -> Desk:
    from sopwrap.documents import render
    from sopwrap.issuing import Desk

    def made(case: Case, document: str) -> bytes:
        return render(case, document, "pdf", logo=workspace.logo(case.office.get("logo")))

    return Desk(workspace.ledger(), made, operator())


def _named(desk: Desk, words: tuple[str, ...]) -> tuple[str, str]:
    """Read [CASE] DOCUMENT."""
    left = list(words)
    name = left.pop(0) if CASE.fullmatch(left[0]) else None
    if len(left) != 1:
        raise UsageError("Name one document.", "Like: sopwrap report issue 2026-0001 minutes.")
    return name or usual(desk.ledger), left[0]


@click.command()
@click.argument("words", metavar="[CASE] DOCUMENT", nargs=-1, required=True)
@click.option("-o", "--output", type=FILE, metavar="FILE", help="The PDF to write; papers/CASE/DOCUMENT.issued.pdf.")
@click.pass_context
def issue(ctx: click.Context, words: tuple[str, ...], output: Path | None) -> None:
    """Write a paper as PDF to be signed elsewhere, and note its SHA-256, so that it is known when it comes back."""
    from sopwrap import issuing

    workspace = workspace_of(ctx)
    desk = _desk(workspace)
    case, document = _named(desk, words)
    pdf, issued = issuing.issue(desk, case, document)
    path = output or workspace.papers / case / f"{document}.issued.pdf"
    put(path, pdf, "Choose another file with -o.")
    click.echo(f"{path} was issued: SHA-256 {issued.sha256}.")
    click.echo("Have it signed as it is, then: sopwrap report accept FILE")


@click.command()
@click.argument("words", metavar="[CASE] DOCUMENT", nargs=-1, required=True)
@click.option("--p12", type=FILE, required=True, metavar="FILE", help="The person's PKCS#12 file (.p12, .pfx).")
@click.option("--as", "person", required=True, metavar="PERSON", help="The person's id in office.yml.")
@click.option("--passphrase-file", type=FILE, metavar="FILE", help="Read the passphrase from a file only you can read.")
@click.option("--file", "given", type=FILE, metavar="FILE", help="The PDF to sign, where it is not in papers/CASE.")
@click.pass_context
def sign(
    ctx: click.Context,
    words: tuple[str, ...],
    p12: Path,
    person: str,
    passphrase_file: Path | None,
    given: Path | None,
) -> None:
    """Sign a paper in the person's own field (PAdES), beside signatures that are there already.

    The passphrase is asked on the terminal. Neither it nor the key is kept.
    """
    from sopwrap import issuing, pades, paper_signing

    workspace = workspace_of(ctx)
    office, desk = workspace.office(), _desk(workspace)
    name, document = _named(desk, words)
    who = office.person(person)
    pdf = _unsigned(workspace, desk, name, document, given)
    case, _ = issuing.issued_as(desk, pdf, name)
    certificate = pades.open_pkcs12(_readable(p12), _passphrase(passphrase_file))
    done = paper_signing.sign(pdf, case, office, paper_signing.Signer(who, certificate))
    _take(workspace, desk, done, name)
    click.echo(f"{document} of case {name} was signed for {who.name}: {_signed(workspace, name, document)}")


@click.command()
@click.argument("file", type=FILE)
@click.option("--case", "name", metavar="CASE", help="The case it has to belong to.")
@listing
@click.pass_context
def accept(ctx: click.Context, file: Path, name: str | None, as_json: bool, query: str | None) -> None:
    """Take back a paper that was signed elsewhere: it has to be one that was issued, with every signature intact.

    It is kept as papers/CASE/DOCUMENT.signed.pdf. A signature is told as trusted only by the roots office.yml names.
    """
    workspace = workspace_of(ctx)
    try:
        case, signed = _take(workspace, _desk(workspace), _readable(file).read_bytes(), name)
    except RefusedError as error:
        raise RefusedError(f"{file.name} is not taken back: {error.message}", error.hint) from error
    told = {"case": case.id, **{key: value for key, value in vars(signed).items() if key != "at"}}
    show({**told, "seals": list(signed.seals)}, lambda: _text(case, signed), as_json, query)


def _take(workspace: Workspace, desk: Desk, pdf: bytes, name: str | None) -> tuple[Case, SignedPaper]:
    """Check and record a signed PDF, and keep it in the case's folder."""
    from sopwrap import issuing, pades

    trusted = [one for file in workspace.office().trust for one in pades.certificates(workspace.folder / file)]
    case, signed = issuing.take(desk, pdf, trusted, name)
    put(_signed(workspace, case.id, signed.document), pdf, "The ledger has it: keep the signed file elsewhere.")
    return case, signed


def _signed(workspace: Workspace, case: str, document: str) -> Path:
    return workspace.papers / case / f"{document}.signed.pdf"


def _unsigned(workspace: Workspace, desk: Desk, name: str, document: str, given: Path | None) -> bytes:
    """What is to be signed: the file given, else the paper as others have signed it, else as it is issued now."""
    from sopwrap import issuing
    from sopwrap.engine import load_case

    if given is not None:
        return _readable(given).read_bytes()
    case = load_case(desk.ledger, name)
    issued = issuing.latest(case, document)
    before = [one for one in case.signed if issued and one.issued == issued.sha256]
    if not before:
        return issuing.issue(desk, name, document)[0]
    path = _signed(workspace, name, document)
    if path.is_file() and issuing.digest(pdf := path.read_bytes()) == before[-1].sha256:
        return pdf
    raise UsageError(
        f"{path} is not the file that {before[-1].seals[-1]['signer']} has signed.", "Give that file with --file."
    )


def _readable(path: Path) -> Path:
    try:
        path.open("rb").close()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    return path


def _passphrase(file: Path | None) -> bytes:
    """The passphrase from the terminal, or from a file nobody else can read; it never leaves this process."""
    if file is None:
        return unseen("Passphrase of the PKCS#12 file").encode()
    if _readable(file).stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise RefusedError(f"Others can read {file}.", f"Run `chmod 600 {file}` first.")
    return file.read_bytes().rstrip(b"\r\n")


def _text(case: Case, signed: SignedPaper) -> str:
    trust = {
        None: "office.yml names no roots to judge it by",
        True: "trusted",
        False: "not trusted by the office's roots",
    }
    lines = [f"{signed.document} of case {case.id} is the paper that was issued, and every signature is intact."]
    lines += [f"  {one['signer']}, {one['at'] or 'no time told'} ({trust[one['trusted']]})" for one in signed.seals]
    return "\n".join(lines)
