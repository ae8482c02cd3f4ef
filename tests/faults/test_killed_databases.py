"""The database server itself is killed (SIGKILL) while its living data is replaced, and comes up again a moment later.

Servers of their own, since others would miss the office's. What starts them again stands for systemd's Restart=always.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.replacing import Bench, end_the_window
from tests.integration.test_replace_live_data import Life, _database, _redis
from tests.office import Office
from tests.office.openldap import OpenLDAP
from tests.office.permits import Authority
from tests.office.postgresql import _forget_dead_postmaster
from tests.office.redis import Redis
from tests.unit.collection.toy import Shelf

STATES = ("loading", "swapping", "swapped")
AWAY = 1.0
"""Seconds a server is away."""


@pytest.fixture(scope="module")
def servers() -> Iterator[Office]:
    """A PostgreSQL and a MariaDB that nobody else uses."""
    folder = Path(tempfile.mkdtemp(prefix="sopwrap-mati-"))
    try:
        with Office(folder, parts={"postgresql", "mariadb"}, scale=0.01) as running:
            yield running
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def lives(servers: Office, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Life]:
    """Give the living data of a kind, backed up and changed since."""
    shelf, authority = Shelf(tmp_path_factory.mktemp("shelf")), Authority(tmp_path_factory.mktemp("authority"))
    made: dict[str, Life] = {}

    def give(kind: str) -> Life:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            source, change = _database(servers, kind)
            asset = {"id": f"mati-{kind}", "kind": kind, "stores": ["internal"], "source": source}
            made[kind] = Life(Bench(folder, asset, shelf.config(folder, "internal"), authority), change)
        return made[kind]

    return give


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Redis, Life]]:
    """A Redis that nobody else uses, backed up and changed since."""
    shelf, authority = Shelf(tmp_path_factory.mktemp("shelf")), Authority(tmp_path_factory.mktemp("authority"))
    folder = tmp_path_factory.mktemp("redis")
    with Redis(folder) as server:
        source, change = _redis(server)
        asset = {"id": "mati-redis", "kind": "redis", "stores": ["internal"], "source": source}
        yield server, Life(Bench(folder, asset, shelf.config(folder, "internal"), authority), change)


class Revived:
    """Starts a server anew, with the same words, once its process has gone; one time."""

    def __init__(self, servers: Office, kind: str) -> None:
        self.server = servers.postgresql if kind == "postgresql" else servers.mariadb
        self.kind, self.former = kind, self.server._process
        self._thread = threading.Thread(target=self._revive)
        self._thread.start()

    def _revive(self) -> None:
        self.former.wait()
        time.sleep(AWAY)
        if self.kind == "postgresql":
            _forget_dead_postmaster(self.server.data)
        self.server._process = self.server._keeper.start(self.kind, self.former.args)

    def answers(self) -> None:
        """Wait until it serves."""
        self._thread.join(60)
        end = time.monotonic() + 60
        while not self.server._answers():
            assert time.monotonic() < end, "the server did not come up again"
            time.sleep(0.1)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_killed_server_comes_up_with_all_done_or_all_as_before(
    kind: str, state: str, servers: Office, lives: Callable[[str], Life]
) -> None:
    """What lived before lives again, unless the server was up in time for the restore to go on to its end."""
    life = lives(kind)
    revived = Revived(servers, kind)
    _rc, records = life.bench.broken(f"{revived.former.pid}:{state}")
    revived.answers()
    assert revived.server._process is not revived.former, "the server was killed"
    states = _ended(life.bench)
    restore = next(one for one in records if one["action"] == "restore")
    if restore["outcome"] == "ok":
        assert life.bench.live().digest == life.good.digest and "done" in states
        assert life.bench.do({"undo": True})[-1]["outcome"] == "ok"
    else:
        assert restore["restore"]["returned"], restore
    assert life.bench.live().digest == life.changed.digest
    _forget(life.bench)


@pytest.mark.parametrize("state", STATES)
def test_a_killed_redis_comes_up_with_all_done_or_all_as_before(state: str, redis: tuple[Redis, Life]) -> None:
    """Redis writes what it has taken over to its disk only by and by; a restore is done when it is there."""
    server, life = redis
    former = server._process
    assert former is not None

    def revive() -> None:
        former.wait()
        time.sleep(AWAY)
        server.__enter__()

    thread = threading.Thread(target=revive)
    thread.start()
    _rc, records = life.bench.broken(f"{former.pid}:{state}")
    thread.join(60)
    assert server._process is not former, "the server was killed"
    _ended(life.bench)
    restore = next(one for one in records if one["action"] == "restore")
    if restore["outcome"] == "ok":
        assert life.bench.live().digest == life.good.digest
        assert life.bench.do({"undo": True})[-1]["outcome"] == "ok"
    else:
        assert restore["restore"]["returned"], restore
    assert life.bench.live().digest == life.changed.digest
    _forget(life.bench)


def test_a_slapd_that_is_killed_spoils_neither_backup_nor_restore(
    tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed when slapcat reads its files, while the point is loaded beside them, and when it was to stop."""
    shelf, authority = Shelf(tmp_path), Authority(tmp_path / "authority")
    with OpenLDAP(short / "l") as server, monkeypatch.context() as patch:
        asset = {"id": "mati-direktori", "kind": "openldap", "stores": ["internal"], "source": server.source}
        bench = Bench(short, asset, shelf.config(tmp_path, "internal"), authority)
        slapcat = short / "slapcat"
        slapcat.write_text(f'#!/bin/sh\nkill -9 {_pid(server)}\nexec {shutil.which("slapcat")} "$@"\n')
        slapcat.chmod(0o755)
        patch.setenv("PATH", f"{short}:{os.environ['PATH']}")
        assert bench.back_up()["items"] > 20, "the point holds all of its people"
        patch.undo()
        _gone(server)
        server.start()
        good = bench.live()
        server.remove("p1", "p2")
        changed = bench.live()
        for state in ("loading", "stopping"):
            _rc, records = bench.broken(f"{_pid(server)}:{state}")
            assert records[-1]["outcome"] == "ok", records
            _gone(server)
            assert bench.live().digest == good.digest
            server.start()
            assert {"p1", "p2"} < server.people()
            server.stop()
            assert bench.do({"undo": True})[-1]["outcome"] == "ok" and bench.live().digest == changed.digest
            server.start()
            _forget(bench)


def _pid(server: OpenLDAP) -> int:
    assert server._process is not None
    return server._process.pid


def _gone(server: OpenLDAP) -> None:
    """It was killed, and nobody has started it again."""
    assert server._process is not None and server._process.wait(20) == -signal.SIGKILL
    server._process = None


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder of a short path, for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="sw-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _ended(bench: Bench) -> set[str]:
    """The states of the journals once nobody is at work any more; ``back`` is what the next run has to remove."""
    end = time.monotonic() + 60
    while (states := {one["state"] for one in bench.journals()}) & {"stopping", "swapping", "swapped"}:
        assert time.monotonic() < end, states
        time.sleep(0.1)
    return states


def _forget(bench: Bench) -> None:
    """Whatever a dead server kept from being removed is removed now."""
    end_the_window(bench)
    bench.do({"forget": True})
    assert bench.journals() == []
