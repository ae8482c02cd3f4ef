"""The asset register: what the office's inventory says of its assets and of the media they go to.

The inventory is read by ``ansible-inventory``; of each asset only what the papers need is kept. ``source`` and
passwords are dropped before anything else happens. Every complaint is one sentence with file, host and field. What was
read without a complaint is kept (sopwrap.register_file).
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from sopwrap.case import Asset
from sopwrap.errors import NothingMatchedError, UsageError
from sopwrap.events import shorten
from sopwrap.hosts import Asked, asking
from sopwrap.medium import Medium
from sopwrap.register import Store, check_address, check_asset, check_store, complaint
from sopwrap.register_file import keep, kept, seal_of
from sopwrap.workspace import Resources, Workspace, resources

_PASSWORD = re.compile(r"://[^/@\s]*:[^@\s]*@")


@dataclass(frozen=True)
class Register:
    """All assets of an office in the order of its hosts, and its stores by id."""

    assets: tuple[Asset, ...]
    stores: Mapping[str, Store] = field(default_factory=dict)
    sops: Mapping[str, str] = field(default_factory=dict)

    def asset(self, asset_id: str) -> Asset:
        """Return the asset; raise UsageError naming the nearest ones."""
        for asset in self.assets:
            if asset.id == asset_id:
                return asset
        raise UsageError(
            f"There is no asset {asset_id} in the inventory.", nearest(asset_id, [a.id for a in self.assets])
        )

    def select(self, ids: list[str]) -> tuple[Asset, ...]:
        """The assets named, or all; raise UsageError for an unknown id, NothingMatchedError when there is none."""
        if not self.assets:
            raise NothingMatchedError(
                "The inventory has no asset, so there is nothing to back up.", "Add `sopwrap_assets` to a host."
            )
        wanted = {self.asset(one).id for one in ids}
        return tuple(asset for asset in self.assets if not wanted or asset.id in wanted)

    def as_plain(self) -> dict[str, Any]:
        """The register as JSON holds it."""
        stores = {
            name: {**vars(store), "medium": store.medium.model_dump(mode="json")} for name, store in self.stores.items()
        }
        return {
            "assets": [one.model_dump(mode="json") for one in self.assets],
            "stores": stores,
            "sops": dict(self.sops),
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Register:
        """What `as_plain` made of it; raise ValueError, TypeError or KeyError when it is none."""
        media = {name: Medium.model_validate(store["medium"]) for name, store in plain["stores"].items()}
        stores = {name: Store(**{**store, "medium": media[name]}) for name, store in plain["stores"].items()}
        return cls(tuple(Asset.model_validate(one) for one in plain["assets"]), stores, plain["sops"])

    @property
    def has_secrets(self) -> bool:
        """Whether the address of a store holds a password, so that it may lie in no further file."""
        return any(_PASSWORD.search(store.repository or "") for store in self.stores.values())

    def media(self, assets: tuple[Asset, ...]) -> tuple[Medium, ...]:
        """The media of the stores these assets go to, in the order in which the assets name them."""
        used = dict.fromkeys(store for asset in assets for store in asset.stores)
        return tuple(self.stores[name].medium for name in used if name in self.stores)


def load_register(workspace: Workspace, limit: str | None = None, asked: Asked | None = None) -> Register:
    """Read and check the office's inventory; ``limit`` is a host pattern of Ansible.

    Raise UsageError with file, host and field where something is wrong, NothingMatchedError when ``limit`` matches no
    host with an asset. ``asked`` is ansible-inventory where it was started ahead (with the same limit).
    """
    ours = resources()
    if asked is None:
        if limit is None and (known := _kept(workspace, ours)):
            return known
        with asking(workspace, limit) as asked:
            return load_register(workspace, limit, asked)
    register = _register(workspace, ours, _host_variables(workspace, asked))
    if not register.has_secrets:
        keep(workspace, asked.seal, register.as_plain())
    if limit is not None and not register.assets:
        raise NothingMatchedError(f"No host with an asset matches `{limit}`.", "See `sopwrap asset list`.")
    return register


def _kept(workspace: Workspace, ours: Resources) -> Register | None:
    """The register as it was read when the inventory was what it is now, with what our kinds say of themselves."""
    plain = kept(workspace, seal_of(workspace))
    try:
        register = Register.from_plain(plain) if plain else None
    except (KeyError, TypeError, ValueError):
        return None
    if register is None or {one.kind for one in register.assets} - ours.kinds:
        return None
    categories = {kind: ours.category(kind) for kind in ours.kinds}
    assets = (one.model_copy(update={"category": categories[one.kind]}) for one in register.assets)
    return replace(register, assets=tuple(assets))


def nearest(word: str, known: list[str]) -> str:
    """A hint that names what the operator may have meant."""
    close = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else f"Known: {', '.join(known) or 'none'}."


def _host_variables(workspace: Workspace, asked: Asked) -> dict[str, dict[str, Any]]:
    """The variables of every host, as ``ansible-inventory`` prints them (not templated)."""
    output, complaints, status = asked.answer()
    if status:
        raise UsageError(_reason(workspace, complaints), "Mend it and try again.")
    if skipped := re.search(r"\[WARNING\]: (Skipping .*)", complaints):
        # Ansible goes on without that part; hosts that drop out of the register unseen are not backed up
        said = shorten(skipped[1]).rstrip(".")
        raise UsageError(f"A part of the inventory {workspace.inventory} is wrong: {said}.", "Mend it and try again.")
    hosts = json.loads(output).get("_meta", {}).get("hostvars", {})
    return {str(host): values for host, values in hosts.items() if isinstance(values, dict)}


def _reason(workspace: Workspace, stderr: str) -> str:
    """Ansible's complaint as one sentence with the file; a broken file of variables is one it does not name."""
    if broken := _broken_file(workspace):
        return broken
    file = re.search(r"Completely failed to parse inventory source (.+)", stderr)
    of_yaml = re.search(r"with '[\w.]*(?:yaml|hosts_file)' plugin: (.+)", stderr)
    said = of_yaml or re.search(r"\[(?:ERROR|WARNING)\]: (.+)", stderr)
    text = shorten(said[1] if said else stderr or "no reason was given").rstrip(".")
    return f"{file[1] if file else f'The inventory {workspace.inventory}'} cannot be read: {text}."


