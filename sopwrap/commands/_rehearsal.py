"""What `run --dry-run` and `request --plan` share: Ansible's check mode over a procedure; what it measured is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sopwrap.commands._evidence import keep_evidence

if TYPE_CHECKING:
    from sopwrap.engine import Opening, RunResult
    from sopwrap.lookups import Found
    from sopwrap.records import Evidence
    from sopwrap.workspace import Workspace


@dataclass(frozen=True)
class Rehearsal:
    """What came back for each playbook that was checked, in their order; ``backs_up``: a backup is among them."""

    results: dict[str, RunResult]
    backs_up: bool

    @property
    def records(self) -> list[Evidence]:
        """Every record that came back."""
        return [record for result in self.results.values() for record in result.records]

    @property
    def outcome(self) -> str:
        """The worst of all outcomes."""
        found = {result.outcome for result in self.results.values()}
        return next((one for one in ("canceled", "failed") if one in found), "ok")


def rehearsal(workspace: Workspace, opening: Opening, plain: bool) -> Rehearsal | None:
    """Let Ansible check what a case would do, and keep the plans in the ledger; None where nothing is the machine's.

    What a check found wrong is said and not kept: nothing was done that could have failed. The caller holds the lock.
    """
    from sopwrap.execution import Executor, Order
    from sopwrap.flow import PROOF
    from sopwrap.progress import watch

    operation = opening.operation or opening.procedure.operations[0]
    steps = opening.procedure.for_operation(operation).steps
    actions = tuple(dict.fromkeys(action for step in steps for action in step.actions))
    backs_up = any(PROOF.get(action) == "backup" for action in actions)
    if backs_up:
        # what a backup would make is not there to be read back
        actions = tuple(action for action in actions if PROOF.get(action) != "verify")
    made = Rehearsal({}, backs_up)
    for action in actions:  # one by one: a medium that is missing says nothing about the rest
        order = Order((action,), tuple(opening.assets), check=True)
        made.results[action] = Executor(workspace, watch(plain)).carry_out(order)
        if made.outcome == "canceled":
            break
    keep_evidence(workspace.ledger(), [one for one in made.records if one.outcome == "planned"])
    return made if actions else None


def tell(made: Rehearsal) -> None:
    """Say what came back, record by record."""
    for result in made.results.values():
        for record in result.records:
            click.echo(f"{record.asset or record.store}: {record.action} {record.outcome}: {record.message}")
        if result.outcome == "failed" and result.message not in [record.message for record in result.records]:
            click.echo(result.message, err=True)


def capacity_of(workspace: Workspace, opening: Opening) -> Found:
    """What the case would take, what room there is and when it could begin, by all that the ledger knows now."""
    from sopwrap.lookups import Known, capacity
    from sopwrap.records import evidence
    from sopwrap.requesting import foreseen

    records = [evidence(one.data["record"]) for one in workspace.ledger().of_kind("evidence")]
    meant = replace(opening, operation=opening.operation or opening.procedure.operations[0])
    return capacity(foreseen(meant), opening.assets, Known(records), datetime.now(UTC))
