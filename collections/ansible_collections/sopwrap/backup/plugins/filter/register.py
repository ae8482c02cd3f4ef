# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose from the asset register: pure functions on what the inventory holds."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError

Asset = dict[str, Any]
_ROLES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "roles")
NEEDED = ("id", "title", "host", "retention", "stores", "services", "health", "source")
OF_A_KIND = ("services", "health", "source")


def of_kind(assets: list[Asset], kind: str, only: Iterable[str] | None = None) -> list[Asset]:
    """Return the assets of one kind, limited to the ids in `only` unless that is empty.

    Each has only the keys its module needs, and so no more travels to the host.
    """
    chosen = [asset for asset in _checked(assets, only) if asset["kind"] == kind]
    return [{key: asset[key] for key in NEEDED if key in asset} for asset in chosen]


def without_source(assets: list[Asset], only: list[str] | None = None) -> list[Asset]:
    """Return the assets of all kinds (limited likewise) without what only their kinds use."""
    wanted = [key for key in NEEDED if key not in OF_A_KIND]
    return [{key: asset[key] for key in wanted if key in asset} for asset in _checked(assets, only)]


def kinds(assets: list[Asset], only: Iterable[str] | None = None) -> list[str]:
    """Return the kinds that occur among the assets (limited likewise), each once, in the register's order."""
    return list(dict.fromkeys(asset["kind"] for asset in _checked(assets, only)))


def together(hosts: list[str], hostvars: Any, only: list[str] | None = None) -> list[dict[str, str]]:
    """Return the kinds that one process does for all hosts, each with the first of these hosts that has such an asset.

    These are the kinds whose roles carry the tag `controller`: their work is done there, whosever task it is.
    """
    found: dict[str, str] = {}
    wanted = _wanted(only)  # what Ansible holds is rendered whenever one looks: not once for every host
    for host in hosts:
        for kind in kinds(hostvars[host].get("sopwrap_assets") or [], wanted):
            if kind not in found and _is_done_by_the_controller(kind):
                found[kind] = host
    return [{"kind": kind, "host": host} for kind, host in found.items()]


@functools.cache
def _is_done_by_the_controller(kind: str) -> bool:
    try:
        with open(os.path.join(_ROLES, kind, "meta", "main.yml"), encoding="utf-8") as stream:
            return "controller" in (yaml.safe_load(stream)["galaxy_info"].get("galaxy_tags") or [])
    except FileNotFoundError:
        return False  # no kind of this collection; whoever includes its role says so


def unregistered(hosts: list[str], hostvars: Any, only: list[str] | None = None) -> list[str]:
    """Return the ids that were asked for and that no host has in its register, or `any asset` where there is none."""
    known = {asset.get("id") for host in hosts for asset in hostvars[host].get("sopwrap_assets") or []}
    return sorted(_wanted(only) - known) or ([] if known else ["any asset"])


def unsettled(hosts: list[str], hostvars: Any) -> list[str]:
    """Return, as patterns for `hosts`, those that a task that ran once has left something to do.

    That task has named the hosts it has done in `sopwrap_outcome`, which every host of its play has.
    """
    outcome = hostvars[hosts[0]].get("sopwrap_outcome") or {} if hosts else {}
    done = set(outcome.get("sopwrap_settled") or [])
    return [host for host in hosts if host not in done] or ["!all"]


def used_by(stores: dict[str, dict[str, Any]], assets: list[Asset]) -> list[dict[str, Any]]:
    """Return the stores these assets name, each with its id, so that a host gets no other store's password."""
    wanted = dict.fromkeys(name for asset in assets for name in asset.get("stores") or [])
    unknown = sorted(set(wanted) - set(stores))
    if unknown:
        raise AnsibleFilterError(f"The stores {', '.join(unknown)} are not in sopwrap_stores; add them there.")
    return [{"id": name, **stores[name]} for name in wanted]


def keepers(stores: dict[str, dict[str, Any]], assets: list[Asset], host: str) -> list[str]:
    """Return the hosts on which points in the stores of these assets are destroyed, each once.

    That is the host itself, but for a store that names a `keeper`: the host that holds the storage, with credentials
    of its own.
    """
    return list(dict.fromkeys(store.get("keeper") or host for store in used_by(stores, assets)))


def kept_by(
    stores: dict[str, dict[str, Any]], assets: list[Asset], keeper: str, host: str, hostvars: Any
) -> list[dict[str, Any]]:
    """Return those of the stores that are kept by a host, as that host's own variables describe them."""
    names = [store["id"] for store in used_by(stores, assets) if (store.get("keeper") or host) == keeper]
    own = stores if keeper == host else hostvars[keeper].get("sopwrap_stores") or {}
    lacking = sorted(set(names) - set(own))
    if lacking:
        raise AnsibleFilterError(f"{keeper} keeps the store {lacking[0]}, which is not in sopwrap_stores of that host.")
    return [{"id": name, **own[name]} for name in names]


def only_in(assets: list[Asset], store: str) -> list[Asset]:
    """Return the assets that lie in a store as if they lay in no other; the rest is left out."""
    return [{**asset, "stores": [store]} for asset in assets if store in asset["stores"]]


def opened_by(stores: dict[str, dict[str, Any]], store: str, password: str) -> dict[str, dict[str, Any]]:
    """Return one of the stores alone, to be opened by a password instead of its own, which is not even looked at."""
    if store not in stores:
        raise AnsibleFilterError(f"The store {store} is not in sopwrap_stores; known: {', '.join(stores)}.")
    kept = {key: stores[store][key] for key in stores[store] if key != "password"}
    return {store: {**kept, "password": password}}


def _checked(assets: list[Asset], only: Iterable[str] | None) -> list[Asset]:
    """Limit to `only`; an entry without id or kind is an error, since it would be left out silently."""
    wanted = _wanted(only)
    for asset in assets:
        if not asset.get("id") or not asset.get("kind"):
            raise AnsibleFilterError(f"An entry of sopwrap_assets has no id or no kind: {asset.get('id') or 'no id'}.")
    return [asset for asset in assets if not wanted or asset["id"] in wanted]


def _wanted(only: Iterable[str] | None) -> frozenset[str]:
    if isinstance(only, str):
        raise AnsibleFilterError(f"sopwrap_only is a list of asset ids, not the text {only!r}; write [{only}].")
    return only if isinstance(only, frozenset) else frozenset(only or ())


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name the filters."""
        return {
            "of_kind": of_kind,
            "kinds": kinds,
            "used_by": used_by,
            "without_source": without_source,
            "together": together,
            "unregistered": unregistered,
            "unsettled": unsettled,
            "keepers": keepers,
            "kept_by": kept_by,
            "only_in": only_in,
            "opened_by": opened_by,
        }
