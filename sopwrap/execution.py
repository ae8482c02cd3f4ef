"""Runs playbooks: one call of ansible-runner for all of a step, in a private folder that does not outlive it.

The only module that knows ansible-runner. What it returns is evidence; nothing is read out of log text. Traps of
ansible-runner 2.4.3 are told where they are stepped around.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sopwrap.accounting import Frame, Owed, owed, passed_over, unpaid
from sopwrap.case import Asset, Case
from sopwrap.children import MARK, family, finish
from sopwrap.engine import RunResult
from sopwrap.environment import ansible_environment
from sopwrap.errors import NothingMatchedError, SopError
from sopwrap.events import Heard, News
from sopwrap.flow import restores
from sopwrap.interrupt import Interrupt
from sopwrap.records import Evidence
from sopwrap.redaction import known_secrets, scrub
from sopwrap.refusals import keep_told
from sopwrap.restoring import source_of
from sopwrap.sop import Step
from sopwrap.workers import NOTICED, PATIENCE, REASON, Workers
from sopwrap.workspace import Resources, Workspace, resources

PREFIX = "run-"


@dataclass(frozen=True)
class Watch:
    """Who is told while a run goes on; by default nobody."""

    begin: Callable[[Order, int], None] = lambda order, due: None
    news: Callable[[News], None] = lambda news: None
    stopping: Callable[[], None] = lambda: None
    end: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Order:
    """What to run for whom. Nothing in it may be a secret: it is in a file while the run lasts.

    ``key`` names a ``file`` that holds one (and the ``store`` it opens), where the stores' own keys are not to be used.
    """

    actions: tuple[str, ...]
    assets: tuple[Asset, ...]
    case: str | None = None
    step: str | None = None
    point: str = ""
    target: dict[str, Any] = field(default_factory=dict)
    check: bool = False
    permit: str = ""
    permit_signers: str = ""
    key: dict[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, Any]:
        """The extra variables every playbook understands."""
        told = {
            "sopwrap_permit": self.permit,
            "sopwrap_permit_signers": self.permit_signers,
            "sopwrap_key": self.key,
        }
        return {
            **{name: value for name, value in told.items() if value},
            "sopwrap_only": [asset.id for asset in self.assets],
            "sopwrap_case": {"case": self.case, "step": self.step} if self.case else {},
            "sopwrap_point": self.point,
            "sopwrap_target": self.target,
        }

    @property
    def owed(self) -> list[Owed]:
        """The records that have to come back; what is a restore by its playbook alone gives one of its own."""
        due = owed(self.actions, self.assets)
        word = next((word for word in ("undo", "forget", "export") if word in self.target), None)
        return [replace(one, action=word) for one in due] if word else due


@dataclass(frozen=True)
class Executor:
    """Carries out orders in one office, one at a time (the caller holds the office's lock)."""

    workspace: Workspace
    watch: Watch = field(default_factory=Watch)

    def perform(self, actions: list[str], assets: list[str] | None, case: Case, step: Step) -> RunResult:
        """Run the playbooks of a case's step for these assets (null = all of the case); see engine.Performer."""
        chosen = tuple(asset for asset in case.assets if assets is None or asset.id in assets)
        order = Order(tuple(actions), chosen, case.id, step.id)
        if restores(step):
            return self._restore(order, source_of(case))
        return self.carry_out(order)

    def _restore(self, order: Order, sources: dict[str, tuple[str, dict[str, Any]]]) -> RunResult:
        """One run for each asset: each has its own point and its own place."""
        results: list[RunResult] = []
        for asset in order.assets:
            point, target = sources[asset.id]
            permit = self._permit(order.case) if "replace" in target else ""
            one = replace(order, assets=(asset,), point=point, target=target, permit=permit)
            results.append(self.carry_out(one))
            if results[-1].outcome == "canceled":
                break
        worst = next(one for name in ("canceled", "failed", "ok") for one in results if one.outcome == name)
        return replace(worst, records=[record for one in results for record in one.records])

    def _permit(self, case: str | None) -> str:
        """The newest permit of a case; where there is none the host refuses, which holds the step."""
        issued = [entry for entry in self.workspace.ledger().of_kind("permit") if entry.case == case]
        return str(issued[-1].data["text"]) if issued else ""

    def carry_out(self, order: Order) -> RunResult:
        """Run the order; return every record that came back, and a failed one for each asset that left none.

        Raise UsageError for an unknown playbook, NothingMatchedError when there is no asset, SopError when Ansible
        cannot be started. An interrupt gives the outcome ``canceled``, with what was done until then.
        """
        if not order.assets:
            raise NothingMatchedError("There is no asset to work on.", "Declare assets in the inventory.")
        ours = resources()
        for action in order.actions:
            ours.playbook(action)
        due = [] if order.check else order.owed
        started, heard = datetime.now(UTC), Heard()
        sweep(self.workspace)
        self.watch.begin(order, len(due))
        try:
            code = self._run(ours, order, heard)
            if code not in (0, INTERRUPTED, KILLED):
                code = self._run_passed_over(ours, order, due, heard) or code
            lost = [] if code == INTERRUPTED else self._lost(order, due, heard, started)
        finally:
            self.watch.end()
        keep_told(self.workspace.folder, heard.refusals)
        return self._result(order, code, heard, lost)

    def _lost(self, order: Order, due: list[Owed], heard: Heard, started: datetime) -> list[Evidence]:
        """A failed record for each asset that left none, told like the records that came back."""
        frame = Frame(order.case, order.step, started, datetime.now(UTC))
        secrets = known_secrets(self.workspace.secrets)
        lost = [one.model_copy(update={"message": scrub(one.message, secrets)}) for one in unpaid(due, heard, frame)]
        if lost:
            self.watch.news(News(tuple(lost)))
        return lost

    def _run_passed_over(self, ours: Resources, order: Order, due: list[Owed], heard: Heard) -> int:
        """Run the later playbooks for those that a failure beside them kept from being tried."""
        rest = passed_over(due, heard)
        for playbook in dict.fromkeys(one.playbook for one in rest):
            wanted = {one.asset.id for one in rest if one.playbook == playbook}
            assets = tuple(asset for asset in order.assets if asset.id in wanted)
            if self._run(ours, replace(order, actions=(playbook,), assets=assets), heard) == INTERRUPTED:
                return INTERRUPTED
        return 0

    def _result(self, order: Order, code: int, heard: Heard, lost: list[Evidence]) -> RunResult:
        """The outcome, weighed by records first; Ansible's exit code only speaks where they are silent."""
        secrets = known_secrets(self.workspace.secrets)
        records = [*heard.records, *lost]
        if code == INTERRUPTED:
            return RunResult("canceled", records, "The run was interrupted.")
        if bad := [record for record in records if record.outcome in ("failed", "refused")]:
            return RunResult("failed", records, bad[0].message)
        if code == 0 and heard.results and not order.owed:
            return RunResult("ok", records, f"{len(records)} records came back.")
        if code or not records:
            last = heard.failures[-1].message if heard.failures else ""
            reason = last or heard.error or heard.odd or "no evidence came back"
            return RunResult("failed", records, scrub(f"{' and '.join(order.actions)}: {reason}.", secrets))
        return RunResult("ok", records, f"{len(records)} records came back.")

    def _run(self, ours: Resources, order: Order, heard: Heard) -> int:
        """One call of ansible-runner; return Ansible's exit code, or INTERRUPTED."""
        with _private_folder(self.workspace) as private, Interrupt(private, self.watch.stopping) as interrupt:
            workers = Workers(private)
            ends = (interrupt.overdue, workers.lost)
            code = _call_runner(self.workspace, ours, order, private, _listener(heard, self.watch), ends)
            killed = workers.killed or code == KILLED or heard.error == NOTICED
            if killed and not interrupt.asked:
                heard.error = REASON if heard.error in ("", NOTICED) else heard.error
                finish(family(private), PATIENCE)
        return INTERRUPTED if interrupt.asked else code


INTERRUPTED = -1
"""In place of Ansible's exit code: a signal ended the run."""

KILLED = 137
"""The same where a signal ended Ansible alone, for which ansible-runner has no code at all."""


def sweep(workspace: Workspace) -> int:
    """Remove what killed runs have left (the caller holds the lock, so none of it is in use); return how many."""
    left = leftovers(workspace)
    for folder in left:
        finish(family(folder), 0.0)
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def leftovers(workspace: Workspace) -> list[Path]:
    """The private folders in an office; while no run is at work, each is one that was killed."""
    return sorted(path for path in (workspace.folder / ".sopwrap").glob(f"{PREFIX}*") if path.is_dir())


@contextmanager
def _private_folder(workspace: Workspace) -> Iterator[Path]:
    """A fresh folder of our own (0700): a used one would hand an old run's settings on to the new one."""
    private = Path(tempfile.mkdtemp(prefix=PREFIX, dir=workspace.working))
    try:
        yield private
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _listener(heard: Heard, watch: Watch) -> Callable[[Any], bool]:
    def listen(event: Any) -> bool:
        """Take the event in. False keeps ansible-runner from writing it to a file, which nobody would read."""
        watch.news(heard.take(event))
        return False

    return listen


def _call_runner(
    workspace: Workspace,
    ours: Resources,
    order: Order,
    private: Path,
    listen: Callable[[Any], bool],
    ends: tuple[Callable[[], bool], ...],
) -> int:
    import ansible_runner
    from ansible_runner.exceptions import AnsibleRunnerException

    playbook = private / "play.yml"
    playbook.write_text(json.dumps([{"import_playbook": str(ours.playbook(action))} for action in order.actions]))
    variables = {
        **ansible_environment(workspace, ours),
        MARK: str(private),
        "ANSIBLE_LOCAL_TEMP": str(private / "tmp"),
        "SOPWRAP_EVIDENCE_FILE": str(private / "evidence.jsonl"),
        "SOPWRAP_PACKED": os.environ.get("SOPWRAP_PACKED") or str(workspace.working / "packed"),
    }

    def forget_environment(status: Any, runner_config: Any) -> None:
        """ansible-runner writes the whole environment, an operator's secrets too, beside its artifacts."""
        with suppress(OSError):
            (Path(runner_config.artifact_dir) / "command").unlink(missing_ok=True)

    try:
        runner = ansible_runner.run(
            private_data_dir=str(private),
            project_dir=str(workspace.folder),
            playbook=str(playbook),
            inventory=str(workspace.inventory),
            limit=",".join(dict.fromkeys(asset.host for asset in order.assets)),
            extravars={**order.variables, "sopwrap_history": str(workspace.history)},
            envvars=variables,
            cmdline="--check" if order.check else None,
            settings={"pexpect_timeout": 1, "suppress_output_file": True},
            ident="run",
            quiet=True,
            event_handler=listen,
            status_handler=forget_environment,
            cancel_callback=lambda: any(end() for end in ends),
        )
    except (AnsibleRunnerException, OSError, ValueError) as error:
        raise SopError(f"Ansible cannot be started: {error}.", "Run `sopwrap doctor`.") from error
    if runner.rc == 127:
        raise SopError(
            "Ansible cannot be started: there is no ansible-playbook beside sopwrap.", "Run `sopwrap doctor`."
        )
    return KILLED if runner.rc is None else int(runner.rc)
