"""What `restore plan` and `request --plan` share: a dry run on the host, kept in the ledger, told with its history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import click

from sopwrap.commands._evidence import known_points
from sopwrap.commands._show import named, show
from sopwrap.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from sopwrap.case import Asset
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.workspace import Workspace


PIECE = click.option(
    "--piece",
    "pieces",
    multiple=True,
    metavar="PIECE",
    help="Only this: of a machine /etc/PATH, package:NAME, ...; of a database table:NAME.",
)


def tell_plan(
    ctx: click.Context,
    workspace: Workspace,
    asset: Asset,
    point: str,
    pieces: Sequence[str],
    as_json: bool,
    query: str | None,
) -> NoReturn:
    """Make the plan, print it, and end: 0 where it can be done, 4 where something speaks against it, 1 where it failed.

    Without ``point`` it is made for the one a case would take: the newest proven, or else the newest. A permit that
    follows from it names the same ``pieces``, so that they are said once.
    """
    from sopwrap.commands.restore import carry_out, code_of, conclude
    from sopwrap.records import evidence
    from sopwrap.restore_plan import restore_plan

    office = workspace.office()
    ledger = workspace.ledger(office)
    known = known_points(ledger)
    target = {"replace": True, **({"pieces": list(pieces)} if pieces else {})}
    result = carry_out(workspace, asset.id, target, point=_choice(ledger, office, asset, point), check=True)
    records = [evidence(one.data["record"]) for one in ledger.of_kind("evidence", containing=asset.id)]
    called = named(office, by_id=False)
    for record in result.records[-1:]:
        plan = restore_plan(asset, record, known, records)
        show(plan.as_dict(), partial(plan.text, called), as_json, query)
        if result.outcome != "ok":
            ctx.exit(code_of(result))
    if result.outcome == "ok" and not (office.permit_key or any(person.key for person in office.people)):
        raise RefusedError(
            "Nobody in office.yml has a key, so nobody could sign the permit that this needs.",
            "Add `key` to whoever approves, or `permit_key`; then run `sopwrap permit trust`.",
        )
    conclude(ctx, result, "")


def _choice(ledger: Ledger, office: Office, asset: Asset, point: str) -> str:
    """The point to plan for; empty (the newest of the store) where the ledger knows none of the asset."""
    from sopwrap.inventory import nearest
    from sopwrap.naming import named_point
    from sopwrap.restoring import chosen

    own = [one for one in known_points(ledger) if one.asset == asset.id]
    found = chosen(named_point(point, (one.id for one in own), office.naming_rule) or point or None, own)
    if found is None and point and own:
        raise UsageError(f"The ledger knows no point {point} of {asset.id}.", nearest(point, [one.id for one in own]))
    return found.id if found else point
