"""Redis: what is sent is read by a second server, and a living one takes it over at once."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import redis_client, redis_live
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.redis import Redis
from ansible_collections.sopwrap.backup.plugins.module_utils.redis_client import Client
from ansible_collections.sopwrap.backup.plugins.module_utils.redis_content import fingerprint
from ansible_collections.sopwrap.backup.plugins.module_utils.redis_live import RedisLive
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair

from tests.office.redis import Redis as Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("r")) as server:
        yield server


@pytest.fixture
def asset(server: Server) -> dict[str, Any]:
    server.fill()
    return {"id": "antrian", "source": server.source}


def test_the_digest_is_of_what_was_sent_whenever_it_is_read_and_in_whatever_order(
    asset: dict[str, Any], server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "dump.rdb"
    Client(asset["source"]).save(str(path))
    before = fingerprint(str(path))
    assert [item["name"] for item in before.items] == ["db0", "db3", "function uji", "keys"] and before.count == 9
    time.sleep(1.6)
    assert server("GET", "sesi") == "", "one key has expired since"
    assert before.difference(fingerprint(str(path))) is None
    server("SREM", "tag", "x")
    server("SADD", "tag", "y")
    Client(asset["source"]).save(f"{path}.2")
    assert "different: db0, keys" in str(before.difference(fingerprint(f"{path}.2")))


def test_a_server_takes_data_over_and_gives_it_up_again(asset: dict[str, Any], server: Server) -> None:
    kind, pair = Redis(), Pair(asset, "ab")
    Client(asset["source"]).save(kind.beside(asset, "ab")["path"])
    server("DEL", "judul", "tag")
    server("SET", "salah", "1")
    pair.notes = kind.note(pair)
    kind.swap(pair)
    assert (server("GET", "judul"), server("GET", "salah"), server("ROLE").split()[0]) == ("Surat é", "", "master")
    assert server("SET", "baru", "1") == "OK", "it can be written to again"
    kind.swap(pair, back=True)
    assert (server("GET", "judul"), server("GET", "salah")) == ("", "1")
    assert server("CONFIG", "GET", "masterauth") == "masterauth"
    kind.remove(pair)
    assert not list(server.folder.glob(".sopwrap-*"))


def test_what_was_taken_over_is_there_again_when_the_server_is_killed_at_once(
    asset: dict[str, Any], server: Server, tmp_path: Path
) -> None:
    client, path = Client(asset["source"]), str(tmp_path / "x.rdb")
    client.save(path)
    server("SET", "judul", "lain")
    server("CONFIG", "SET", "rdb-key-save-delay", "100000")
    redis_client.feed(client, path)
    process = server._process
    assert process is not None
    process.kill()
    process.wait(10)
    server.__enter__()
    assert server("GET", "judul") == "Surat é"


def test_the_file_the_server_saves_to_is_its_living_place(asset: dict[str, Any], server: Server) -> None:
    assert isinstance(Redis(), RedisLive) and Redis().alive(asset)
    assert Redis().is_live(asset, {"path": str(server.folder / "dump.rdb")})
    assert not Redis().is_live(asset, {"path": str(server.folder / "lain.rdb")})
    assert Redis().place(asset) == {"server": str(server.socket)}


def test_nothing_is_replaced_while_a_client_is_connected(
    asset: dict[str, Any], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess

    monkeypatch.setattr(redis_live, "_PATIENCE", 0.0)
    Redis().require_idle(asset)
    client = subprocess.Popen(
        ["redis-cli", "-s", str(server.socket), "-r", "-1", "-i", "0.1", "PING"],
        env={"REDISCLI_AUTH": server.password},
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.5)
    try:
        with pytest.raises(Problem, match="Clients are connected to Redis"):
            Redis().require_idle(asset)
    finally:
        client.kill()
        client.wait()


def test_a_server_elsewhere_or_a_replica_cannot_be_replaced(
    asset: dict[str, Any], server: Server, tmp_path: Path
) -> None:
    far = {"id": "jauh", "source": {"host": "db.contoh.example"}}
    with pytest.raises(Problem, match="is not on this host"):
        Redis().room(far, {"parts": []})
    server("REPLICAOF", "127.0.0.1", "1")
    try:
        with pytest.raises(Problem, match="is a replica"):
            redis_client.feed(Client(asset["source"]), str(tmp_path / "x.rdb"))
    finally:
        server("REPLICAOF", "NO", "ONE")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "salah"}, "does not know this user and password"),
        ({"password": None}, "it wants a password"),
        ({"socket": "/tidak/ada"}, "/tidak/ada does not answer"),
    ],
)
def test_a_server_that_does_not_let_us_in_is_told_in_a_sentence(
    change: dict[str, Any], words: str, asset: dict[str, Any], tmp_path: Path
) -> None:
    client = Client({**asset["source"], **change})
    for attempt in (lambda: client.ask("PING"), lambda: client.save(str(tmp_path / "x.rdb"))):
        with pytest.raises(Problem, match=words):
            attempt()


def test_a_damaged_file_is_told(asset: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "dump.rdb"
    Client(asset["source"]).save(str(path))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(Problem, match=r"Redis cannot read .*dump\.rdb"):
        fingerprint(str(path))


def test_a_copy_without_room_or_a_folder_is_refused(asset: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert Redis().preflight(asset)["version"].startswith("7.")
    with pytest.raises(Problem, match="does not exist"):
        Redis().preflight({**asset, "source": {**asset["source"], "scratch": "/tidak/ada"}})
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(0, 0, 0))  # type: ignore[attr-defined]
    with pytest.raises(Problem, match="has no room"):
        Redis().preflight(asset)


def test_a_person_starts_a_server_from_the_exported_file() -> None:
    commands = [command for step in Redis().by_hand({"source": {}}) for command in step.commands]
    assert commands[1:] == ["redis-check-rdb dump.rdb", 'cp --no-clobber dump.rdb "$TUJUAN"']
