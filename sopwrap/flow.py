"""The rules of the flow chart, pure: which way on, what the evidence amounts to, and what the machine has to do next.

Two rules of the SOPs stand above all others: silence is never success (an asset without evidence has failed), and
the machine never decides, ticks or signs (sop-documents 2.3): it proposes, and waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from sopwrap.case import Asset, Case, Run, StepView
from sopwrap.records import Evidence
from sopwrap.sop import Edge, Step
from sopwrap.words import gathered

PROOF = {
    "backup_assets": "backup",
    "copy_points": "copy",
    "verify_points": "verify",
    "restore_point": "restore",
    "forget_points": "destroy",
    "drill_key": "restore",
}
"""Playbook → the action of which every asset of the case needs a successful record."""


@dataclass(frozen=True)
class Close:
    """The last step is done: close the case."""


@dataclass(frozen=True)
class NoteInterrupted:
    """A run began and nothing tells how it ended: its process died."""


@dataclass(frozen=True)
class Perform:
    """Run the step's playbooks; ``assets`` null means all of the case."""

    actions: tuple[str, ...]
    assets: tuple[str, ...] | None


@dataclass(frozen=True)
class LookUp:
    """Look these up in the ledger, so that whoever acts next can go by them."""

    lookups: tuple[str, ...]


@dataclass(frozen=True)
class Halt:
    """Something failed that only a person may pass over."""

    message: str
    assets: tuple[str, ...]


@dataclass(frozen=True)
class Finish:
    """The machine's step is done."""

    note: str


Move = Close | NoteInterrupted | LookUp | Perform | Halt | Finish

BY_THE_WAY = "Dikerjakan dan dibuktikan sistem bersama langkah pemulihan."
"""What the papers say of a row whose work the machine did with another one."""

SOURCE = "restore_source"
"""The lookup before every restore: which point, where to, and whether somebody has approved it."""


@dataclass(frozen=True)
class Findings:
    """What a round's evidence leaves undone: asset → why, and failures that are no asset's (a medium, the run).

    ``broken`` is the run's own message where it broke down before any evidence came back.
    """

    assets: dict[str, str]
    other: tuple[str, ...]
    broken: str = ""

    @property
    def clean(self) -> bool:
        """True where nothing is left undone."""
        return not self.assets and not self.other

    def sentence(self, total: int) -> str:
        """What is undone, each reason once, in one sentence; ``total`` is the number of assets of the case."""
        if self.broken:
            return self.broken
        parts, count = gathered({asset: _bare(why) for asset, why in self.assets.items()}), len(self.assets)
        head = f"{count} of {total} assets {'is' if count == 1 else 'are'} not done: " if parts else ""
        return f"{head}{'; '.join([*parts, *map(_bare, self.other)])}."


def machine_move(case: Case) -> Move | None:
    """What the machine does next in this case; None where a person has the next move or the case is closed."""
    if case.closed_at is not None:
        return None
    view = case.current
    if view is None:
        return Close()
    if view.state == "held":
        return None
    if view.rounds[-1].machine == "running":
        return NoteInterrupted()
    if pending := _to_look_up(view):
        return LookUp(pending)
    if view.rounds[-1].machine in ("due", "ran") and (move := _run_or_halt(case, view)):
        return move
    if _proven_by_lookup(view):
        return Finish(BY_THE_WAY)
    return None if needs_person(view.step) else _finish_or_halt(case, view)


def _proven_by_lookup(view: StepView) -> bool:
    """Whether the step's work was done by the machine with another step, as its lookup has found in this round."""
    found = [one for one in view.rounds[-1].findings if one.lookup == view.step.proven_by]
    return bool(found) and found[-1].ok


def _to_look_up(view: StepView) -> tuple[str, ...]:
    """What has not been looked up yet in this round; where a restore is tried again, its source anew."""
    present = view.rounds[-1]
    if present.finished_at is not None:
        return ()
    known = [one.lookup for one in present.findings]
    wanted = [one for one in view.step.asked if one not in known]
    tried = sum(1 for hold in present.holds if hold.choice == "retry")
    if restores(view.step) and present.machine == "due" and known.count(SOURCE) <= tried:
        wanted.append(SOURCE)
    return tuple(wanted)


def restores(step: Step) -> bool:
    """Whether the machine brings data back at this step."""
    return any(PROOF.get(action) == "restore" for action in step.actions)


def _run_or_halt(case: Case, view: StepView) -> Move | None:
    """The move that gets the step's evidence together; None when it is together."""
    present, concerned = view.rounds[-1], case.concerned(view)
    found = findings(case, view)
    if not concerned:
        return None
    if present.machine == "due":
        if found.clean and _proven(view):
            return None
        source = next((one for one in reversed(present.findings) if one.lookup == SOURCE), None)
        if source is not None and not source.ok:
            return Halt(source.text, ())
        wanted = tuple(found.assets) or tuple(asset.id for asset in concerned)
        return Perform(tuple(view.step.actions), None if len(wanted) == len(case.assets) else wanted)
    if found.clean or (_proposes(view.step) and _is_finding(present.runs[-1])):
        return None
    return Halt(found.sentence(len(case.assets)), tuple(found.assets))


def _proven(view: StepView) -> bool:
    """True where records alone show that a due step needs no run: its actions leave one an asset, or came by hand."""
    runs = view.rounds[-1].runs
    return bool(runs) and (runs[-1].origin == "file" or all(action in PROOF for action in view.step.actions))


