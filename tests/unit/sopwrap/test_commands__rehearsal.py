from __future__ import annotations

from sopwrap.engine import RunResult
from sopwrap.execution import Order
from tests.unit.sopwrap.shells import RunShell
from tests.unit.sopwrap.small_office import record


def test_what_a_dry_run_has_measured_is_kept_and_weighed_at_once(run_shell: RunShell) -> None:
    def planned(order: Order) -> RunResult:
        known = {"outcome": "planned", "size_bytes": 4096, "free_bytes": 1024}
        records = [record("backup", one.id, one.stores[0], **known) for one in order.assets]
        return RunResult("ok", [*records, record("copy", "arsip", "external", outcome="refused")])

    run_shell.reply = planned
    said = run_shell("run", "uji/backup", "--asset", "arsip", "--dry-run").stdout
    assert "arsip 4.1 kB by its source; too little room in internal" in said
    kept = [one.data["record"] for one in run_shell.workspace.ledger().of_kind("evidence")]
    assert [(one["outcome"], one["size_bytes"]) for one in kept] == [("planned", 4096)]
    assert run_shell("status", "--json", "--query", "assets[0].standing").stdout.strip() == '"never"'


def test_a_dry_run_of_a_procedure_of_two_operations_is_of_the_first(run_shell: RunShell) -> None:
    run_shell.reply = lambda order: RunResult("ok", [record("backup", "laman", outcome="planned", size_bytes=4096)])
    assert "laman 4.1 kB by its source" in run_shell("run", "kaltim", "--asset", "laman", "--dry-run").stdout
    assert run_shell.cases == []