def _broken_file(workspace: Workspace) -> str | None:
    """The first file of the inventory that is not YAML, with line and reason; None when all are."""
    for path in sorted(workspace.inventory.rglob("*.y*ml")):
        try:
            yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            return f"{path}:{line}: not YAML: {error.problem}."
        except (OSError, ValueError, yaml.YAMLError) as error:
            return f"{path} cannot be read: {shorten(str(error))}."
    return None


def _register(workspace: Workspace, ours: Resources, variables: dict[str, dict[str, Any]]) -> Register:
    folder = workspace.inventory
    assets: dict[str, Asset] = {}
    stores: dict[str, Store] = {}
    sops: dict[str, str] = {}
    for host, values in variables.items():
        declared = _declared(workspace, host, values, "sopwrap_assets", list)
        own = {}
        for name, data in _declared(workspace, host, values, "sopwrap_stores", dict).items():
            own[name] = check_store(folder, host, name, data)
        for number, data in enumerate(declared):
            asset, sop = check_asset(folder, host, number, data, ours.kinds, list(own))
            if asset.id in assets:
                used = f"has an id that {assets[asset.id].host} uses already"
                raise complaint(folder, host, f"asset {asset.id}", used, asset.id)
            assets[asset.id] = asset.model_copy(update={"category": ours.category(asset.kind)})
            sops.update({asset.id: sop} if sop else {})
        if declared:
            check_address(folder, host, values.get("ansible_host"))
        stores = {**own, **stores}
    return Register(tuple(assets.values()), stores, sops)


def _declared(workspace: Workspace, host: str, values: Mapping[str, Any], name: str, form: type) -> Any:
    """A host's variable, which has to be written out: a template cannot be read without running Ansible."""
    value = values.get(name, form())
    if not isinstance(value, form):
        shape = "list of assets" if form is list else "mapping of ids to stores"
        raise complaint(workspace.inventory, host, name, f"has to be a {shape}, written out and not a template")
    return value
