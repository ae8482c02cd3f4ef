"""What `keys rotate` and `keys drill` let Ansible do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from sopwrap.commands._evidence import keep_evidence
from sopwrap.errors import SopError

if TYPE_CHECKING:
    from sopwrap.case import Asset
    from sopwrap.engine import RunResult
    from sopwrap.execution import Order
    from sopwrap.inventory import Register
    from sopwrap.ledger import Ledger
    from sopwrap.statement import Statement
    from sopwrap.store_keys import StoreKey
    from sopwrap.workspace import Workspace


def change(
    workspace: Workspace, ledger: Ledger, register: Register, key: StoreKey, plain: bool, note: Callable[[], None]
) -> None:
    """Add the next key to every store, put it in place, take the former one away; go on where an attempt broke off.

    ``note`` writes the change into the ledger, just before the new key is put in place.
    """
    from sopwrap.key_files import former, read, swap, upcoming

    path = workspace.secrets / key.file
    read(path)
    assets = tuple(one for one in register.assets if set(one.stores) & set(key.stores))
    with workspace.lock():
        if not former(path).exists():
            fresh = upcoming(path)
            _step(workspace, ledger, "add", assets, key, {"file": str(fresh)}, plain)
            note()
            swap(path)
        _step(workspace, ledger, "remove", assets, key, {"file": str(former(path))}, plain)
        former(path).unlink()


def rehearse(
    workspace: Workspace,
    key: StoreKey,
    what: tuple[Asset, str, str],
    shares: list[str],
    word: Statement,
    plain: bool,
) -> str:
    """Restore an asset from a store into a place (``what``) by the key the shares make; return how it went.

    The ledger keeps it either way; raise SopError where it failed.
    """
    from sopwrap.escrow import join
    from sopwrap.execution import Order
    from sopwrap.key_files import lent
    from sopwrap.restoring import target
    from sopwrap.store_keys import note_drill

    (asset, store, place), secret = what, join(shares)
    office = workspace.office()
    ledger = workspace.ledger(office)
    with lent(secret) as file, workspace.lock():
        order = Order(("drill_key",), (asset,), target=target(place), key={"file": str(file), "store": store})
        result = _run(workspace, ledger, order, plain)
    record = next((one for one in result.records if one.asset == asset.id), None)
    good = result.outcome == "ok" and record is not None and bool(record.verify and record.verify.ok)
    message = (record.message if record else result.message).replace(secret, "********")
    point = record.point if record else None
    facts = {"asset": asset.id, "store": store, "point": point, "shares": len(shares), "ok": good, "message": message}
    note_drill(ledger, office, key.file, facts, word)
    if not good:
        raise SopError(message, "The drill failed, and the ledger says so; look at the sheets and the store.")
    return message


def _step(
    workspace: Workspace, ledger: Ledger, step: str, assets: tuple[Asset, ...], key: StoreKey, file: dict[str, str],
    plain: bool,
) -> None:  # fmt: skip
    """Do one step with every store on every host that uses it; raise SopError unless each says that it is done."""
    from sopwrap.execution import Order

    target = {"rekey": step, "stores": list(key.stores)}
    result = _run(workspace, ledger, Order(("rotate_keys",), assets, target=target, key=file), plain)
    done = {(one.host, one.store) for one in result.records if one.action == "rekey" and one.succeeded}
    wanted = {(one.host, store) for one in assets for store in one.stores if store in key.stores}
    if lacking := sorted(wanted - done):
        host, store = lacking[0]
        raise SopError(
            f"{result.message} The store {store} of {host} was not done ({step}).",
            "Nothing is lost: both keys are in secrets/. Mend it, then give the same command again.",
        )


def _run(workspace: Workspace, ledger: Ledger, order: Order, plain: bool) -> RunResult:
    from sopwrap.execution import Executor
    from sopwrap.progress import watch

    result = Executor(workspace, watch(plain)).carry_out(order)
    if result.records:
        keep_evidence(ledger, result.records)
    if result.outcome == "canceled":
        raise click.Abort
    return result
