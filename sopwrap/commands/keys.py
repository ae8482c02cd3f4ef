"""`sopwrap keys`: the keys of the stores, their shares in escrow, their change, and the drill that tries them."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from sopwrap.commands._drive import operator, workspace_of
from sopwrap.commands._keys_work import change, rehearse
from sopwrap.commands._show import listing, show, table
from sopwrap.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from sopwrap.inventory import Register
    from sopwrap.store_keys import StoreKey
    from sopwrap.workspace import Workspace

BY = click.option("--as", "person", required=True, metavar="PERSON", help="Who does it: an id in office.yml.")
LETTER = click.option("--letter", metavar="NUMBER", help="The number of the order on paper.")


@click.group()
def keys() -> None:
    """Make the keys of the stores, give shares of them into escrow, change them, and try them."""


@keys.command("create")
@click.argument("name", metavar="NAME")
@click.pass_context
def create_key(ctx: click.Context, name: str) -> None:
    """Make a random key for a new store: secrets/NAME.key, which nobody else may read."""
    from sopwrap.key_files import create

    path = _file(workspace_of(ctx), name)
    create(path)
    click.echo(f"{path} is made. Let a store read it, then: sopwrap keys escrow {path.name}")


@keys.command("list")
@listing
@click.pass_context
def list_keys(ctx: click.Context, as_json: bool, query: str | None) -> None:
    """List the keys of the inventory's stores: who holds shares of each, and when it was changed and tried."""
    known = _known(workspace_of(ctx))[1]
    rows = [
        (
            one.file,
            ", ".join(one.stores),
            f"{one.threshold} of {len(one.holders)}: {', '.join(p.id for p in one.holders)}" if one.holders else "none",
            _day(one.escrowed_at),
            _day(one.rotated_at),
            one.trouble or _day(one.drilled_at),
        )
        for one in known
    ]
    heads = ("KEY", "STORES", "SHARES", "PRINTED", "CHANGED", "LAST DRILL")
    show([one.as_dict() for one in known], lambda: table(heads, rows, "No store has a key file."), as_json, query)


@keys.command("escrow")
@click.argument("name", metavar="KEY")
@click.option("--holder", "holders", multiple=True, required=True, metavar="PERSON",
              help="Who gets a sheet; again for each.")  # fmt: skip
@click.option("--threshold", default=2, show_default=True, help="How many sheets open the key.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Where the sheets lie meanwhile."
)
@click.option("--leave", is_flag=True, help="Leave the sheets there (0600) instead of removing them when printed.")
@BY
@LETTER
@click.pass_context
def escrow(ctx: click.Context, /, name: str, threshold: int, output: Path | None, leave: bool, **who: Any) -> None:
    """Split KEY into shares and make a sheet of paper for each holder; any two of three open it.

    The sheets are removed when they are printed. Earlier sheets of the key stay good until it is changed.
    """
    from sopwrap.key_files import read
    from sopwrap.statement import Statement
    from sopwrap.store_keys import key_named, note_escrow

    workspace = workspace_of(ctx)
    office = workspace.office()
    found, holders = key_named(_known(workspace)[1], name), who["holders"]
    word = Statement(who["person"], operator(), who["letter"])
    word.actor(office)
    if len(set(holders)) < len(holders):
        raise UsageError("Somebody is named twice.", "Every share needs a holder of its own.")
    sheets = _sheets(workspace, found, read(workspace.secrets / found.file), holders, threshold)
    folder = output or Path(tempfile.mkdtemp(prefix="sopwrap-", dir=workspace.working))
    paths = [folder / f"{holder}.pdf" for holder in holders]
    try:
        _put(paths, sheets)
        click.echo("\n".join(map(str, paths)))
        if not leave:
            click.prompt("Print them, then press Enter; they are removed", default="", show_default=False, err=True)
    finally:
        if not leave:
            _remove(paths, None if output else folder)
    note_escrow(workspace.ledger(office), office, found.file, threshold, holders, word)
    click.echo(f"{threshold} of {len(holders)} sheets open {found.file}.")


@keys.command("rotate")
@click.argument("name", metavar="KEY")
@BY
@LETTER
@click.option("--ci", is_flag=True, help="Plain lines instead of a progress bar.")
@click.pass_context
def rotate(ctx: click.Context, name: str, person: str, letter: str | None, ci: bool) -> None:
    """Give all stores that are opened by KEY a new key; repeat it when it broke off.

    The new key is added to every store and tried, then put in the place of the former one, which is then removed.
    Sheets in escrow open nothing after that.
    """
    from sopwrap.statement import Statement
    from sopwrap.store_keys import key_named, note_rotation

    workspace = workspace_of(ctx)
    office = workspace.office()
    register, known = _known(workspace)
    found = key_named(known, name)
    word = Statement(person, operator(), letter)
    word.actor(office)
    ledger = workspace.ledger(office)
    change(workspace, ledger, register, found, ci, lambda: note_rotation(ledger, office, found.file, word))
    click.echo(f"{found.file} is another key now. Next: sopwrap keys escrow {found.file}")


