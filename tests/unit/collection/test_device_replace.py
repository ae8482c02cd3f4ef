"""A whole configuration goes back to a device by its platform's own replace or not at all, wherever the line is cut."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import device_replace, network_live
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.network_config import NetworkConfig
from ansible_collections.sopwrap.backup.plugins.module_utils.network_live import NetworkLive

from tests.integration.replacing import HOST, Bench
from tests.office.permits import Authority
from tests.office.platforms import files, platform
from tests.office.stateful import LOCKED_OUT, PLATFORMS, Box
from tests.office.texts import TEXTS
from tests.unit.collection.conftest import Boxes, moments
from tests.unit.collection.toy import Shelf


def wanted(name: str, word: str = "Kantor baru") -> str:
    """Another configuration of the same device."""
    text = TEXTS[name].replace("Ke penyedia", word).replace("192.0.2.2", "192.0.2.6")
    assert text != TEXTS[name]
    return text


def left_on(made: Box) -> list[str]:
    """The files of ours on a device."""
    return sorted(path.name for path in made.folder.rglob("*") if path.is_file())


def patient(device: Device) -> Device:
    """The device with a longer timer, where it must not run out however busy the machine is."""
    return replace(device, undo_after=device.undo_after * 4)


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_configuration_is_replaced_and_kept(box: Boxes, name: str) -> None:
    made, device = box(name)
    device = patient(device)
    text = wanted(name)
    device_replace.replace(device, text)
    assert made.running.split() == text.split()
    assert made._timer is None, "the timer would take it back"
    assert left_on(made) == (["sopwrap.cfg"] if name == "ios" else []), "SCP cannot remove a file"
    said = len(made.said)
    device_replace.replace(device, text)
    assert len(made.said) <= said + 4, "where nothing is different, nothing is applied"


def test_a_device_that_does_not_let_its_files_go_has_its_configuration_all_the_same(
    box: Boxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_server: object, _path: bytes) -> None:
        raise asyncssh.SFTPPermissionDenied("Tidak boleh")

    monkeypatch.setattr(asyncssh.SFTPServer, "remove", refuse)
    made, device = box("eos")
    device_replace.replace(patient(device), wanted("eos"))
    assert made.running.split() == wanted("eos").split() and left_on(made) == ["sopwrap.cfg"]


@pytest.mark.parametrize("name", [name for name in PLATFORMS if platform(name).shape.replace.get("timer") is not False])
def test_a_configuration_that_cuts_its_own_way_comes_back_by_the_devices_timer(box: Boxes, name: str) -> None:
    made, device = box(name)
    with pytest.raises(Problem, match="has its former configuration again"):
        device_replace.replace(device, wanted(name, LOCKED_OUT).replace("192.0.2.6", LOCKED_OUT))
    assert made.running == TEXTS[name]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", PLATFORMS)
def test_wherever_the_line_is_cut_the_device_has_one_of_the_two_and_we_know_which(
    box: Boxes, name: str, after: bool
) -> None:
    made, device = box(name)
    device_replace.replace(patient(device), wanted(name))
    for step in moments(made, device):
        begin_anew(made, name)
        made.cut_at, made.cut_after = step, after
        try:
            device_replace.replace(device, wanted(name))
        except Problem:
            assert made.running == TEXTS[name], f"step {step}"
        else:
            assert made.running.split() == wanted(name).split(), f"step {step}"
            assert not made.pending
            assert made.startup in ("", made.running), f"step {step}: another one comes with the next start"
    made.cut_at = None
    made.running = made.before = TEXTS[name]
    device_replace.replace(patient(device), wanted(name))


@pytest.mark.parametrize("name", ["ios", "junos", "routeros"])
def test_wherever_the_line_falls_silent_the_device_has_one_of_the_two_and_we_know_which(box: Boxes, name: str) -> None:
    """A line that stays open and says nothing: at each step another device, all at once, since we only wait."""
    made, device = box(name)
    device_replace.replace(patient(device), wanted(name))
    steps = [(step, after) for step in moments(made, device) for after in (False, True)]

    def one(step: int, after: bool) -> None:
        silent, there = box(name)
        silent.cut_at, silent.cut_after, silent.silent = step, after, True
        try:
            device_replace.replace(replace(there, timeout=3), wanted(name))
        except Problem:
            assert silent.running == TEXTS[name], f"step {step}"
        else:
            assert silent.running.split() == wanted(name).split(), f"step {step}"
            assert not silent.pending

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: one(*each), steps))


@pytest.mark.parametrize("name", [name for name in PLATFORMS if platform(name).shape.replace.get("pending")])
def test_a_device_that_says_it_keeps_and_lets_its_timer_run_is_found_out(box: Boxes, name: str) -> None:
    made, device = box(name)
    made.deaf = True
    with pytest.raises(Problem, match=r"did not hear that it should keep.*its former configuration again"):
        device_replace.replace(patient(device), wanted(name))
    assert made.running == TEXTS[name]


def test_a_device_that_has_no_room_for_the_file_is_told_as_such(box: Boxes) -> None:
    made, device = box("eos")
    (made.folder / "mnt/flash").rmdir()
    with pytest.raises(Problem, match=r"did not take the file .*\(No such file.*its former configuration again"):
        device_replace.replace(device, wanted("eos"))
    assert made.said[-1] != "configure session"


def test_a_line_that_is_cut_before_anything_was_applied_is_no_timers_doing(box: Boxes) -> None:
    made, device = box("eos")
    device_replace.replace(patient(device), wanted("eos"))
    upload = next(number for number, line in enumerate(made.said) if line.startswith("< "))
    begin_anew(made, "eos")
    made.cut_at = upload
    with pytest.raises(Problem, match="was lost before the restored configuration was applied; it has its former"):
        device_replace.replace(device, wanted("eos"))


@pytest.mark.parametrize("name", ["ios", "junos"])
def test_a_device_that_shows_something_else_at_each_reading_is_left_alone(box: Boxes, name: str) -> None:
    made, device = box(name)
    numbers = itertools.count(1)
    shows = made._answer
    clock = "description Pukul" if name == "ios" else 'description "Pukul'
    made._answer = lambda line: shows(line).replace(clock[:-5] + "Ke", f"{clock} {next(numbers)} ke")  # type: ignore[method-assign]
    with pytest.raises(Problem, match="shows another configuration at each reading"):
        device_replace.replace(device, wanted(name))
    assert made.running == TEXTS[name]
    assert not any(line.startswith("< ") for line in made.said), "nothing was brought"


def test_a_device_with_another_key_than_before_gets_nothing(box: Boxes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both keys are known to the office, as those of a device and of the one that takes its address are."""
    made, device = box("eos")
    shown = iter([b"satu"])
    monkeypatch.setattr(device_replace, "_key", lambda _connection: next(shown, b"dua"))
    with pytest.raises(Problem, match="shows another key than when its former configuration was fetched"):
        device_replace.replace(device, wanted("eos"))
    assert made.running == TEXTS["eos"]
    assert not any(line.startswith(("< ", "configure")) for line in made.said)


