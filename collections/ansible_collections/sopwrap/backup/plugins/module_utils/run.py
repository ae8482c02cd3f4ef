# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all kinds' modules do: take Ansible's arguments, carry the verb out, give the evidence back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import refusal_register
from ansible_collections.sopwrap.backup.plugins.module_utils.arguments import Arguments, sorted_out
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Kind, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.lifeline import Interrupted, lifeline
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store
from ansible_collections.sopwrap.backup.plugins.module_utils.summary import no_asset, sentence, summary

Spec = dict[str, Any]


def run_kind(kind: Kind, source: Spec) -> None:
    """The body of a kind's module; `source` is the argument spec of its assets' `source`."""
    run_module(kind_spec(source), lambda job, verb: carry_out(job, verb, kind))


def kind_spec(source: Spec) -> Spec:
    """The arguments of a kind's module."""
    spec = point_spec(["backup", "verify", "restore"])
    page = {"url": {"type": "str", "required": True}, "contains": {"type": "str"}}
    spec["assets"]["options"] |= {
        "source": {"type": "dict", "required": True, "options": source},
        "services": {"type": "list", "elements": "str", "default": []},
        "health": {"type": "dict", "options": page},
    }
    return spec


def carry_out(job: Job, verb: str, kind: Kind) -> None:
    """Do what a kind's module was asked for."""
    if verb == "backup":
        from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up

        back_up(job, kind)
        return
    if verb == "restore" and (len(job.assets) != 1 or not job.target):
        raise Problem("A restore needs one asset and a target.", "Name them in sopwrap_only and sopwrap_target.")
    if verb == "restore" and set(job.target) & set(_LIVE):
        _on_living_data(job, kind)
        return
    if verb == "restore" and "export" in job.target:
        from ansible_collections.sopwrap.backup.plugins.module_utils.export import export

        export(job, kind)
        return
    from ansible_collections.sopwrap.backup.plugins.module_utils import recall

    (recall.verify if verb == "verify" else recall.restore)(job, kind)


_LIVE = ("replace", "undo", "forget")
"""The targets that name no fresh place: each stands alone, as in `{replace: true}`, which may name `pieces`."""


def _on_living_data(job: Job, kind: Kind) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import replace, undo
    from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Replaceable

    word = next(word for word in _LIVE if word in job.target)
    trace = job.trace("restore", job.assets[0], None)
    trace.known["restore"] = {"mode": word}
    alone = set(job.target) <= {word, *(["pieces"] if word == "replace" else [])}
    if not alone or job.target[word] is not True:
        trace.fail(Problem("The target has to be {replace: true}, or undo or forget, alone.", refused=True))
    elif not isinstance(kind, Replaceable):
        words = f"An asset of the kind {kind.name} cannot take the place of living data."
        trace.fail(Problem(words, "Restore it into a fresh place.", refused=True))
    else:
        {"replace": replace.replace, "undo": undo.undo, "forget": undo.forget}[word](job, kind)


def run_module(spec: Spec, work: Callable[[Job, str], Spec | None]) -> None:
    """Run a module with such arguments; it fails when any record is `failed` or `refused`, after all were tried.

    What `work` returns is added to the module's result.
    """
    from ansible.module_utils.basic import AnsibleModule  # what works without Ansible's machinery does not wait for it
    from ansible.module_utils.common.parameters import remove_values

    class Module(AnsibleModule):
        """Hears of mistakes in its arguments without ending at once: they may be those of one asset."""

        wrong = ""

        def fail_json(self, msg: str, **more: Any) -> None:
            """Keep what is said before the module has begun."""
            self.wrong = msg

    module = Module(argument_spec=spec, supports_check_mode=True)
    arguments = sorted_out(spec, module.params) if module.wrong else Arguments(module.params)
    result = result_of(module._name, arguments, module.check_mode, work)
    if module.wrong:  # Ansible then does not know all secrets among the arguments, which it would give back
        result = {**remove_values(result, arguments.secrets), "invocation": {}}
    (super(Module, module).fail_json if result.pop("failed") else module.exit_json)(**result)


def result_of(name: str, arguments: Arguments, check: bool, work: Callable[[Job, str], Spec | None]) -> Spec:
    """Do the work of the module of this name and return its result, in which `failed` says what came of it."""
    if arguments.wrong:
        return {"failed": True, "msg": f"The arguments of {name} are wrong: {arguments.wrong}."}
    kind = name.rsplit(".", 1)[-1]
    job = job_of(kind, arguments.checked, check)
    more: Spec = {}
    with lifeline():
        try:
            _refuse(job, arguments.mistaken, kind)
            _require_assets(job)
            if job.assets:
                more = (_note if job.options["refused"] else work)(job, job.options["verb"]) or {}
        except Problem as problem:
            return {**_told(job), "failed": True, "msg": sentence(problem.message, problem.hint)}
        except Interrupted as interrupted:
            return {"failed": True, "msg": str(interrupted), "sopwrap_evidence": job.records}
    return {**_told(job), **more}


