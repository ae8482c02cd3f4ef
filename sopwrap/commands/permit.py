"""`sopwrap permit`: the signed permission to replace living data, made from what the ledger holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from sopwrap.commands._drive import operator, workspace_of
from sopwrap.commands._show import listing, show
from sopwrap.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.permits import Emergency, Permit, Signed

EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)
UNDO = click.option(
    "--undo-hours", default=72, show_default=True, type=click.IntRange(1), help="How long undo is, after that."
)


@click.group()
def permit() -> None:
    """Issue, show and verify permits to replace living data, and tell hosts whose permits they believe."""


@permit.command()
@click.argument("case_id", metavar="CASE")
@click.option("--asset", "asset_id", required=True, metavar="ID", help="The asset that is to be restored.")
@click.option("--executor", required=True, metavar="PERSON", help="Who will do it: a person of the step's lane.")
@click.option(
    "--key", required=True, type=click.Path(path_type=Path), help="The approver's private key, or the office's."
)
@click.option("--letter", type=EXISTING, metavar="FILE", help="The letter's scan, where the case holds one's SHA-256.")
@click.option("--hours", default=24, show_default=True, type=click.IntRange(1, 168), help="How long it is good.")
@UNDO
@click.pass_context
def issue(ctx: click.Context, /, case_id: str, asset_id: str, executor: str, key: Path, **more: Any) -> None:
    """Issue a permit from the decision recorded in CASE and the newest plan of the asset's restore.

    It is signed with the approver's own key; where office.yml has none for the approver, with the office's permit key
    (`permit_key` there) on the strength of the decision, which the permit says.
    """
    from datetime import UTC, datetime, timedelta

    from sopwrap.approval import Window, approval, planned, require_letter
    from sopwrap.approval import permit as follows
    from sopwrap.engine import load_case
    from sopwrap.intake import paper
    from sopwrap.ledger import Draft
    from sopwrap.permits import sign, verify
    from sopwrap.records import evidence

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    case = load_case(ledger, case_id)
    require_letter(case, paper(more["letter"])["sha256"] if more["letter"] else None)
    records = [evidence(entry.data["record"]) for entry in ledger.of_kind("evidence", containing=asset_id)]
    window = Window(datetime.now(UTC), timedelta(hours=more["hours"]), timedelta(hours=more["undo_hours"]))
    signed = sign(follows(case, office, approval(case), planned(case, asset_id, records), executor, window), key)
    verify(signed, keys(office))
    data = {"text": signed.text, "number": signed.permit.number, "stated_by": operator()}
    ledger.append(case.id, [Draft("permit", data)], head=case.digest)
    click.echo(signed.text, nl=False)
    click.echo(f"Permit {signed.permit.number} is good until {signed.permit.not_after}.", err=True)


@permit.command()
@click.argument("asset_id", metavar="ASSET")
@click.option("--reason", required=True, metavar="TEXT", help="What happened; it is printed in the minutes.")
@click.option("--first", required=True, metavar="PERSON", help="One of the two who stand for it.")
@click.option("--first-key", required=True, type=EXISTING, metavar="FILE", help="Their own private key.")
@click.option("--second", required=True, metavar="PERSON", help="The other one.")
@click.option("--second-key", required=True, type=EXISTING, metavar="FILE", help="Their own private key.")
@click.option("--executor", required=True, metavar="PERSON", help="Who will do it.")
@click.option("--hours", default=4, show_default=True, type=click.IntRange(1, 24), help="How long it is good.")
@UNDO
@click.pass_context
def emergency(ctx: click.Context, /, asset_id: str, reason: str, executor: str, hours: int, **more: Any) -> None:
    """Permit a restore without letter and decision: two people of `emergency` in office.yml sign, each with their key.

    It is made from the newest plan of the asset's restore. It has minutes of its own (`sopwrap restore report NUMBER`),
    and every report of the following year tells of it.
    """
    from datetime import UTC, datetime, timedelta

    from sopwrap import approval, emergencies
    from sopwrap.inventory import load_register
    from sopwrap.permits import sign, verify
    from sopwrap.records import evidence

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    records = [evidence(entry.data["record"]) for entry in ledger.of_kind("evidence", containing=asset_id)]
    if not any(one.asset == asset_id for one in records):
        load_register(workspace).asset(asset_id)
    plan = approval.newest_plan(asset_id, records)
    window = approval.Window(datetime.now(UTC), timedelta(hours=hours), timedelta(hours=more["undo_hours"]))
    people = (more["first"], more["second"], executor)
    signed = sign(approval.emergency(office, plan, people, reason, window), more["first_key"], more["second_key"])
    verify(signed, keys(office))
    emergencies.write(ledger, signed, operator())
    click.echo(signed.text, nl=False)
    click.echo(f"Emergency permit {signed.permit.number} is good until {signed.permit.not_after}.", err=True)


@permit.command("show")
@click.argument("number", metavar="NUMBER|CASE")
@click.option("--text", "whole", is_flag=True, help="The permit's whole text, as ansible-playbook takes it.")
@listing
@click.pass_context
def show_permit(ctx: click.Context, number: str, whole: bool, as_json: bool, query: str | None) -> None:
    """Show a permit of the ledger: by its number, or the newest of a case."""
    signed = known(workspace_of(ctx).ledger(), number)
    if whole:
        click.echo(signed.text, nl=False)
        return
    data = signed.permit.model_dump(mode="json", by_alias=True)
    show(data, lambda: "\n".join(f"{key:12} {_word(value)}" for key, value in data.items()), as_json, query)


@permit.command("verify")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--letter", type=EXISTING, metavar="FILE", help="Compare the letter's scan with the one it follows from.")
@click.pass_context
def verify_permit(ctx: click.Context, file: TextIO, letter: Path | None) -> None:
    """Verify a permit's FILE (- for standard input): its form, its signature, and that this office issued it."""
    from sopwrap.intake import paper
    from sopwrap.permits import read, verify

    workspace = workspace_of(ctx)
    office = workspace.office()
    signed = read(file.read())
    verify(signed, keys(office))
    if known(workspace.ledger(office), signed.permit.number) != signed:
        raise UsageError(f"The ledger holds another permit {signed.permit.number}.")
    if letter is not None:
        _require_letter(signed.permit, paper(letter)["sha256"])
    click.echo(f"Permit {signed.permit.number}: {signed.permit.asset} on {signed.permit.host}, signed by "
               f"{' and '.join(signed.permit.signers)}, good until {signed.permit.not_after}.")  # fmt: skip


