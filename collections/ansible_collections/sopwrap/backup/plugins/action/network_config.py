# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let one process ask all devices of a play, and give each device's host its own result.

`run_once` would do the first, but not the second: one device in trouble would then end the play for all hosts, servers
included, before their turn. So the first host whose task runs does the work for all; the others wait for it and take
their own records from a file in Ansible's private folder for this run.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible_collections.sopwrap.backup.plugins.filter.register import kinds, of_kind, used_by
from ansible_collections.sopwrap.backup.plugins.module_utils.summary import no_asset, summary
from ansible_collections.sopwrap.backup.plugins.plugin_utils.own_process import begun

KIND = "network_config"
MODULE = f"sopwrap.backup.{KIND}"


class ActionModule(ActionBase):
    """The controller's side of the module of the same name."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do the work for all hosts of the play unless that was done; return what concerns this host.

        A task that runs once gives the results of all hosts that are in order instead, and names these hosts: they need
        no task of their own, and a task costs more than asking a device. It never fails, since that would end the play
        for everybody; hosts in trouble get their own results when their turn comes.
        """
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        if self._connection.transport != "local":
            return {**result, "failed": True, "msg": f"{MODULE} works on the controller: add delegate_to: localhost."}
        arguments = dict(self._task.args)
        host = arguments.get("host")
        with self._shared(str(arguments.get("verb"))) as done:
            if self._task.run_once or host not in done["hosts"]:
                self._together(arguments, task_vars, done)
            return {**result, **(_settled(done) if self._task.run_once else _own(done, str(host)))}

    def _together(self, arguments: dict[str, Any], task_vars: dict[str, Any], done: dict[str, Any]) -> None:
        """Run the module once, with the assets and stores of all hosts of the play; note in `done` what came of it."""
        with begun(self, "network_work") as carry_out:
            others = self._gather(arguments, task_vars)
            outcome = carry_out(arguments)
        done["hosts"] = sorted({asset["host"] for asset in arguments["assets"]} | {arguments["host"]})
        done["records"] = outcome.get("sopwrap_evidence") or []
        done["refusals"] = outcome.get("sopwrap_refusals") or []
        done["trouble"] = None if outcome.get("sopwrap_evidence") else outcome
        done["others"] = sorted(others)

    def _gather(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> set[str]:
        """Put the assets and stores of all hosts into the arguments; return the hosts with assets of other kinds."""
        host = arguments["host"]
        own = [] if self._task.run_once else [{**asset, "host": host} for asset in arguments.get("assets") or []]
        arguments.update(assets=own, stores=list(arguments.get("stores") or []))
        others: set[str] = set()
        if arguments.get("verb") != "restore":
            only = frozenset(task_vars["hostvars"][host].get("sopwrap_only") or [])
            for name in task_vars["ansible_play_batch"]:
                if self._task.run_once or name != host:
                    others |= _add(arguments, name, task_vars["hostvars"][name], only)
        return others

    @contextmanager
    def _shared(self, verb: str) -> Iterator[dict[str, Any]]:
        """Give what is known of this verb's work in this run, to one host at a time, and keep what the block adds.

        Not in this play: what one play has done together, each host takes in the next one, at its own pace.
        """
        path = os.path.join(constants.DEFAULT_LOCAL_TMP, f"sopwrap-{verb}.json")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with open(descriptor, "r+", encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            done = json.loads(stream.read() or '{"hosts": [], "records": [], "trouble": null, "others": []}')
            yield done
            stream.seek(0)
            stream.truncate()
            stream.write(json.dumps(done))


def _own(done: dict[str, Any], host: str) -> dict[str, Any]:
    """The result of one host, which takes it: should it ask again, that is another piece of work."""
    done["hosts"].remove(host)
    if done["trouble"]:
        return dict(done["trouble"])
    own = [record for record in done["records"] if record["host"] == host]
    if not own:
        nothing = no_asset(host)
        return {"failed": True, "msg": f"{nothing.message} {nothing.hint}"}
    return {**summary(own), "sopwrap_refusals": done["refusals"]}


def _settled(done: dict[str, Any]) -> dict[str, Any]:
    """The result of all hosts that are in order and have no asset of another kind, and who they are: these are done.

    All others get their own results when their turn comes.
    """
    bad = {record["host"] for record in done["records"] if record["outcome"] in ("failed", "refused")}
    asked = {record["host"] for record in done["records"]}
    hosts = set() if done["trouble"] else asked - bad - set(done["others"])
    done["hosts"] = [host for host in done["hosts"] if host not in hosts]
    return {
        **summary([record for record in done["records"] if record["host"] in hosts]),
        "msg": f"{len(asked - bad)} of {len(asked)} hosts are in order.",
        "sopwrap_settled": sorted(hosts),
        "sopwrap_refusals": done["refusals"],
    }


def _add(arguments: dict[str, Any], host: str, variables: Any, only: frozenset[str]) -> set[str]:
    """Add another host's devices, and the stores they need that are not there yet.

    Return the host itself when it has assets of another kind that were asked for. What Ansible keeps of a host is
    rendered whenever one looks, so that each is looked at once, and its stores only for one that is new.
    """
    assets = variables.get("sopwrap_assets") or []
    found = of_kind(assets, KIND, only)
    arguments["assets"] += [{**asset, "host": host} for asset in found]
    known = {store["id"] for store in arguments["stores"]}
    if any(name not in known for asset in found for name in asset.get("stores") or []):
        stores = used_by(variables.get("sopwrap_stores") or {}, found)
        arguments["stores"] += [store for store in stores if store["id"] not in known]
    return {host} if set(kinds(assets, only)) - {KIND} else set()