def begin_anew(made: Box, name: str) -> None:
    """The device as it was before all this."""
    made.keep()
    made.running = made.before = TEXTS[name]
    made.startup = made.candidate = ""
    made.said.clear()


def test_without_a_timer_a_restore_needs_somebody_beside_the_device(box: Boxes) -> None:
    made, device = box("fortios")
    with pytest.raises(Problem, match="has no timer that undoes a restore") as caught:
        device_replace.replace(replace(device, undo_after=300), wanted("fortios"))
    assert caught.value.refused
    assert not made.said
    with pytest.raises(Problem, match="or cannot be reached"):
        device_replace.replace(replace(device, timeout=0.5), wanted("fortios", LOCKED_OUT))


def test_without_lines_that_undo_the_former_text_goes_the_way_the_new_one_went(box: Boxes) -> None:
    made, device = box("fortios")
    made.takes = lambda text: text.replace("Kantor baru", "Kantor")
    with pytest.raises(Problem, match=r"has something else than the point.*its former configuration again"):
        device_replace.replace(device, wanted("fortios"))
    assert made.running == TEXTS["fortios"]


@pytest.mark.parametrize("name", ["ios", "junos", "eos"])
def test_a_device_that_says_yes_and_does_nothing_is_found_out(box: Boxes, name: str) -> None:
    made, device = box(name)
    made.takes = lambda text: TEXTS[name]
    with pytest.raises(Problem, match="did not take the restored configuration; it has its former configuration again"):
        device_replace.replace(device, wanted(name))
    assert made.running == TEXTS[name]


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_timer_of_no_time_is_refused(box: Boxes, seconds: float) -> None:
    made, device = box("ios")
    with pytest.raises(Problem, match="undoes a restore is"):
        device_replace.replace(replace(device, undo_after=seconds), wanted("ios"))
    assert not made.said


