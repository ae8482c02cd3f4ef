"""The check-up of an office: its file and lanes, its inventory, keys, media and ledger, and what dead runs left."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

from sopwrap.errors import SopError
from sopwrap.execution import leftovers
from sopwrap.finding import Finding, fail, ok, warn
from sopwrap.inventory import Register, load_register
from sopwrap.ledger import FILE
from sopwrap.office import Office
from sopwrap.register import Store
from sopwrap.sop import Sop, library
from sopwrap.words import count
from sopwrap.workspace import OFFICE, Workspace

LABEL_FILE = ".sopwrap-medium.json"


def office(workspace: Workspace) -> Iterator[Finding]:
    """Every check of one office."""
    people: Office | None = None
    try:
        people = workspace.office()
        yield ok(OFFICE, f"{people.name}, {count(len(people.people), 'person', 'people')}")
        yield from lanes(workspace, people)
    except SopError as error:
        yield fail(OFFICE, error.message, error.hint)
    try:
        register = load_register(workspace)
    except SopError as error:
        yield fail("inventory", error.message, error.hint)
    else:
        yield from assets(workspace, register)
        if people is not None:
            yield from wanted(workspace, people, register)
        for name, store in register.stores.items():
            yield from _store(workspace, name, store)
    yield from keys(workspace)
    if people is not None:
        yield from told(workspace, people)
    yield ledger(workspace, people)
    yield _left(workspace)


def lanes(workspace: Workspace, people: Office) -> Iterator[Finding]:
    """Whether every lane of every SOP this office binds has somebody, and every binding has its SOP and lane."""
    try:
        sops = library(workspace.sops)
    except SopError as error:
        yield fail("sops", error.message, error.hint)
        return
    if not people.bindings:
        yield warn("lanes", "Nobody fills a lane of any SOP yet.", f"Enter people and bindings in {OFFICE}.")
    for name, bound in people.bindings.items():
        if name not in sops:
            yield fail("lanes", f"{OFFICE} binds {name}, and there is no such SOP.", f"Known: {', '.join(sops)}.")
        else:
            yield _lanes_of(sops[name], bound)


def _lanes_of(sop: Sop, bound: dict[str, list[str]]) -> Finding:
    """Whether every lane that has a step has somebody, and every duty too; a lane without a step needs nobody."""
    steps = [step for procedure in sop.procedures for step in procedure.steps if step.mode != "none"]
    duties = list(dict.fromkeys(lane for step in steps for lane in step.lanes))
    used = list(dict.fromkeys([*duties, *(lane for procedure in sop.procedures for lane in procedure.lanes)]))
    if unknown := [lane for lane in bound if lane not in used]:
        return fail("lanes", f"{sop.id} has no lane {unknown[0]}.", f"Its lanes: {', '.join(used)}.")
    if empty := [lane for lane in duties if not bound.get(lane) and not bound.get(lane.partition(".")[0])]:
        names = ", ".join(sop.actor(lane).label for lane in empty)
        return warn("lanes", f"{sop.id}: nobody fills {names}.", f"Steps of {', '.join(empty)} cannot be signed.")
    return ok("lanes", f"{sop.id}: every lane has somebody")


def wanted(workspace: Workspace, people: Office, register: Register) -> Iterator[Finding]:
    """Whether SOPs that assets and schedules name have people, and schedules name what there is."""
    sops = library(workspace.sops)
    named = [*register.sops.values(), *(one.procedure for one in people.schedules)]
    for name in dict.fromkeys(one.partition("/")[0] for one in named):
        if name in sops and name not in people.bindings:
            yield warn(
                "lanes", f"Nobody fills a lane of {name}, and assets or schedules name it.", f"Bind in {OFFICE}."
            )
    for one in people.schedules:
        sop, _, procedure = one.procedure.partition("/")
        known = [each.id for each in sops[sop].procedures] if sop in sops else []
        if not known or (procedure or known[0]) not in known:
            yield fail(
                "schedules", f"A schedule names {one.procedure}, which does not exist.", "See `sopwrap sop list`."
            )
        ids = [asset.id for asset in register.assets]
        if lost := [asset for asset in one.assets if asset not in ids]:
            yield fail("schedules", f"The schedule of {one.procedure} names {lost[0]}, which is no asset.")


def assets(workspace: Workspace, register: Register) -> Iterator[Finding]:
    """Whether there are assets, and whether the SOPs they name exist and their placements are met."""
    if not register.assets:
        yield warn("inventory", "The inventory has no asset.", "Add `sopwrap_assets` to a host.")
        return
    yield ok("inventory", f"{count(len(register.assets), 'asset')}, {count(len(register.stores), 'store')}")
    sops = library(workspace.sops)
    for asset_id, name in register.sops.items():
        sop, _, procedure = name.partition("/")
        if sop not in sops or (procedure and procedure not in [one.id for one in sops[sop].procedures]):
            yield fail(
                "inventory", f"{asset_id} names the SOP {name}, which does not exist.", "See `sopwrap sop list`."
            )
    for asset in register.assets:
        if len({register.stores[store].medium.placement for store in asset.stores}) < 2:
            yield warn(
                "placements", f"{asset.id} is kept in one placement only.", "Give it an internal and an external store."
            )


def _store(workspace: Workspace, name: str, store: Store) -> Iterator[Finding]:
    """A store's key file is there, its password is not in the open, and its medium is the one it says."""
    if store.open_password:
        yield warn(
            "keys", f"The password of the store {name} stands in the inventory as it is.", "Use a key file or a vault."
        )
    if store.key and not (workspace.secrets / store.key).is_file():
        yield fail("keys", f"The key of the store {name}, {workspace.secrets / store.key}, is not there.")
    if store.path:
        yield _medium(name, store, Path(store.path))


