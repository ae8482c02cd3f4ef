"""Accounts for every asset of a run: silence is never success, so what left no evidence gets a failed record.

Pure. Which playbook owes which evidence is ``PROOF`` in sopwrap.flow: the engine weighs by the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sopwrap.case import Asset
from sopwrap.events import Heard
from sopwrap.flow import PROOF
from sopwrap.records import Evidence


@dataclass(frozen=True)
class Owed:
    """One record that has to come of a playbook: ``store`` null where any store will do."""

    playbook: str
    action: str
    asset: Asset
    store: str | None = None

    def paid(self, told: set[tuple[str | None, str, str | None]]) -> bool:
        """Whether what ``_told`` gives has the record that is owed."""
        return (self.asset.id, self.action, self.store) in told


def owed(playbooks: Iterable[str], assets: Sequence[Asset]) -> list[Owed]:
    """Every record these playbooks owe for these assets: backed up to the first store, copied to each further one."""
    due: list[Owed] = []
    for playbook in playbooks:
        for asset in assets if playbook in PROOF else []:
            action = PROOF[playbook]
            if action == "backup":
                due += [Owed(playbook, "backup", asset, store) for store in asset.stores[:1]]
            if action in ("backup", "copy"):
                due += [Owed(playbook, "copy", asset, store) for store in asset.stores[1:]]
            else:
                due.append(Owed(playbook, action, asset))
    return due


def missing(due: Sequence[Owed], records: Sequence[Evidence]) -> list[Owed]:
    """What is still owed; an asset that has failed already owes nothing more."""
    failed = {record.asset for record in records if record.outcome in ("failed", "refused")}
    told = _told(records)
    return [one for one in due if one.asset.id not in failed and not one.paid(told)]


def _told(records: Iterable[Evidence]) -> set[tuple[str | None, str, str | None]]:
    """The asset, action and store of each record, and once more with null for any store."""
    return {(record.asset, record.action, store) for record in records for store in (record.store, None)}


def passed_over(due: Sequence[Owed], heard: Heard) -> list[Owed]:
    """What was not tried because another asset of the host failed in an earlier playbook of the same run.

    Ansible leaves a failed host out of every later playbook; an asset that did well in the earlier ones deserves its
    turn. Nothing on a host that was not reached.
    """
    lost = {one.host for one in heard.failures if one.unreachable}
    left = [one for one in missing(due, heard.records) if one.asset.host not in lost]
    told = _told(heard.records)
    begun = {one.asset.id for one in due if one.paid(told)}
    stuck = {one.asset.id for one in left if one.playbook == due[0].playbook}
    return [one for one in left if one.asset.id in begun and one.asset.id not in stuck]


@dataclass(frozen=True)
class Frame:
    """What a record made here needs to know of the run."""

    case: str | None
    step: str | None
    started_at: datetime
    finished_at: datetime


def unpaid(due: Sequence[Owed], heard: Heard, frame: Frame) -> list[Evidence]:
    """A failed record for each asset that still owes one, saying what was last heard of its host."""
    first = {one.asset.id: one for one in reversed(missing(due, heard.records))}
    return [_failed(one, heard, frame) for one in reversed(first.values())]


def _failed(one: Owed, heard: Heard, frame: Frame) -> Evidence:
    asset, failure = one.asset, heard.failure_of(one.asset.host, one.asset.kind)
    if failure is not None and failure.unreachable:
        message = f"{asset.host} was not reached: {failure.message}"
        hint = "See whether the host is up and its address, user and key are right."
    else:
        general = heard.odd or ("" if heard.failures else heard.error)
        reason = failure.message if failure else general or "Ansible said nothing about it"
        message = f"No evidence of the {one.action} of {asset.id} came back from {asset.host}: {reason}"
        hint = "Mend what the message says, then let the step be repeated."
    return Evidence(
        schema_="sopwrap.evidence/1",
        action=one.action,
        asset=asset.id,
        kind=asset.kind,
        host=asset.host,
        point=None,
        case=frame.case,
        step=frame.step,
        started_at=frame.started_at,
        finished_at=frame.finished_at,
        outcome="failed",
        tool=None,
        store=one.store,
        placement=None,
        medium=None,
        store_id=None,
        size_bytes=None,
        stored_bytes=None,
        sha256=None,
        fingerprint=None,
        items=None,
        verify=None,
        retention_until=None,
        message=f"{message.rstrip('.')}.",
        hint=hint,
    )
