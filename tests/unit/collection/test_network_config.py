"""The kind `network_config`, and the action plugin that lets one process work for all devices of a play."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import pytest
from ansible_collections.sopwrap.backup.plugins.action import network_config as action
from ansible_collections.sopwrap.backup.plugins.module_utils import network_config as module
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer
from ansible_collections.sopwrap.backup.plugins.module_utils.history import History
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Blob, Content, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.network_config import NetworkConfig

TEXT = "begin\nhostname rtr\nsandi \udcff\nend\n"
PLATFORM = {"name": "uji", "commands": ["show"], "begin": "^begin", "end": "^end$", "hostname": r"^hostname (\S+)"}


class Stored:
    """A point as the kind sees it."""

    id = "x.20260101T000000Z.abcdef"
    manifest: dict[str, Any] = {}

    def __init__(self, data: bytes, content: Content) -> None:
        self.data = data
        self._content = content

    def content(self) -> Content:
        return self._content

    @contextlib.contextmanager
    def open(self, part: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(self.data)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Which devices are asked together; one at port 1 does not answer."""
    calls: list[list[str]] = []

    def ask(devices: list[Any]) -> list[Any]:
        calls.append([device.name for device in devices])
        lost = [Problem(f"{device.name} cannot be reached.") for device in devices]
        facts = {"serial": "S1"}
        return [lost[n] if device.way.port == 1 else Answer(TEXT, facts) for n, device in enumerate(devices)]

    monkeypatch.setattr(module, "ask", ask)
    return calls


@pytest.fixture
def kind() -> NetworkConfig:
    return NetworkConfig([PLATFORM])


def asset(name: str, tmp_path: Path, **source: Any) -> dict[str, Any]:
    known = tmp_path / "known_hosts"
    known.touch()
    reached = {"address": "192.0.2.1", "port": 22, "user": "u", "password": "p", "key_file": None}
    more = {"known_hosts": str(known), "hostname": None, "timeout": 5.0, "platform": "uji"}
    return {"id": name, "host": f"host-{name}", "source": {**reached, **more, **source}}


def test_all_devices_are_asked_together_and_each_has_its_own_trouble(
    kind: NetworkConfig, asked: list[list[str]], tmp_path: Path
) -> None:
    assets = [asset("a", tmp_path), asset("b", tmp_path, port=1), asset("c", tmp_path, platform="lain")]
    kind.prepare(assets)
    assert asked == [["host-a", "host-b"]]
    with kind.capture(assets[0]) as capture:
        assert capture.parts == [Blob("configuration.txt", TEXT.encode("utf-8", "surrogateescape"))]
    with pytest.raises(Problem, match="host-b cannot be reached"):
        kind.preflight(assets[1])
    with pytest.raises(Problem, match=r"The platform lain is not known \(known are uji\)"):
        kind.preflight(assets[2])


@pytest.mark.parametrize("telnet", [True, False])
def test_what_came_over_telnet_is_marked_as_such_for_the_papers(
    asked: list[list[str]], tmp_path: Path, telnet: bool
) -> None:
    kind = NetworkConfig([{**PLATFORM, "session": "shell"}])
    device = asset(
        "a", tmp_path, telnet=telnet, known_hosts=None if telnet else str(tmp_path / "known_hosts"), port=None
    )
    kind.prepare([device])
    with kind.capture(device) as capture:
        assert capture.warnings == (["unencrypted"] if telnet else [])
    assert ("over Telnet" in kind.keep({"a": "a.1"}, {})["a"]) is telnet
    assert kind.preflight(device)["port"] == (23 if telnet else 22)


def test_it_is_said_of_assets_that_are_one_device_for_the_papers_as_well(
    kind: NetworkConfig, asked: list[list[str]], tmp_path: Path
) -> None:
    assets = [asset("a", tmp_path), asset("b", tmp_path), asset("c", tmp_path, port=1)]
    kind.prepare(assets)
    for one in assets[:2]:
        with kind.capture(one) as captured:
            assert captured.warnings == ["same_device"]
    said = kind.keep({"a": "a.1"}, {})["a"]
    assert said.startswith("The same device answered for b, rtr with the serial number S1: ")
    kind.prepare([*assets[:2], asset("d", tmp_path)])
    assert "answered for a and 1 more, rtr" in kind.keep({"b": "b.1"}, {})["b"]
    kind.prepare(assets[:1])
    with kind.capture(assets[0]) as captured:
        assert captured.warnings == []


