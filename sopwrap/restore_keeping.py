"""Where the records of `sopwrap restore` belong: to the step of the case that waits for just this, or beside it.

A restore on the permit of a case that stands at its restore is that step's run. What comes before or after (a
refusal, taking it back) is told beside the steps, also when the case is closed. An emergency has no case.
"""

from __future__ import annotations

from collections.abc import Sequence

from sopwrap.case import Case, StepView
from sopwrap.engine import RunResult, load_case
from sopwrap.flow import restores
from sopwrap.ledger import Draft, Ledger
from sopwrap.records import Evidence
from sopwrap.refusals import case_of


def keep(ledger: Ledger, result: RunResult) -> None:
    """Append the records of a run of `restore_point` outside of `sopwrap run` and `case resume`."""
    records = list(result.records)
    if not records:
        return
    belongs = next((found for one in records if (found := case_of(ledger, one))), None)
    case = load_case(ledger, belongs) if belongs else None
    step = _waiting(case, records) if case else None
    drafts = [_evidence(one, step) for one in records]
    if case is None or step is None:
        ledger.append(belongs, drafts)
        return
    assets = [one.asset for one in records if one.asset]
    begun = Draft("run.started", {"actions": ["restore_point"], "assets": sorted(set(assets))}, step)
    ended = Draft("run.finished", {"outcome": result.outcome, "message": result.message}, step)
    ledger.append(case.id, [begun, *drafts, ended], head=case.digest)


def _waiting(case: Case, records: Sequence[Evidence]) -> str | None:
    """The step of the case at which this is what is to be done; None where it is not."""
    view: StepView | None = case.current
    if view is None or not restores(view.step) or view.rounds[-1].machine == "running":
        return None
    done = any(one.action == "restore" and one.outcome in ("ok", "failed") for one in records)
    return view.step.id if done else None


def _evidence(record: Evidence, step: str | None) -> Draft:
    return Draft("evidence", {"record": record.as_dict(), "origin": "run", "file_sha256": None}, step)