def test_a_platform_that_cannot_replace_is_refused(box: Boxes) -> None:
    _made, device = box("ios")
    with pytest.raises(Problem, match="no way to replace") as caught:
        device_replace.replace(replace(device, platform=platform("asa")), TEXTS["ios"])
    assert caught.value.refused


class DeviceBench(Bench):
    """A bench for devices; the guard finds the platforms in the asset, as it does with the module's."""

    @property
    def kind(self) -> NetworkLive:
        return NetworkConfig(files())


@pytest.fixture
def bench(box: Boxes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Box, DeviceBench]:
    monkeypatch.setattr(network_live, "FOLDER", str(tmp_path / "memory"))
    made, device = box("ios")
    way = {key: getattr(device.way, key) for key in ("address", "port", "user", "known_hosts", "password", "key_file")}
    source = {**way, "platform": "ios", "hostname": "rtr-uji", "timeout": 10.0, "retries": 0, "undo_after": 60.0}
    known = {"id": "rtr", "kind": "network_config", "stores": ["s"], "services": [], "health": None, "host": HOST}
    asset = {**known, "source": source, "platforms": files()}
    store = {"id": "s", **Shelf(tmp_path).config(tmp_path, "s")}
    there = DeviceBench(tmp_path / "host", asset, store, Authority(tmp_path / "authority"))
    there.authority.trusted_by(there.trust, "pengendali")  # the controller, which is not called like the device
    return made, there


def test_with_a_permit_a_point_takes_the_place_of_what_the_device_has_and_a_safety_copy_is_kept(
    bench: tuple[Box, DeviceBench],
) -> None:
    made, there = bench
    there.back_up()
    made.running = wanted("ios", "salah ketik")
    plan = there.plan()
    assert "It would remove 2 lines and add 2." in plan["message"]
    assert "- description salah ketik" in plan["restore"]["difference"]["lines"]
    records = there.do({"replace": True}, there.authority.permit(plan))
    assert records[-1]["restore"]["remaining"] == 0
    assert records[-1]["outcome"] == "ok", [one["message"] for one in records]
    assert made.running == TEXTS["ios"]
    assert not [path for path in Path(network_live.FOLDER).iterdir() if path.stat().st_mode & 0o077], (
        "texts hold passwords"
    )
    assert [record["action"] for record in records] == ["safety", "restore"], "the safety copy is a point of its own"
    taken_back = there.do({"undo": True})[-1]
    assert taken_back["outcome"] == "ok", taken_back["message"]
    assert made.running == wanted("ios", "salah ketik")


def test_without_a_permit_the_device_is_not_touched(bench: tuple[Box, DeviceBench]) -> None:
    made, there = bench
    there.back_up()
    made.running = wanted("ios")
    assert there.do({"replace": True})[-1]["outcome"] == "refused"
    assert made.running == wanted("ios")
    assert not any(line.startswith("configure replace") for line in made.said)


def test_a_point_that_locks_us_out_ends_as_failed_with_the_former_configuration(
    bench: tuple[Box, DeviceBench],
) -> None:
    made, there = bench
    there.back_up()
    made.running = wanted("ios")
    permit = there.authority.permit(there.plan())
    made.locked_out = "Ke penyedia"
    record = there.do({"replace": True}, permit)[-1]
    assert record["outcome"] == "failed"
    assert "has its former configuration again" in record["message"]
    assert made.running == wanted("ios")