def _finish_or_halt(case: Case, view: StepView) -> Move:
    present, edge = view.rounds[-1], way_on(view.step, None)
    passed = present.machine == "passed"
    if edge is not None and not passed and (used_up := spent(view, edge)):
        return Halt(used_up, ())
    if view.step.actions and not case.concerned(view):
        return Finish("Tidak ada aset yang menjadi sasaran langkah ini.")
    return Finish(present.holds[-1].reason if passed else "")


def needs_person(step: Step) -> bool:
    """True where a person ends the step: everything but an automatic process, and every decision and wait."""
    return step.mode in ("mixed", "human") or step.kind in ("decision", "wait") or len(step.next) > 1


def way_on(step: Step, choice: str | None) -> Edge | None:
    """The edge a finished step takes: the one with the chosen label, or the only one; None at an end."""
    if choice is not None:
        return next((edge for edge in step.next if edge.when == choice), None)
    return step.next[0] if len(step.next) == 1 else None


def spent(view: StepView, edge: Edge) -> str:
    """Why this edge may not be taken once more (``max_rounds``); empty where it may."""
    taken = sum(
        1 for one in view.rounds if one.finished_at is not None and way_on(view.step, one.choice or None) == edge
    )
    if edge.max_rounds is None or taken < edge.max_rounds:
        return ""
    label = f" ({edge.when})" if edge.when else ""
    return f"The way from {view.step.id} to {edge.to}{label} has been taken {taken} times, as often as the SOP allows"


def findings(case: Case, view: StepView) -> Findings:
    """Weigh the evidence of the present round: for each asset and action, what the latest run that tells of it says."""
    runs, actions = view.rounds[-1].runs, view.step.actions
    each = [(run, _sorted(run)) for run in runs]
    assets = {asset.id: why for asset in case.concerned(view) if (why := _undone(asset, actions, each))}
    if not runs:
        return Findings(assets, ())
    known = {asset.id for asset in case.assets}
    other = [one.message for one in runs[-1].evidence if one.asset not in known and not _good(one)]
    told = runs[-1].message or "The run failed without saying why."
    if runs[-1].outcome == "failed" and not assets and not other:
        other = [told]
    broken = runs[-1].outcome == "failed" and not runs[-1].evidence
    return Findings(assets, tuple(other), told if broken else "")


def proposal(case: Case, view: StepView) -> str | None:
    """The branch the machine's finding suggests to the person who decides; None where it found nothing."""
    runs = [run for run in view.rounds[-1].runs if run.evidence]
    if not runs or view.rounds[-1].machine not in ("due", "ran"):
        return None
    finding = "ok" if findings(case, view).clean else "failed"
    return next((edge.when for edge in view.step.next if edge.proposed_on == finding), None)


def failed(case: Case, view: StepView, choice: str) -> dict[str, list[str]]:
    """What a decision's line says where it sends back what the machine found failed: those assets, if not all are."""
    edge = way_on(view.step, choice)
    found = findings(case, view).assets if edge and edge.proposed_on == "failed" and view.rounds[-1].runs else {}
    return {"failed": list(found)} if 0 < len(found) < len(case.assets) else {}


def _proposes(step: Step) -> bool:
    return any(edge.proposed_on == "failed" for edge in step.next)


def _is_finding(run: Run) -> bool:
    """True where a run failed by what it found (a medium that is missing), not by breaking down."""
    return any(not _good(record) for record in run.evidence)


def _good(record: Evidence) -> bool:
    return record.succeeded and (record.verify is None or record.verify.ok)


Sorted = dict[tuple[str | None, str], list[Evidence]]
"""A run's records by asset and action: a case of a thousand assets has a thousand of them for each asset to look at."""


def _sorted(run: Run) -> Sorted:
    found: Sorted = {}
    for record in run.evidence:
        found.setdefault((record.asset, record.action), []).append(record)
    return found


def _undone(asset: Asset, actions: list[str], runs: list[tuple[Run, Sorted]]) -> str:
    """Why this asset's part of the step is not done; empty when it is."""
    wanted = [PROOF[action] for action in actions if action in PROOF]
    if not wanted:
        return ""
    latest = [record for action in dict.fromkeys([*wanted, "copy"]) for record in _latest(asset.id, action, runs)]
    bad = next((record for record in latest if not _good(record)), None)
    if bad is not None:
        return bad.message if bad.outcome != "planned" else "only planned (check mode)"
    if wanted == ["copy"] and len(asset.stores) < 2:
        return "it has no further store to be copied to"
    if missing := [action for action in wanted if not any(record.action == action for record in latest)]:
        return f"no evidence of its {missing[0]} came back"
    stored = {record.store for record in latest if record.action in ("backup", "copy")}
    if "backup" in wanted and (absent := [store for store in asset.stores if store not in stored]):
        return f"no evidence that it is in the store {absent[0]}"
    return _odd(asset.id, runs) if "backup" in wanted else ""


def _odd(asset: str, runs: list[tuple[Run, Sorted]]) -> str:
    """Why a person has to look at the size of this asset's last backup; empty where nobody has to."""
    last = next((run for run, records in reversed(runs) if (asset, "backup") in records), None)
    return next((why for one, why in last.odd if one == asset), "") if last else ""


def _latest(asset: str, action: str, runs: list[tuple[Run, Sorted]]) -> list[Evidence]:
    """The records of the last run that has any of this asset and action: a retry replaces what failed before."""
    return next((records[asset, action] for _run, records in reversed(runs) if (asset, action) in records), [])


def _bare(sentence: str) -> str:
    return sentence.strip().rstrip(".")