@pytest.mark.parametrize("ready", [True, False])
def test_what_is_kept_for_people_is_masked_whether_or_not_it_was_made_ready_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ready: bool
) -> None:
    kind = NetworkConfig([{**PLATFORM, "secrets": ["^sandi (.+)"]}], module.History(str(tmp_path / "history")))
    monkeypatch.setattr(module, "ask", lambda devices: [Answer(TEXT) for _device in devices])
    kind.prepare([asset("a", tmp_path)])
    if ready:
        kind.make_ready(["a"])
        assert not (tmp_path / "history").exists()
        monkeypatch.setattr(module.Platform, "masked", None)
    kind.keep({"a": "a.1"}, {})
    assert "sandi <secret hidden>" in (tmp_path / "history" / "a.txt").read_text()


def test_a_device_that_tells_nothing_about_itself_is_what_it_was_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kind = NetworkConfig([PLATFORM], module.History(str(tmp_path / "history")))
    answers = iter([Answer(TEXT, {"serial": "S1"}), Answer(TEXT, silent=True)])
    monkeypatch.setattr(module, "ask", lambda devices: [next(answers) for _device in devices])
    device = asset("a", tmp_path)
    kind.prepare([device])
    assert "has the change" in kind.keep({"a": "a.1"}, {})["a"]
    kind.prepare([device])
    said = kind.keep({"a": "a.2"}, {})["a"]
    assert said == "It gave no answer when it was asked for its version and serial number."
    assert kind.device(device).serial == "S1"


def test_a_device_that_was_not_asked_yet_is_asked_alone(
    kind: NetworkConfig, asked: list[list[str]], tmp_path: Path
) -> None:
    assert kind.preflight(asset("a", tmp_path))["hostname"] == "rtr"
    assert asked == [["host-a"]]


def test_public_facts_hold_no_password(kind: NetworkConfig, asked: list[list[str]], tmp_path: Path) -> None:
    facts = kind.preflight(asset("a", tmp_path))
    assert set(facts) == {"platform", "address", "port", "hostname", "size_bytes", "serial"}


def test_the_same_bytes_come_back_into_a_private_new_file(
    kind: NetworkConfig, asked: list[list[str]], tmp_path: Path
) -> None:
    what = asset("a", tmp_path)
    with kind.capture(what) as capture:
        stored = Stored(capture.parts[0].data, capture.content())
    target = {"path": str(tmp_path / "uji.txt")}
    kind.restore(what, stored, target)
    assert (tmp_path / "uji.txt").read_bytes() == TEXT.encode("utf-8", "surrogateescape")
    assert (tmp_path / "uji.txt").stat().st_mode & 0o777 == 0o600
    assert kind.content(what, target).difference(stored.content()) is None
    with pytest.raises(Problem) as caught:
        kind.restore(what, stored, target)
    assert caught.value.refused
    with pytest.raises(Problem, match="no absolute path"):
        kind.restore(what, stored, {"path": "uji.txt"})


def test_a_stored_text_is_checked_as_a_whole(kind: NetworkConfig, asked: list[list[str]], tmp_path: Path) -> None:
    what = asset("a", tmp_path)
    with kind.capture(what) as capture:
        stored = Stored(capture.parts[0].data, capture.content())
    assert kind.check(what, stored, "configuration.txt", io.BytesIO(stored.data)) == "a whole configuration of rtr"
    for data in (stored.data[:-4], b"x\n" + stored.data):
        with pytest.raises(Problem):
            kind.check(what, stored, "configuration.txt", io.BytesIO(data))