def _refuse(job: Job, mistaken: list[tuple[Spec, str]], kind: str) -> None:
    """Write the records of the assets whose entries in the inventory are wrong; the others are worked on."""
    hint = f"The README of the role {kind} lists what a source takes, docs/reference/inventory.md the other fields."
    for entry, complaint in mistaken:
        problem = Problem(f"The entry of {entry['id']} in the inventory is wrong: {complaint}.", hint, refused=True)
        if job.options["verb"] not in ("backup", "verify", "restore"):
            raise problem
        asset = {"id": entry["id"], "kind": kind, "host": entry.get("host")}
        job.trace(job.options["verb"], asset, None).fail(problem)


def _require_assets(job: Job) -> None:
    """Refuse a call that would do nothing, or not all of it: that is no good end of a backup."""
    if not job.assets and not job.records:
        raise no_asset(job.host)
    for asset in job.assets:
        if not asset["stores"]:
            raise Problem(f"The asset {asset['id']} names no store.", "Name at least one in its stores.")


def _note(job: Job, verb: str) -> None:
    """Keep what the controller has refused before it asked: it is refused here, too, and nothing else is done."""
    known = job.options["refused"]
    trace = job.trace(verb, job.assets[0], None)
    trace.known["restore"] = {"mode": "replace", "permit": known["permit"]}
    trace.fail(Problem(known["reason"], known["hint"], refused=True))


def job_of(kind: str, params: Spec, check: bool) -> Job:
    """Make a job of the checked arguments of a kind's module."""
    stores = {entry["id"]: Store(entry["id"], entry) for entry in params["stores"]}
    assets = [{**asset, "kind": kind} for asset in params["assets"]]
    return Job(
        host=params["host"],
        assets=assets,
        stores=stores,
        case=params["case"] or {},
        point=params["point"],
        target=params["target"] or {},
        check=check,
        options=params,
    )


def _told(job: Job) -> Spec:
    if not job.check:
        refusal_register.keep(job.records)
    return {**summary(job.records), "sopwrap_refusals": refusal_register.kept()}


def point_spec(verbs: list[str]) -> Spec:
    """The arguments all these modules share (documented in the fragment `point`)."""
    words = {"type": "str"}
    asset = {
        "id": {"type": "str", "required": True},
        "stores": {"type": "list", "elements": "str", "required": True},
        "title": dict(words),
        "host": dict(words),
        "retention": dict(words),
    }
    told = ("label", "uuid", "serial", "custodian", "place", "immutable_until")
    medium: Spec = {name: dict(words) for name in told}
    medium["form"] = {"type": "str", "default": "disk", "choices": ["disk", "tape", "server", "object_store"]}
    medium |= {name: {"type": "bool", "default": False} for name in ("off_site", "offline", "append_only")}
    medium["path"] = {"type": "path"}
    medium["mountpoint"] = {"type": "bool", "default": True}
    medium["minimum_free"] = {"type": "int", "default": 0}
    access: Spec = {name: dict(words) for name in ("known_hosts", "cacert", "key_id", "region")}
    access |= {name: {"type": "str", "no_log": True} for name in ("ssh_key", "password", "secret")}
    access["timeout"] = {"type": "int", "default": 120}
    store = {
        "id": {"type": "str", "required": True},
        "placement": {"type": "str", "required": True, "choices": ["internal", "external"]},
        "repository": {"type": "str", "required": True},
        "password": {"type": "str", "required": True, "no_log": True},
        "cache": dict(words),
        "keeper": dict(words),
        "medium": {"type": "dict", "options": medium},
        "access": {"type": "dict", "options": access},
    }
    return {
        "verb": {"type": "str", "required": True, "choices": verbs},
        "host": {"type": "str", "required": True},
        "assets": {"type": "list", "elements": "dict", "required": True, "options": asset},
        "stores": {"type": "list", "elements": "dict", "required": True, "options": store},
        "case": {"type": "dict", "default": {}, "options": {"case": dict(words), "step": dict(words)}},
        "point": {"type": "str", "default": ""},
        "target": {"type": "dict", "default": {}},
        "permit": {"type": "str", "default": ""},
        "refused": {"type": "dict", "options": {name: dict(words) for name in ("reason", "hint", "permit")}},
    }