@keys.command("drill")
@click.argument("name", metavar="KEY")
@click.option("--asset", "asset_id", required=True, metavar="ID", help="What is restored, from a store of that key.")
@click.option("--into", "place", required=True, metavar="PLACE", help="A fresh place: a path, or a database's name.")
@BY
@click.option("--ci", is_flag=True, help="Plain lines instead of a progress bar.")
@click.pass_context
def drill(ctx: click.Context, name: str, asset_id: str, place: str, person: str, ci: bool) -> None:
    """Restore an asset into a fresh place with nothing but the shares the holders type in.

    Four times a year is usual. How it went is kept in the ledger, and `sopwrap status` tells when it last was.
    """
    from sopwrap.statement import Statement
    from sopwrap.store_keys import key_named

    workspace = workspace_of(ctx)
    register, known = _known(workspace)
    found, asset = key_named(known, name), register.asset(asset_id)
    stores = [store for store in asset.stores if store in found.stores]
    if not stores:
        raise UsageError(
            f"{asset_id} lies in no store that {found.file} opens.", f"It opens: {', '.join(found.stores)}."
        )
    word = Statement(person, operator())
    word.actor(workspace.office())
    if not found.holders:
        click.echo(f"Nobody is known to hold shares of {found.file}: `sopwrap keys escrow` prints them.", err=True)
    shares = _asked()
    message = rehearse(workspace, found, (asset, stores[0], place), shares, word, ci)
    click.echo(message)


@keys.command("recover")
@click.argument("name", metavar="KEY")
@click.pass_context
def recover(ctx: click.Context, name: str) -> None:
    """Write a lost key back to secrets/ from the shares the holders type in; a file that is there stays."""
    from sopwrap.escrow import join
    from sopwrap.key_files import create

    path = _file(workspace_of(ctx), name)
    if path.exists():
        raise RefusedError(f"{path} is there already.", "It is not replaced: move it away first.")
    create(path, join(_asked()))
    click.echo(f"{path} is there again.")


def _asked() -> list[str]:
    """The shares as their holders type them in, unseen, as many as the first one says are needed."""
    from sopwrap.commands._ask import unseen
    from sopwrap.escrow import needed

    shares = [unseen("Share 1")]
    for number in range(2, needed(shares[0]) + 1):
        shares.append(unseen(f"Share {number}"))
        needed(shares[-1])
    return shares


def _known(workspace: Workspace) -> tuple[Register, list[StoreKey]]:
    from sopwrap.inventory import load_register
    from sopwrap.store_keys import known_keys

    register = load_register(workspace)
    return register, known_keys(workspace.ledger(), register.stores)


def _file(workspace: Workspace, name: str) -> Path:
    if not name or "/" in name or name.startswith("."):
        raise UsageError(f"{name} is no name of a key.", "Give a plain name, such as external.")
    return workspace.secrets / (name if name.endswith(".key") else f"{name}.key")


def _sheets(workspace: Workspace, found: StoreKey, key: str, holders: tuple[str, ...], threshold: int) -> list[bytes]:
    from sopwrap.escrow import Sheet, split
    from sopwrap.papers.escrow_sheet import pdf
    from sopwrap.statement import Statement
    from sopwrap.survey import ZONE

    office = workspace.office()
    people = [Statement(one, "").actor(office).model_dump(mode="json") for one in holders]
    shares = split(key, threshold, len(holders))
    today = datetime.now(UTC).astimezone(ZoneInfo(office.timezone or ZONE)).date()
    told = office.model_dump(mode="json")
    return [
        pdf(Sheet(found.file, found.stores, person, number, len(holders), threshold, words), told, today)
        for number, (person, words) in enumerate(zip(people, shares, strict=True), 1)
    ]


def _put(paths: list[Path], sheets: list[bytes]) -> None:
    """Write the sheets so that nobody else may read them."""
    import os

    from sopwrap.errors import SopError

    for path, sheet in zip(paths, sheets, strict=True):
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sheet)
        except OSError as error:
            raise SopError(f"{path} cannot be written: {error.strerror}.", "Choose another folder with -o.") from error


def _remove(paths: list[Path], folder: Path | None) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
    if folder is not None:
        folder.rmdir()


def _day(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d}"
