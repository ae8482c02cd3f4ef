"""Replace living data without Ansible, in a process of its own that can be made to fail or die at any moment.

    python -m tests.integration.replacing SPEC.json

The spec is what `Bench.broken` writes. A breakage is `WAY:STATE`; when the journal reaches the state, the process is
killed (`kill`), asked to stop (`term`), meets a fault (`fail`), restic dies from then on (`restic`), or process PID is
killed (`PID`).
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register, run
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Kind, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.lifeline import Interrupted, lifeline
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

if TYPE_CHECKING:  # the process that breaks needs none of the wrapper, and is started some eighty times
    from tests.office.permits import Authority

ROOT = Path(__file__).resolve().parents[2]
HOST = "srv-uji"
Record = dict[str, Any]


def kind_of(name: str) -> Kind:
    """The adapter that the kind's module uses."""
    name = {"postgresql": "postgresql_kind"}.get(name, name)
    module = importlib.import_module(f"ansible_collections.sopwrap.backup.plugins.module_utils.{name}")
    kind: Kind = getattr(module, name.title().replace("_", ""))()
    return kind


class Bench:
    """One asset in one store, and a host of its own below ``folder``: whose permits it believes, and its journals."""

    def __init__(self, folder: Path, asset: dict[str, Any], store: dict[str, Any], authority: Authority) -> None:
        self.folder, self.asset, self.store, self.authority = folder, asset, store, authority
        self.trust, self.state = folder / "etc", folder / "var"
        self.pieces: list[str] = []
        authority.trusted_by(self.trust, HOST)

    @property
    def kind(self) -> Any:
        """The asset's adapter."""
        return kind_of(self.asset["kind"])

    def back_up(self) -> Record:
        """Make a point; return its record."""
        job = self._job()
        with Places(self.trust, self.state):
            back_up(job, self.kind)
        assert job.records[-1]["outcome"] in ("ok", "unchanged"), job.records
        return dict(job.records[-1])

    def live(self) -> Content:
        """The fingerprint of the living data, by way of what a backup would say of it."""
        with self.kind.capture({**self.asset, "purpose": "safety"}) as capture, Beside(capture.content) as content:
            for part in capture.parts:
                if hasattr(part, "open"):
                    with part.open() as stream:
                        while stream.read(1 << 20):
                            continue
            found: Content = content.result()
        return found

    def plan(self) -> Record:
        """What a dry run says."""
        (record,) = self.do({"replace": True, "pieces": self.pieces}, check=True)
        return record

    def do(self, target: dict[str, Any], permit: str = "", **more: Any) -> list[Record]:
        """Carry a restore out in this process."""
        job = self._job(target=target, options={"permit": permit}, **more)
        with Places(self.trust, self.state):
            run.carry_out(job, "restore", self.kind)
        return job.records

    def replace(self, **changed: Any) -> list[Record]:
        """Replace the living data by the newest point, with a permit for it."""
        return self.do({"replace": True}, self.authority.permit(self.plan(), **changed))

    def broken(self, breakage: str, permit: str | None = None, number: int = 0) -> tuple[int, list[Record]]:
        """Replace in a process of its own that breaks; return its exit code and the records it could still write."""
        text = self.authority.permit(self.plan()) if permit is None else permit
        spec = {key: str(getattr(self, key)) for key in ("trust", "state")}
        known = {**spec, "asset": self.asset, "store": self.store, "permit": text, "breakage": breakage}
        path, records = self.folder / f"spec-{number}.json", self.folder / f"records-{number}.json"
        records.unlink(missing_ok=True)
        path.write_text(json.dumps({**known, "records": str(records)}), encoding="utf-8")
        command = [sys.executable, "-m", "tests.integration.replacing", str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        found = json.loads(records.read_text(encoding="utf-8")) if records.exists() else []
        if done.returncode > 0:
            raise AssertionError(done.stderr)
        return done.returncode, found

    def journals(self) -> list[dict[str, Any]]:
        """The journals on the host."""
        paths = sorted((self.state / "restores").glob("*/journal.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    def _job(self, **more: Any) -> Job:
        case = {"case": "K-1", "step": "p1"}
        return Job(HOST, [self.asset], {self.store["id"]: Store(self.store["id"], self.store)}, case, **more)


def end_the_window(bench: Bench) -> None:
    """Have the time be over in which restores can be taken back."""
    for path in (bench.state / "restores").glob("*/journal.json"):
        journal = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**journal, "undo_until": "2020-01-01T00:00:00Z"}), encoding="utf-8")


class Places:
    """The host's folders of a bench instead of the machine's."""

    def __init__(self, trust: Path, state: Path) -> None:
        self._new = {"TRUST": str(trust), "STATE": str(state)}
        self._old = {name: getattr(permit_register, name) for name in self._new}

    def __enter__(self) -> None:
        for name, value in self._new.items():
            setattr(permit_register, name, value)

    def __exit__(self, *failure: object) -> None:
        for name, value in self._old.items():
            setattr(permit_register, name, value)


def _break_at(breakage: str) -> None:
    """Have the process meet its fate when its journal reaches a state."""
    way, _colon, state = breakage.partition(":")
    reach = journals.Journal.reach

    def breaking(self: journals.Journal, to: str, **known: Any) -> None:
        reach(self, to, **known)
        if to != state:
            return
        if way == "fail":
            raise Problem("A fault was injected.")
        if way == "restic":
            os.environ["PATH"] = f"{_dying_restic(self.folder)}:{os.environ['PATH']}"
        elif way.isdigit():
            os.kill(int(way), signal.SIGKILL)
        else:
            os.kill(os.getpid(), signal.SIGTERM if way == "term" else signal.SIGKILL)

    journals.Journal.reach = breaking  # type: ignore[method-assign]


def _dying_restic(folder: str) -> str:
    path = Path(folder) / "restic"
    path.write_text("#!/bin/sh\nkill -9 $$\n", encoding="ascii")
    path.chmod(0o755)
    return folder


def main(path: str) -> None:
    """The process that breaks."""
    spec = json.loads(Path(path).read_text(encoding="utf-8"))
    bench = Bench.__new__(Bench)
    bench.asset, bench.store = spec["asset"], spec["store"]
    job = bench._job(target={"replace": True}, options={"permit": spec["permit"]})
    _break_at(spec["breakage"])
    with Places(Path(spec["trust"]), Path(spec["state"])), lifeline(), suppress(Interrupted):
        run.carry_out(job, "restore", bench.kind)
    Path(spec["records"]).write_text(json.dumps(job.records), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