def _medium(name: str, store: Store, path: Path) -> Finding:
    label = store.medium.label or "without a label"
    if not path.is_dir():
        return warn(
            "media", f"The medium {label} of the store {name} is not at {path}.", "Right if it is kept elsewhere."
        )
    try:
        found = json.loads((path / LABEL_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return warn("media", f"{path} has no readable {LABEL_FILE}.", f"It has to say that this is {label}.")
    if not isinstance(found, dict) or (found.get("label"), found.get("uuid")) != (
        store.medium.label,
        store.medium.uuid,
    ):
        return fail(
            "media", f"{path} holds another medium than {label}.", "Put the right one in, or mend the inventory."
        )
    return ok("media", f"{label} is at {path}")


def keys(workspace: Workspace) -> Iterator[Finding]:
    """Whether the secrets folder is there and nobody else can read what is in it."""
    folder = workspace.secrets
    if not folder.is_dir():
        yield warn("keys", f"{folder} is not there.", "Right if the passwords come from a vault.")
        return
    loose = [path for path in [folder, *sorted(folder.rglob("*"))] if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        yield fail("keys", f"Others can read {loose[0]}.", f"Run `chmod -R go-rwx {folder}`.")
    else:
        yield ok("keys", f"{sum(1 for path in folder.rglob('*') if path.is_file())} key files, closed to others")


def told(workspace: Workspace, people: Office) -> Iterator[Finding]:
    """Whether what ``notify`` names is there and can be used: addresses and passwords in the secrets, certificates."""
    from sopwrap.notify.dispatch import secret

    for channel in people.notify:
        try:
            if channel.secret_file:
                secret(workspace, channel.secret_file)
        except SopError as error:
            yield fail("notify", f"{channel.name}: {error.message}", error.hint)
            continue
        ca = channel.email.ca if channel.email else None
        if ca and not (workspace.folder / ca).is_file():
            yield fail("notify", f"{channel.name}: there is no file {workspace.folder / ca}.", "`ca` names it.")
        else:
            yield ok("notify", f"{channel.name}: what it needs is there")


def ledger(workspace: Workspace, people: Office | None) -> Finding:
    """Whether the chain of the ledger is whole; one that was never begun is."""
    if people is None or (people.ledger is None and not (workspace.folder / FILE).exists()):
        return ok("ledger", "not begun yet")
    try:
        verdict = workspace.ledger(people).verify()
    except SopError as error:
        return fail("ledger", error.message, error.hint)
    if verdict.fault is not None:
        return fail("ledger", f"Line {verdict.fault.seq} is wrong: {verdict.fault.what}", "Run `sopwrap audit verify`.")
    return ok("ledger", f"{count(verdict.lines, 'line')}, {count(verdict.cases, 'case')}, chain whole")


def _left(workspace: Workspace) -> Finding:
    left = leftovers(workspace)
    if left:
        return warn(
            "leftovers", f"{len(left)} runs left their private folder, or are at work.", "The next run removes it."
        )
    return ok("leftovers", "none")
