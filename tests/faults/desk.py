"""A small office folder, worked in as an operator does: through the command line, in a home and temp folder of its own.

While a command runs, every process it starts is looked at for secrets; what must hold after any day, good or bad,
is in ``whole_and_silent``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.faults.going import Ended, Going
from tests.faults.moments import MARK, wait_until_gone
from tests.faults.secrecy import files_with
from tests.office.media import LABEL, UUID, Medium
from tests.office.process import program
from tests.office.seeded import write_secret

HOST = "srv-uji"
SOPWRAP = str(Path(sys.executable).parent / "sopwrap")
DEFAULT_SIGNALS = ["env", "--default-signal=INT,HUP"]
"""However the tests themselves were started: a pipeline's background jobs ignore the keyboard's interrupt."""
ANSIBLES_OWN = "ansible_*_payload_*"
"""A module's code, unpacked by Ansible; what a module that was killed leaves in the temp folder."""


@dataclass
class Desk:
    """One office: its folder, and beside it the home, the temp folder and the places of stores and media.

    ``wrap`` are words before every command; ``litter`` is a pattern of what may be left in the temp folder: a process
    that is killed cannot tidy up.
    """

    place: Path
    secrets: list[str] = field(default_factory=list)
    assets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    stores: dict[str, dict[str, Any]] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    vault: dict[str, str] = field(default_factory=dict)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    wrap: list[str] = field(default_factory=list)
    litter: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    empty_external: Path = Path("/nonexistent")

    def __post_init__(self) -> None:
        for path in (self.home, self.temp, self.programs):
            path.mkdir(mode=0o700)
        self.medium = Medium(self.place / "media" / "hdd-01", self.place / "drawer")
        self.stores["internal"] = self.store("internal", self.folder / "stores" / "internal")

    @property
    def folder(self) -> Path:
        """The office's folder."""
        return self.place / "office"

    @property
    def home(self) -> Path:
        """The operator's home."""
        return self.place / "home"

    @property
    def temp(self) -> Path:
        """The operator's TMPDIR."""
        return self.place / "temp"

    @property
    def programs(self) -> Path:
        """A folder at the head of the operator's PATH."""
        return self.place / "programs"

    def stop_restic_at(self, word: str) -> None:
        """Let the next restic with this in its command line stop itself as soon as it is started, once."""
        stop = self._stop_once("restic", f'case "$*" in *"{word}"*)')
        self._script(self.programs / "restic", f'{stop}\nexec {program("restic")} "$@"')

    def stop_inventory_of(self, *names: str) -> None:
        """Let the next of these programs of Ansible stand still while it reads the inventory, once each.

        A script among the inventory's files, which knows no host, stops itself when that program has started it.
        """
        parent = 'case "$(tr "\\0" " " < /proc/$PPID/cmdline)" in'
        stops = [self._stop_once(name, f'{parent} *"{name}"*)') for name in names]
        self._script(self.folder / "inventory" / "tahan", "\n".join([*stops, "echo '{}'"]))

    def _stop_once(self, name: str, when: str) -> str:
        """A line of a shell script: stop yourself in this case; the file that says so is there once."""
        flag = self.programs / f"{name}.stops"
        flag.touch()
        return f"{when} rm {flag} 2>/dev/null && kill -STOP $$ ;; esac"

    @staticmethod
    def _script(path: Path, body: str) -> None:
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="ascii")
        path.chmod(0o755)

    def key_file(self, store: str) -> Path:
        """Where the key of a store lies."""
        return self.folder / "secrets" / f"{store}.key"

    def store(self, name: str, repository: Path | str, **more: Any) -> dict[str, Any]:
        """An entry of ``sopwrap_stores`` whose key is looked up from the office's secrets."""
        key = "{{ lookup('ansible.builtin.file', inventory_dir + '/../secrets/" + name + ".key') }}"
        known = {"placement": "internal", "repository": str(repository), "password": key}
        return {**known, "cache": str(self.place / "cache"), **more}

    def external(self, **more: Any) -> dict[str, Any]:
        """An entry for the store on the external disk (see ``medium``); ``more`` changes what is said of the disk."""
        label = {"label": LABEL, "uuid": UUID, "path": str(self.medium.path), "mountpoint": False, "minimum_free": 1024}
        return self.store("external", self.medium.path / "sopwrap", placement="external", medium={**label, **more})

    def plug_in_with_store(self) -> None:
        """Plug the external disk in, with an empty repository on it, and enter its store for the first asset."""
        shutil.copytree(self.empty_external, self.medium.plug_in() / "sopwrap")
        self.stores["external"] = self.external()
        self.assets[HOST][0]["stores"] = ["internal", "external"]
        self.write()

    def write(self) -> None:
        """Write the inventory as ``assets`` and ``stores`` say now."""
        inventory = self.folder / "inventory"
        hosts = dict.fromkeys(self.assets)
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        self._write_yaml(inventory / "hosts.yml", {"all": {"hosts": hosts, "vars": local | self.variables}})
        self._write_yaml(inventory / "group_vars" / "all" / "stores.yml", {"sopwrap_stores": self.stores})
        shutil.rmtree(inventory / "host_vars", ignore_errors=True)
        for host, assets in self.assets.items():
            self._write_yaml(inventory / "host_vars" / f"{host}.yml", {"sopwrap_assets": assets})

    def start(self, *words: str, seconds: float = 60, typed: Sequence[str] = ()) -> Going:
        """Start ``sopwrap words…`` in the office and leave it running; it is killed after so many seconds."""
        command = [*DEFAULT_SIGNALS, *self.wrap, SOPWRAP, *words]
        return Going(command, self.folder, self.environment(), self.secrets, seconds, typed)

    def sopwrap(self, *words: str, seconds: float = 60, typed: Sequence[str] = ()) -> Ended:
        """Run ``sopwrap words…`` in the office to its end."""
        return self.start(*words, seconds=seconds, typed=typed).finish()

    def backup(self, *words: str, seconds: float = 60) -> Ended:
        """Carry out the office's one-step SOP."""
        return self.sopwrap("run", "uji/backup", *words, seconds=seconds)

    def running(self, seconds: float = 10) -> list[str]:
        """What still runs of the desk's commands after so many seconds of waiting for it to end."""
        return [line for _pid, line in wait_until_gone(self.mark, seconds)]

    def environment(self) -> dict[str, str]:
        """An operator's plain environment: nothing of the virtual environment, nothing of the test session."""
        plain = {
            "PATH": f"{self.programs}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "LC_ALL": "C.UTF-8",
            "TERM": "dumb",
        }
        return {**plain, "HOME": str(self.home), "TMPDIR": str(self.temp), MARK: self.mark, **self.extra}

    def restic(self, store: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run restic on a store, as an auditor would."""
        places = [self.stores[store]["repository"], "--password-file", str(self.key_file(store))]
        command = [*self.wrap, program("restic"), "--quiet", "--no-cache", "-r", *places, *words]
        return subprocess.run(command, capture_output=True, text=True, check=check)

    def snapshots(self, store: str = "internal") -> list[dict[str, Any]]:
        """All snapshots of a store; none when there is no repository."""
        ended = self.restic(store, "snapshots", "--json", "--no-lock", check=False)
        if "Is there a repository" in ended.stderr or "unable to open config file" in ended.stderr:
            return []
        assert ended.returncode == 0, ended.stderr
        found: list[dict[str, Any]] = json.loads(ended.stdout) or []
        return found

    def points(self, store: str = "internal") -> dict[str, set[str]]:
        """Every point that has a snapshot in a store, with the roles of its snapshots."""
        found: dict[str, set[str]] = {}
        for snapshot in self.snapshots(store):
            roles = {tag.split(":", 1)[1] for tag in snapshot["tags"] if tag.startswith("role:")}
            roles |= {"data"} if "part:blobs" in snapshot["tags"] else set()  # small parts lie beside their manifests
            for tag in snapshot["tags"]:
                if tag.startswith("point:"):
                    found.setdefault(tag.split(":", 1)[1], set()).update(roles)
        return found

    def whole_points(self, store: str = "internal") -> int:
        """The number of points of a store, after asserting that each has data and the manifest that commits it."""
        found = self.points(store)
        assert all(roles == {"data", "manifest"} for roles in found.values()), f"not whole in {store}: {found}"
        return len(found)

    def records(self, **match: Any) -> list[dict[str, Any]]:
        """The evidence in the ledger whose fields equal ``match``, oldest first."""
        import sqlite3

        with sqlite3.connect(self.folder / "ledger.db") as database:
            rows = database.execute("SELECT data FROM ledger WHERE kind = 'evidence' ORDER BY seq").fetchall()
        found = [json.loads(row[0])["record"] for row in rows]
        return [one for one in found if all(one.get(key) == value for key, value in match.items())]

    def whole_and_silent(self) -> None:
        """Assert what holds after every day: nothing runs, nothing of a run lies about, no file tells a secret."""
        assert not (left := self.running()), f"still running: {left}"
        assert not sorted((self.folder / ".sopwrap").glob("run-*")), "a run's private folder was left behind"
        left_in_temp = [path.name for path in self.temp.iterdir() if not (self.litter and path.match(self.litter))]
        assert not left_in_temp, f"left in the temp folder: {left_in_temp}"
        told = files_with(self.secrets, [self.folder, self.home, self.temp], self.own_files())
        told += files_with(self.secrets, sorted(Path("/dev/shm").glob("sopwrap-*")), set())
        assert not told, f"files that tell a secret: {told}"

    def own_files(self) -> set[Path]:
        """The files in which secrets belong."""
        return set((self.folder / "secrets").iterdir())

    @staticmethod
    def _write_yaml(path: Path, data: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def secret(self, name: str, value: str) -> Path:
        """Write a 0600 file below the office's secrets and look for its content everywhere else from now on."""
        path = self.folder / "secrets" / name
        path.unlink(missing_ok=True)
        write_secret(path, value)
        self.secrets.append(value.strip())
        return path
