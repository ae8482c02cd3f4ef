"""`sopwrap media`: the disks, servers and object stores that recovery points lie on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sopwrap.commands._drive import operator, workspace_of
from sopwrap.commands._evidence import keep_evidence
from sopwrap.commands._paper_files import Entered, give, minutes_of_one
from sopwrap.commands._show import listing, show, table
from sopwrap.commands.restore import conclude
from sopwrap.errors import NothingMatchedError, UsageError
from sopwrap.words import size

if TYPE_CHECKING:
    from datetime import datetime

    from sopwrap.media import Carrier
    from sopwrap.workspace import Workspace

KEY = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def media() -> None:
    """List, check, read back and hand over the media recovery points lie on."""


@media.command("list")
@listing
@click.pass_context
def list_media(ctx: click.Context, as_json: bool, query: str | None) -> None:
    """List every labelled medium: who has it, where it is, when it was last seen and what lies on it read back."""
    _print(_carriers(workspace_of(ctx)), as_json, query)


@media.command("show")
@click.argument("label", metavar="LABEL")
@listing
@click.pass_context
def show_medium(ctx: click.Context, label: str, as_json: bool, query: str | None) -> None:
    """Show one medium and everybody who had it in hand."""
    known = _carriers(workspace_of(ctx))
    found = next((one for one in known if one.medium.label == label), None)
    if found is None:
        labels = ", ".join(str(one.medium.label) for one in known) or "none"
        raise UsageError(f"There is no medium {label} in the inventory.", f"Known: {labels}.")
    show(found.as_dict(), lambda: _text(found.as_dict()), as_json, query)


@media.command("check")
@click.option("--ci", is_flag=True, help="Plain lines instead of a progress bar.")
@listing
@click.pass_context
def check_media(ctx: click.Context, ci: bool, as_json: bool, query: str | None) -> None:
    """Let every host look whether its media are there, are the right ones and can be written; the evidence is kept.

    Ends with 4 when one is missing or not in order.
    """
    _let_look(ctx, "check_media", ci, as_json, query)


@media.command("verify")
@click.option("--ci", is_flag=True, help="Plain lines instead of a progress bar.")
@listing
@click.pass_context
def verify_media(ctx: click.Context, ci: bool, as_json: bool, query: str | None) -> None:
    """Read every byte of every store back and compare it with its checksum; the evidence is kept.

    This finds what a disk has lost or changed in points that nobody restores. It takes as long as reading the disk.
    """
    _let_look(ctx, "verify_stores", ci, as_json, query)


@media.command("handover")
@click.argument("label", metavar="LABEL")
@click.option("--from", "giver", required=True, metavar="PERSON", help="Who gives it away: an id in office.yml.")
@click.option("--to", "receiver", required=True, metavar="PERSON", help="Who has it from then on.")
@click.option("--place", metavar="TEXT", help="Where it is kept from then on, when that changes.")
@click.option("--from-key", type=KEY, metavar="FILE", help="The OpenSSH key of who gives it away, to sign with.")
@click.option("--to-key", type=KEY, metavar="FILE", help="The OpenSSH key of who takes it.")
@click.option("--letter", metavar="NUMBER", help="The number of the hand-over both have signed on paper.")
@click.option("--note", default="", metavar="TEXT", help="In which state it was handed over, sealed how.")
@click.pass_context
def hand_over_medium(
    ctx: click.Context, /, label: str, giver: str, receiver: str, place: str | None, **word: Any
) -> None:
    """Write down that a medium went from one person to another; papers name the new one from then on.

    Whoever has a key in office.yml signs with it here, or is entered by the letter both have signed on paper.
    """
    from sopwrap.handovers import Word, hand_over
    from sopwrap.inventory import load_register

    workspace = workspace_of(ctx)
    office, register = workspace.office(), load_register(workspace)
    known = [store.medium for store in register.stores.values()]
    keys = {party: key for party, key in (("giver", word["from_key"]), ("receiver", word["to_key"])) if key}
    said = Word(operator(), word["letter"], word["note"], keys)
    done = hand_over(workspace.ledger(office), office, known, label, (giver, receiver), place, said)
    how = f"signed by {' and '.join(getattr(done, one).name for one in done.signed)}" if done.signed else ""
    stated = f"stated by {done.stated_by}" if len(done.signed) < len((giver, receiver)) else ""
    click.echo(
        f"{label} went from {done.giver.name} to {done.receiver.name}, {', '.join(filter(None, (how, stated)))}."
    )
    click.echo(f"  sopwrap media report {done.number}")


@media.command("report")
@minutes_of_one
@click.pass_context
def report(
    ctx: click.Context,
    /,
    number: str | None,
    formats: tuple[str, ...],
    output: Path | None,
    entered: Entered,
    **how: Any,
) -> None:
    """Make the minutes (Berita Acara) of a hand-over; of the last one without NUMBER."""
    from sopwrap.handovers import views
    from sopwrap.survey import ZONE

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    known = {one.id: one for one in views(ledger, office, office.timezone or ZONE)}
    if not known:
        raise NothingMatchedError("No medium was handed over yet.", "See `sopwrap media handover --help`.")
    chosen = number or list(known)[-1]
    if chosen not in known:
        raise UsageError(f"There is no hand-over {chosen}.", f"Known: {', '.join(known)}.")
    if entered.keep(ledger, chosen):
        known = {one.id: one for one in views(ledger, office, office.timezone or ZONE)}
    give(known[chosen], workspace, formats, output, **how)


def _let_look(ctx: click.Context, action: str, ci: bool, as_json: bool, query: str | None) -> NoReturn:
    """Run a playbook of the stores on every host, keep what it found, and print the media as they are now known."""
    from sopwrap.execution import Executor, Order
    from sopwrap.inventory import load_register
    from sopwrap.progress import watch

    workspace = workspace_of(ctx)
    assets = load_register(workspace).select([])
    with workspace.lock():
        result = Executor(workspace, watch(ci or as_json)).carry_out(Order((action,), assets))
        keep_evidence(workspace.ledger(), result.records)
    _print(_carriers(workspace), as_json, query)
    conclude(ctx, result, "")


def _carriers(workspace: Workspace) -> list[Carrier]:
    from sopwrap.handovers import HANDED_OVER, handovers
    from sopwrap.inventory import load_register
    from sopwrap.media import carriers
    from sopwrap.records import evidence

    ledger = workspace.ledger()
    records = [evidence(one.data["record"], f"line {one.seq} of the ledger") for one in ledger.of_kind("evidence")]
    registered = [store.medium for store in load_register(workspace).stores.values()]
    return carriers(registered, records, handovers(ledger.of_kind(HANDED_OVER)))


def _print(known: list[Carrier], as_json: bool, query: str | None) -> None:
    rows = [
        (
            one.medium.label,
            one.medium.form,
            one.medium.custodian or "-",
            one.medium.place or "-",
            _day(one.seen_at),
            _day(one.read_back_at),
            size(one.free_bytes),
            one.trouble or "-",
        )
        for one in known
    ]
    heads = ("MEDIUM", "FORM", "CUSTODIAN", "PLACE", "SEEN (UTC)", "READ BACK (UTC)", "FREE", "TROUBLE")
    empty = "No store of the inventory has a medium with a label."
    show([one.as_dict() for one in known], lambda: table(heads, rows, empty), as_json, query)


def _text(data: dict[str, Any]) -> str:
    width = max(map(len, data))
    plain = {key: value for key, value in data.items() if key != "handovers" and value not in (None, "", False)}
    lines = [f"{key:{width}}  {', '.join(value) if isinstance(value, list) else value}" for key, value in plain.items()]
    rows = [
        (
            one["number"],
            one["at"][:16].replace("T", " "),
            one["from"],
            one["to"],
            one["place"] or "-",
            ", ".join(one["signed"]) or "-",
            one["letter"] or "-",
            one["note"],
        )
        for one in data["handovers"]
    ]
    heads = ("NUMBER", "HANDED OVER (UTC)", "FROM", "TO", "PLACE", "SIGNED BY", "LETTER", "NOTE")
    return "\n".join([*lines, "", table(heads, rows, "It was never handed over.")])


def _day(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
