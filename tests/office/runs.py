"""What tests do with a running office: fresh stores, and playbooks run by hand with their evidence read back."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.office.media import LABEL, UUID, Medium
from tests.office.office import Office
from tests.office.process import program
from tests.office.seeded import write_secret
from tests.quick_store import quick_store

ROOT = Path(__file__).resolve().parents[2]


class Stores:
    """An internal store and one on a medium (plugged in), empty, with keys of their own, below ``folder``."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.cache = cache
        self._medium = Medium(folder / "media" / LABEL.lower(), folder / "drawer")
        self.medium = self._medium.path
        self.internal = folder / "stores" / "internal"
        self.external = self.medium / "sopwrap"
        self.internal.parent.mkdir(parents=True)
        for name in ("internal", "external"):
            write_secret(self.key_file(name), secrets.token_urlsafe(32))
        self.plug_in()
        for name, place in (("internal", self.internal), ("external", self.external)):
            quick_store(place, self.key_file(name).read_text(encoding="ascii"))

    @property
    def vars(self) -> dict[str, Any]:
        """The value of ``sopwrap_stores``; keys are looked up from files, as an office does."""
        label = {"label": LABEL, "uuid": UUID, "path": str(self.medium), "mountpoint": False}
        people = {"custodian": "Muhammad Yusuf, S.E.", "place": "Lemari arsip PTID, rak 2", "minimum_free": 1024 * 1024}
        return {
            "internal": {"placement": "internal", **self._reached("internal")},
            "external": {"placement": "external", **self._reached("external"), "medium": label | people},
        }

    def key_file(self, name: str) -> Path:
        """The file with the key of a store."""
        return self.folder / "keys" / f"{name}.key"

    def plug_in(self, label: str = LABEL, uuid: str = UUID) -> Path:
        """Put the medium (or another one) in its place."""
        return self._medium.plug_in(label, uuid)

    def unplug(self) -> None:
        """Take the medium out; what is on it stays on it."""
        self._medium.unplug()

    def restic(self, name: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run restic on a store, as an auditor would; raise CalledProcessError unless ``check`` is false."""
        repository = {"internal": self.internal, "external": self.external}[name]
        command = [
            program("restic"),
            "-r",
            str(repository),
            "--password-file",
            str(self.key_file(name)),
            "--cache-dir",
            str(self.cache),
        ]
        return subprocess.run([*command, *words], capture_output=True, text=True, check=check)

    def snapshots(self, name: str) -> list[dict[str, Any]]:
        """All snapshots of a store; none when the store does not exist yet."""
        if not ({"internal": self.internal, "external": self.external}[name] / "config").exists():
            return []
        found: list[dict[str, Any]] = json.loads(self.restic(name, "snapshots", "--json", "--no-lock").stdout) or []
        return found

    def _reached(self, name: str) -> dict[str, str]:
        repository = {"internal": self.internal, "external": self.external}[name]
        key = "{{ lookup('ansible.builtin.file', '" + str(self.key_file(name)) + "') }}"
        return {"repository": str(repository), "password": key, "cache": str(self.cache)}


@dataclass(frozen=True)
class Run:
    """How a playbook ended: exit code, what it printed, and the evidence it left."""

    rc: int
    output: str
    evidence_file: Path

    @property
    def records(self) -> list[dict[str, Any]]:
        """The evidence records in the order they were written; none when there is no file."""
        if not self.evidence_file.exists():
            return []
        return [json.loads(line) for line in self.evidence_file.read_text(encoding="utf-8").splitlines()]

    def one(self, **match: Any) -> dict[str, Any]:
        """The only record whose fields equal ``match``; raise AssertionError when there are more or none."""
        found = [record for record in self.records if all(record.get(key) == value for key, value in match.items())]
        assert len(found) == 1, f"{len(found)} records match {match} among {self.records}\n{self.output}"
        return found[0]


class Playbook:
    """A playbook that is running."""

    def __init__(self, process: subprocess.Popen[str], evidence_file: Path) -> None:
        self.process = process
        self.evidence_file = evidence_file

    def finish(self, timeout: float = 120) -> Run:
        """Wait for its end and return how it ended; after ``timeout`` seconds interrupt it and raise AssertionError."""
        try:
            output, _ = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            output, _ = self.process.communicate()
            raise AssertionError(f"the playbook did not end within {timeout} s:\n{output}") from None
        return Run(self.process.returncode, output, self.evidence_file)


class Playbooks:
    """Runs playbooks of the checkout on an office; each run has its own home, inventory and evidence file."""

    def __init__(self, office: Office, stores: Stores, folder: Path) -> None:
        self._office = office
        self._stores = stores
        self._folder = folder
        self._count = 0

    def __call__(self, name: str, *, timeout: float = 120, **given: Any) -> Run:
        """Run ``playbooks/<name>.yml`` to its end; keywords as in ``start``."""
        return self.start(name, **given).finish(timeout)

    def start(
        self,
        name: str,
        *,
        host_assets: dict[str, list[dict[str, Any]]] | None = None,
        env: dict[str, str] | None = None,
        options: tuple[str, ...] | list[str] = (),
        **extra: Any,
    ) -> Playbook:
        """Start a playbook; ``host_assets`` replaces registers of hosts, ``extra`` are extra variables (0600 file)."""
        self._count += 1
        place = self._folder / f"run-{self._count}"
        home = place / "home"
        home.mkdir(parents=True)
        inventory = self.inventory(place / "inventory", host_assets or {})
        variables = place / "extra.json"
        write_secret_text(variables, json.dumps(extra))
        evidence = place / "evidence.jsonl"
        command = [
            str(Path(sys.executable).parent / "ansible-playbook"),
            "-i",
            str(inventory),
            "-e",
            f"@{variables}",
            *options,
        ]
        path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"
        ours = {
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_HOME": str(home / "ansible"),
            "HOME": str(home),
            "PATH": path,
        }
        environment = {
            **os.environ,
            **ours,
            "ANSIBLE_NOCOLOR": "1",
            "SOPWRAP_EVIDENCE_FILE": str(evidence),
            "LC_ALL": "C.UTF-8",
            **(env or {}),
        }
        process = subprocess.Popen(
            [*command, str(ROOT / "playbooks" / f"{name}.yml")],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="backslashreplace",
            start_new_session=True,
        )
        return Playbook(process, evidence)

    def inventory(self, folder: Path, host_assets: dict[str, list[dict[str, Any]]]) -> Path:
        """Write the office's inventory with the test's stores, and with other registers for the hosts named."""
        self._office.write_inventory(folder)
        (folder / "group_vars" / "all" / "stores.yml").write_text(
            yaml.safe_dump({"sopwrap_stores": self._stores.vars}), encoding="utf-8"
        )
        for host, assets in host_assets.items():
            path = folder / "host_vars" / f"{host}.yml"
            path.unlink(missing_ok=True)
            write_secret_text(path, yaml.safe_dump({"sopwrap_assets": assets}, allow_unicode=True))
        return folder


def write_secret_text(path: Path, text: str) -> None:
    """Write a new file that only we may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