def test_a_point_of_a_later_version_than_the_device_has_now_is_told_before_a_restore(
    asked: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, what = NetworkConfig([PLATFORM], History(str(tmp_path / "history"))), asset("a", tmp_path)
    with kind.capture(what) as capture:
        stored = Stored(capture.parts[0].data, capture.content())
    stored.manifest = {"source": {"version": "7.13"}}
    told = "It is of version 7.13; the device has 7.12.1, which is older and may not know all of it."
    assert kind.caveat(what, stored, {}) is None, "nobody knows what it has"
    monkeypatch.setattr(History, "facts", lambda _history, _asset: {"version": "7.12.1"})
    fresh = NetworkConfig([PLATFORM], History(str(tmp_path / "history")))
    assert told in (fresh.check(what, stored, "configuration.txt", io.BytesIO(stored.data)) or "")
    monkeypatch.setattr(module, "ask", lambda devices: [Answer(TEXT, {"version": "7.13"}) for _device in devices])
    fresh.text_now(what)
    assert fresh.caveat(what, stored, {}) is None, "it has been renewed since the last backup"


def test_a_point_from_before_a_rule_was_known_is_still_good(
    kind: NetworkConfig, asked: list[list[str]], tmp_path: Path
) -> None:
    what, target = asset("a", tmp_path), {"path": str(tmp_path / "uji.txt")}
    with kind.capture(what) as capture:
        stored = Stored(capture.parts[0].data, capture.content())
    later = NetworkConfig([{**PLATFORM, "noise": ["^sandi .*"]}])
    assert later.check(what, stored, "configuration.txt", io.BytesIO(stored.data)) == "a whole configuration of rtr"
    later.restore(what, stored, target)
    found = later.content(what, target)
    assert found.digest != stored.content().digest
    assert later.wanted(stored, target).difference(found) is None
    Path(target["path"]).write_text("begin\nhostname lain\nend\n", encoding="utf-8")
    assert later.wanted(stored, target).difference(later.content(what, target)) is not None


class Play:
    """A play of three hosts on whose tasks the action plugin is run, in turn; the module is a note of its arguments."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[dict[str, Any]] = []
        self.variables: dict[str, Any] = {host: {"sopwrap_assets": [register(host)], **STORES} for host in "abc"}
        monkeypatch.setattr(action.constants, "DEFAULT_LOCAL_TMP", str(folder))
        monkeypatch.setattr(action, "begun", lambda *_given: contextlib.nullcontext(self._module))

    def run(self, host: str, verb: str = "backup", transport: str = "local", once: bool = False) -> dict[str, Any]:
        plugin = action.ActionModule.__new__(action.ActionModule)
        own = [{key: value for key, value in register(host).items() if key != "kind"}] if self.variables[host] else []
        arguments = {"verb": verb, "host": host, "assets": own, "stores": [{"id": "internal"}]}
        plugin._task = SimpleNamespace(args=arguments, run_once=once, async_val=0, action=action.MODULE)
        plugin._connection = SimpleNamespace(transport=transport, _shell=SimpleNamespace(tmpdir=None))
        variables = {"ansible_play_batch": list("abc"), "hostvars": self.variables}
        base = action.ActionBase.run
        try:
            action.ActionBase.run = lambda *_given: {}  # type: ignore[method-assign]
            return plugin.run(None, variables)
        finally:
            action.ActionBase.run = base  # type: ignore[method-assign]

    def _module(self, module_args: dict[str, Any]) -> dict[str, Any]:
        self.calls.append(module_args)
        if module_args["verb"] == "broken":
            return {"failed": True, "msg": "missing required arguments: point"}
        return {"sopwrap_evidence": [evidence(asset["id"], asset["host"]) for asset in module_args["assets"]]}


STORES = {"sopwrap_stores": {"internal": {"repository": "i"}, "external": {"repository": "e"}}}


def register(host: str) -> dict[str, Any]:
    stores = ["internal", "external"] if host == "c" else ["internal"]
    return {"id": f"cfg-{host}", "kind": "network_config", "stores": stores, "source": {}}


def evidence(asset: str, host: str) -> dict[str, Any]:
    failed = host == "b"
    words = {"action": "backup", "message": f"{asset}.", "hint": None, "store": "internal"}
    return {"asset": asset, "host": host, "outcome": "failed" if failed else "ok", **words}


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    return Play(tmp_path, monkeypatch)


def test_the_first_host_does_the_work_and_every_host_gets_its_own_result(play: Play) -> None:
    results = {host: play.run(host) for host in "bac"}
    assert len(play.calls) == 1
    assert [asset["host"] for asset in play.calls[0]["assets"]] == ["b", "a", "c"]
    assert {store["id"] for store in play.calls[0]["stores"]} == {"internal", "external"}
    assert [results[host]["failed"] for host in "abc"] == [False, True, False]
    assert [len(results[host]["sopwrap_evidence"]) for host in "abc"] == [1, 1, 1]
    assert results["b"]["msg"] == "cfg-b, backup: cfg-b."


def test_another_task_is_another_piece_of_work(play: Play) -> None:
    play.run("a")
    play.run("b")
    play.run("a")
    assert len(play.calls) == 2


def test_a_task_that_runs_once_settles_the_hosts_that_are_in_order_and_the_others_keep_their_results(
    play: Play,
) -> None:
    result = play.run("a", once=True)
    assert not result["failed"]
    assert result["sopwrap_settled"] == ["a", "c"]
    assert result["msg"] == "2 of 3 hosts are in order."
    assert {record["host"] for record in result["sopwrap_evidence"]} == {"a", "c"}
    assert [asset["host"] for asset in play.calls[0]["assets"]] == ["a", "b", "c"]
    own = play.run("b")
    assert own["failed"]
    assert [record["host"] for record in own["sopwrap_evidence"]] == ["b"]
    assert len(play.calls) == 1
    play.run("a")
    assert len(play.calls) == 2, "who is settled has taken the result: to ask again is another piece of work"


def test_a_task_that_runs_once_settles_nobody_when_the_module_did_not_even_begin(play: Play) -> None:
    result = play.run("a", verb="broken", once=True)
    assert not result["failed"]
    assert result["sopwrap_settled"] == []
    assert play.run("b", verb="broken")["failed"]
    assert len(play.calls) == 1


def test_only_holds_for_the_devices_of_other_hosts(play: Play) -> None:
    for variables in play.variables.values():
        variables["sopwrap_only"] = ["cfg-a", "cfg-c"]
    play.run("a")
    assert [asset["id"] for asset in play.calls[0]["assets"]] == ["cfg-a", "cfg-c"]


def test_a_host_without_a_device_fails_instead_of_doing_nothing(play: Play) -> None:
    play.variables["lain"] = {}
    result = play.run("lain")
    assert result["failed"]
    assert result["msg"].startswith("lain has no asset that was asked for.")
    assert not play.run("a")["failed"]


def test_a_restore_is_for_one_host_alone(play: Play) -> None:
    play.run("a", verb="restore")
    assert [asset["id"] for asset in play.calls[0]["assets"]] == ["cfg-a"]


def test_a_module_that_did_not_even_begin_is_every_hosts_failure(play: Play) -> None:
    results = [play.run(host, verb="broken") for host in "ab"]
    assert all(result["failed"] and "missing required arguments" in result["msg"] for result in results)


def test_a_task_that_is_not_delegated_to_the_controller_is_refused(play: Play) -> None:
    result = play.run("a", transport="ssh")
    assert result["failed"]
    assert "delegate_to: localhost" in result["msg"]
    assert play.calls == []


def test_what_is_kept_between_hosts_is_private(play: Play, tmp_path: Path) -> None:
    play.run("a")
    kept = next(tmp_path.glob("sopwrap-*.json"))
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text(encoding="utf-8"))["hosts"] == ["b", "c"]


def test_a_host_with_assets_of_other_kinds_takes_its_own_result_at_its_turn_and_is_not_asked_again(play: Play) -> None:
    play.variables["c"]["sopwrap_assets"].append({"id": "tree-c", "kind": "files"})
    result = play.run("a", once=True)
    assert result["sopwrap_settled"] == ["a"]
    assert {record["host"] for record in result["sopwrap_evidence"]} == {"a"}
    assert [record["host"] for record in play.run("c")["sopwrap_evidence"]] == ["c"]
    assert len(play.calls) == 1


def test_assets_of_other_kinds_that_were_not_asked_for_keep_no_host_back(play: Play) -> None:
    play.variables["a"]["sopwrap_only"] = ["cfg-a", "cfg-c"]
    play.variables["c"]["sopwrap_assets"].append({"id": "tree-c", "kind": "files"})
    assert play.run("a", once=True)["sopwrap_settled"] == ["a", "c"]
