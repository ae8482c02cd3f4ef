"""An application is at rest when everything that could end its rest is killed, or the power is cut: it goes on alone.

On a host of its own with systemd. The commands that begin and end its rest stop the module (SIGSTOP) where the test
asks for that, so the moment does not pass.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.moments import MARK, end_all
from tests.lab.lab import Lab
from tests.lab.site import Site

HOST, ID = "web1", "aplikasi"
REST, WRITTEN = "/srv/istirahat", "/srv/berkas/halaman"
SOURCE = {
    "quiesce": {
        "begin": ["sh", "-c", f"touch {REST}; [ ! -e /run/tahan-awal ] || kill -STOP $PPID"],
        "end": ["sh", "-c", f"rm -f {REST}; [ ! -e /run/tahan-akhir ] || kill -STOP $PPID"],
    },
    "parts": [
        {"name": "berkas", "files": {"paths": ["/srv/berkas"]}},
        {"name": "data", "sqlite": {"path": "/srv/data.db"}},
    ],
}
SQL = (
    'python3 -c "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); print(*db.execute(sys.argv[2])); db.commit()"'
)


class Held(Site):
    """The site, and its application that can be held at rest."""

    def write(self, text: str) -> None:
        """What a visitor does: a row and a file of one text."""
        self.lab.ssh(HOST, f"echo {text} > {WRITTEN}; {SQL} /srv/data.db \"UPDATE t SET a = '{text}'\"")

    def written(self) -> set[str]:
        """What both parts hold: one text, unless they are of different moments."""
        said = self.lab.ssh(HOST, f"cat {WRITTEN}; {SQL} /srv/data.db 'SELECT a FROM t'")
        return {word.strip("(',)") for word in said.split()}

    def hold(self, where: str, playbook: str, **extra: Any) -> None:
        """Start a playbook and wait until its module has stopped there."""
        self.lab.ssh(HOST, f"touch /run/tahan-{where}")
        self.environment = {MARK: ID}
        self._going, _evidence = self.start(playbook, sopwrap_only=[ID], **extra)
        end = time.monotonic() + 60
        while not self.lab.ssh(HOST, STOPPED).strip():
            assert time.monotonic() < end and self._going.poll() is None, self._going.communicate()[0]
            time.sleep(0.1)
        self.lab.ssh(HOST, "rm /run/tahan-*")

    def kill_controller(self) -> None:
        """And everything it has started there: Ansible's workers are in sessions of their own."""
        end_all(ID)
        self._going.communicate()

    def power_is_cut(self) -> None:
        """Of the host and of the controller; the host comes up again."""
        self.kill_controller()
        self.lab.cut_power(HOST)
        self.lab.boot(HOST)
        self.lab.wait()

    def goes_on(self, seconds: float = 60) -> None:
        """Wait until the application is not at rest any more and nothing of the journal is left to do."""
        end = time.monotonic() + seconds
        while self.lab.ssh(HOST, LEFT).strip():
            assert time.monotonic() < end, self.lab.ssh(HOST, f"{LEFT}; journalctl -n 40 --no-pager")
            time.sleep(0.2)


STOPPED = "grep -l '^State:.T' /proc/[0-9]*/status 2>/dev/null; true"
LEFT = f"ls -d {REST} /srv/.sopwrap-* /etc/systemd/system/*sopwrap* /var/lib/sopwrap/restores/*/ 2>/dev/null; true"
KILL_ALL = 'kill -9 $(grep -l "^State:.T" /proc/[0-9]*/status | cut -d/ -f3) $(pgrep -f "[m]odule_utils.guard")'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """The application, with one good point, and changed since."""
    folder: Path = tmp_path_factory.mktemp("lab")
    with Lab(folder / "hosts") as lab:
        lab.up(HOST)
        lab.wait()
        lab.ssh(HOST, f"mkdir /srv/berkas; {SQL} /srv/data.db 'CREATE TABLE t AS SELECT 0 AS a'")
        site = Held(lab, folder, HOST, [{"id": ID, "kind": "application", "source": SOURCE}])
        site.run("trust_permits")
        site.write("baik")
        assert {one["outcome"] for one in site.run("backup_assets")} == {"ok"}, site.output
        site.write("berubah")
        yield site


def test_a_backup_whose_controller_module_and_guard_are_killed_lets_the_application_go_on(site: Held) -> None:
    site.hold("awal", "backup_assets")
    site.lab.ssh(HOST, KILL_ALL)
    site.kill_controller()
    site.goes_on()
    assert site.written() == {"berubah"}


def test_a_backup_whose_host_loses_its_power_lets_the_application_go_on_when_that_is_up_again(site: Held) -> None:
    site.hold("awal", "backup_assets")
    site.power_is_cut()
    site.goes_on()
    assert site.written() == {"berubah"}


@pytest.mark.parametrize("where", ["awal", "akhir"])
def test_a_restore_whose_host_loses_its_power_is_taken_back_when_that_is_up_again(where: str, site: Held) -> None:
    """Before the exchange, and after it: both parts are of before, and no part of the point is left."""
    permit = site.permit(ID)
    site.hold(where, "restore_point", sopwrap_target={"replace": True}, sopwrap_permit=permit)
    assert site.written() == {"baik" if where == "akhir" else "berubah"}
    site.power_is_cut()
    site.goes_on()
    assert site.written() == {"berubah"}


def test_after_all_of_it_a_restore_works_and_is_taken_back(site: Held) -> None:
    done = site.replace(ID, sopwrap_permit=site.permit(ID))[-1]
    assert done["outcome"] == "ok" and site.written() == {"baik"}, site.output
    (undo,) = site.run("restore_point", sopwrap_only=[ID], sopwrap_target={"undo": True})
    assert undo["outcome"] == "ok" and site.written() == {"berubah"}, site.output
