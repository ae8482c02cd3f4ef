# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's side of a restore onto living data: refuse a permit that cannot be right before anything is done.

The host is told of it and keeps the record. What counts is the check on the host itself, which no variable can change.
"""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import record, utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.permit import Deed, Permit
from ansible_collections.sopwrap.backup.plugins.module_utils.summary import summary
from ansible_collections.sopwrap.backup.plugins.plugin_utils.packed import FOR_HERE


class GuardedRestore(ActionBase):
    """The action of a kind whose living data can be replaced, and of all else its module does."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Look at the permit where one is needed, then run the module."""
        task_vars = self._packing(task_vars or {})
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = self._task.args
        target = arguments.get("target")
        replaces = arguments.get("verb") == "restore" and isinstance(target, dict) and "replace" in target
        if replaces and not self._task.check_mode:
            began = utc_stamp()
            try:
                look(arguments, task_vars.get("sopwrap_permit_signers"))
            except Problem as problem:
                return {**result, **self._refuse(_refusal(arguments, self._task.action, began, problem), task_vars)}
        done: dict[str, Any] = self._execute_module(task_vars=task_vars)
        return {**result, **done}

    def _packing(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """The variables of the task, by which a module that stays on this machine is packed for it."""
        here = self._connection.transport == "local"
        return {**task_vars, "ansible_module_compression": FOR_HERE} if here else task_vars

    def _refuse(self, refusal: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Have the host keep a refusal; where it cannot be reached the controller's own record is all there is."""
        told = {"reason": refusal["message"], "hint": refusal["hint"], "permit": refusal["restore"]["permit"]}
        arguments = {**self._task.args, "refused": told}
        done: dict[str, Any] = self._execute_module(module_args=arguments, task_vars=task_vars)
        return done if done.get("sopwrap_evidence") else summary([refusal])


def look(arguments: dict[str, Any], signers: str | None) -> None:
    """Refuse a permit whose form, time, asset, kind, host or point is wrong; its signature, where the keys are known.

    The place and the manifest are known on the host alone, so the permit's own words are taken for them.
    """
    permit = Permit.read(str(arguments.get("permit") or ""))
    if signers:
        permit.verify(signers)
    assets = arguments.get("assets") or [{}]
    permit.admit(
        Deed(
            asset=str(assets[0].get("id")),
            kind=str(permit.fields["kind"]),
            host=str(arguments.get("host")),
            place=permit.fields["place"],
            point=str(arguments.get("point") or permit.fields["point"]),
            manifest=permit.fields["manifest"],
            case=(arguments.get("case") or {}).get("case"),
        )
    )


def _refusal(arguments: dict[str, Any], action: str, began: str, problem: Problem) -> dict[str, Any]:
    asset = (arguments.get("assets") or [{}])[0]
    return record(
        "restore",
        str(arguments.get("host")),
        arguments.get("case") or {},
        began,
        asset=asset.get("id"),
        kind=action.rsplit(".", 1)[-1],
        outcome="refused",
        restore={"mode": "replace", "permit": _number(arguments)},
        message=problem.message,
        hint=problem.hint,
    )


def _number(arguments: dict[str, Any]) -> str | None:
    """The number of the permit that was shown, where it can be read; believed or not."""
    try:
        return Permit.read(str(arguments.get("permit") or "")).number
    except Problem:
        return None