@permit.command()
@click.option("--asset", "ids", multiple=True, metavar="ID", help="Only hosts with these assets.")
@click.pass_context
def trust(ctx: click.Context, ids: tuple[str, ...]) -> None:
    """Tell the hosts, once, whose permits they believe: the people with a key in office.yml, and the office's key."""
    from sopwrap.commands.restore import conclude
    from sopwrap.execution import Executor, Order, Watch
    from sopwrap.inventory import load_register
    from sopwrap.permits import permit_signers

    workspace = workspace_of(ctx)
    office = workspace.office()
    known_keys = keys(office)
    if not known_keys:
        raise UsageError("office.yml has no key: nobody could sign a permit.", "Add `key` to a person, or permit_key.")
    assets = load_register(workspace).select(list(ids))
    order = Order(("trust_permits",), assets, permit_signers=permit_signers(known_keys, office.emergency))
    with workspace.lock():
        result = Executor(workspace, Watch()).carry_out(order)
    conclude(ctx, result, f"The hosts believe permits of {', '.join(known_keys)}.")


def _require_letter(permit: Permit | Emergency, sha256: str) -> None:
    """Raise RefusedError when a letter is not the one the permit follows from."""
    letter = getattr(permit, "letter", None)
    if letter is None:
        raise RefusedError("An emergency permit follows from no letter.")
    if letter.sha256 != sha256:
        raise RefusedError(
            f"This is not the letter {letter.number} the permit follows from: its SHA-256 is {sha256}.",
            "Find out who changed it.",
        )


def keys(office: Office) -> dict[str, str]:
    """Signer → public key: the people who have one, and the office."""
    from sopwrap.permits import OFFICE

    own = {OFFICE: office.permit_key} if office.permit_key else {}
    return {**{person.id: person.key for person in office.people if person.key}, **own}


def known(ledger: Ledger, number: str) -> Signed:
    """The permit with this number, or the newest of the case with this id."""
    from sopwrap.permits import read

    found = [entry for entry in ledger.of_kind("permit") if number in (entry.data["number"], entry.case)]
    if not found:
        raise UsageError(f"The ledger holds no permit {number}.", "Issue one with `sopwrap permit issue`.")
    return read(found[-1].data["text"])


def _word(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items() if one is not None)
    return "-" if value is None else str(value)
