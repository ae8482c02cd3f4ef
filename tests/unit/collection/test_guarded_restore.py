"""The controller refuses a permit that cannot be right; it leaves everything else to the host."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.plugin_utils.guarded_restore import (
    GuardedRestore,
    _refusal,
    look,
)

from tests.office.permits import Authority
from tests.unit.collection.test_permit import PLAN


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_a_permit_that_fits_passes(authority: Authority) -> None:
    arguments: dict[str, Any] = {"permit": authority.permit(PLAN), "host": "srv-uji", "assets": [{"id": "siakad-db"}]}
    look(arguments, authority.signers)
    look({**arguments, "case": {"case": "K-1"}, "point": PLAN["point"]}, None)


@pytest.mark.parametrize(
    "bent", [{"host": "lain"}, {"assets": [{"id": "lain"}]}, {"point": "x"}, {"case": {"case": "K-2"}}, {"permit": ""}]
)
def test_a_permit_for_something_else_is_refused(bent: dict[str, Any], authority: Authority) -> None:
    fits = {"permit": authority.permit(PLAN), "host": "srv-uji", "assets": [{"id": "siakad-db"}]}
    with pytest.raises(Problem):
        look({**fits, **bent}, authority.signers)


def test_a_strangers_signature_is_refused_where_the_keys_are_known(authority: Authority) -> None:
    text = authority.permit(PLAN, authority.stranger)
    with pytest.raises(Problem, match="signature"):
        look({"permit": text, "host": "srv-uji", "assets": [{"id": "siakad-db"}]}, authority.signers)


def test_the_host_is_told_what_was_refused_and_an_unreachable_one_takes_nothing_away(authority: Authority) -> None:
    asked: list[dict[str, Any]] = []
    action = GuardedRestore.__new__(GuardedRestore)
    action._task = SimpleNamespace(args={"verb": "restore", "host": "srv-uji", "assets": [{"id": "a"}]})  # type: ignore[assignment]
    answers = iter([{"sopwrap_evidence": [{"outcome": "refused"}], "failed": True}, {"unreachable": True}])
    action._execute_module = lambda module_args, task_vars: asked.append(module_args) or next(answers)  # type: ignore
    refusal = _refusal(action._task.args, "sopwrap.backup.files", "2026-01-01T00:00:00.000000Z", Problem("No.", "Ask."))
    assert action._refuse(refusal, {})["sopwrap_evidence"] == [{"outcome": "refused"}]
    assert asked[0] == {**action._task.args, "refused": {"reason": "No.", "hint": "Ask.", "permit": None}}
    assert action._refuse(refusal, {})["sopwrap_evidence"] == [refusal]


@pytest.mark.parametrize(("transport", "packed"), [("local", "ZIP_STORED"), ("ssh", "ZIP_DEFLATED")])
def test_a_module_that_stays_on_this_machine_is_packed_for_it(transport: str, packed: str) -> None:
    action = GuardedRestore.__new__(GuardedRestore)
    action._connection = SimpleNamespace(transport=transport)  # type: ignore[assignment]
    told = {"ansible_module_compression": "ZIP_DEFLATED", "inventory_hostname": "srv-uji"}
    assert action._packing(told) == {**told, "ansible_module_compression": packed}
    assert told["ansible_module_compression"] == "ZIP_DEFLATED"
