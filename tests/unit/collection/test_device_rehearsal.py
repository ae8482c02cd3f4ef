"""A drill loads a configuration onto a spare device, compares it there, and the spare has its own again in any case."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device
from ansible_collections.sopwrap.backup.plugins.module_utils.device_rehearsal import rehearsed, require_spare
from ansible_collections.sopwrap.backup.plugins.module_utils.device_source import Spare
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.network_config import NetworkConfig

from tests.integration.replacing import HOST, Bench
from tests.office.permits import Authority
from tests.office.platforms import files, platform
from tests.office.stateful import PLATFORMS, Box
from tests.office.texts import TEXTS
from tests.unit.collection.conftest import Boxes, moments
from tests.unit.collection.toy import Shelf

NAME = "rtr-cadangan"
Spares = Callable[[str], tuple[Box, Spare]]


def own(name: str) -> str:
    """What the spare has of its own."""
    return TEXTS[name].replace("rtr-uji", NAME).replace("Ke penyedia", "Meja uji")


@pytest.fixture
def spares(box: Boxes) -> Spares:
    def make(name: str) -> tuple[Box, Spare]:
        made, device = box(name)
        made.running = made.before = own(name)
        there = dataclasses.replace(device, name=NAME, hostname=NAME)
        return made, Spare(there, dataclasses.replace(there, hostname=None))

    return make


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_text_is_loaded_and_compared_and_the_spare_goes_back(spares: Spares, name: str) -> None:
    made, spare = spares(name)
    had: list[str] = []
    made.takes = lambda text: had.append(text) or text  # type: ignore[func-returns-value]
    tried = rehearsed(spare, TEXTS[name])
    assert tried.proven
    assert "loaded onto the spare device rtr-cadangan, it is the same there" in tried.words
    whole = TEXTS[name].split()
    assert had[0].split()[-len(whole) :] == whole
    assert made.running == own(name)
    plan = spare.own.platform.shape.replace
    keeping = set(plan.get("confirm") or []) - set(plan.get("undo") or [])
    assert not keeping & set(made.said), "it was kept"
    if made._timer:
        made.undo()
        assert made.running == own(name), "a timer that still runs would change it"


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_spare_that_takes_something_else_is_told_by_its_first_line(spares: Spares, name: str) -> None:
    made, spare = spares(name)
    made.takes = lambda text: text.replace("Ke penyedia", "Lain")
    text = TEXTS[name] if "Ke penyedia" in TEXTS[name] else TEXTS[name].replace("192.0.2.2", "Ke penyedia")
    with pytest.raises(Problem, match=r"onto the spare device rtr-cadangan the configuration is another one.*Lain|'-"):
        rehearsed(spare, text)
    assert made.running == own(name)


@pytest.mark.parametrize(
    ("name", "after"), [("ios", False), ("ios", True), ("junos", False), ("routeros", True), ("fortios", False)]
)
def test_wherever_the_line_is_cut_the_spare_has_its_own_again(spares: Spares, name: str, after: bool) -> None:
    made, spare = spares(name)
    rehearsed(spare, TEXTS[name])
    for step in moments(made, spare.own):
        made.said.clear()
        made.cut_at, made.cut_after = step, after
        try:
            rehearsed(spare, TEXTS[name])
        except Problem as problem:
            assert "has its own configuration again" in problem.message, f"step {step}"
        assert made.running == own(name), f"step {step}"
        made.keep()


@pytest.mark.parametrize("name", [name for name in PLATFORMS if platform(name).shape.replace.get("timer") is not False])
def test_a_text_with_which_the_spare_is_lost_is_not_proven_and_its_timer_takes_it_back(
    spares: Spares, name: str
) -> None:
    made, spare = spares(name)
    made.locked_out = "rtr-uji"
    with pytest.raises(Problem, match=r"spare device .* has its own configuration again"):
        rehearsed(spare, TEXTS[name])
    assert made.running == own(name)


def test_a_device_that_is_not_called_like_the_spare_is_left_alone(spares: Spares) -> None:
    made, spare = spares("ios")
    made.running = in_use = TEXTS["ios"].replace("rtr-uji", "rtr-lantai-2")
    tried = rehearsed(spare, TEXTS["ios"])
    assert not tried.proven
    assert "not loaded onto the spare device, since" in tried.words
    assert "rtr-lantai-2 instead of rtr-cadangan" in tried.words
    assert made.running == in_use
    assert not any(line.startswith("configure") for line in made.said)


def test_where_the_stored_configuration_leads_to_another_device_that_one_is_not_touched(
    spares: Spares, box: Boxes
) -> None:
    """The spare's second address is the one of the device itself, as it is where the way to the spare is wrong."""
    made, spare = spares("ios")
    device_box, device = box("ios")
    quick = {"timeout": 0.5, "undo_after": 1}
    wrong = Spare(dataclasses.replace(spare.own, **quick), dataclasses.replace(device, hostname=None, **quick))
    with pytest.raises(Problem, match="could not be reached with the restored configuration"):
        rehearsed(wrong, TEXTS["ios"])
    assert device_box.said == [], "its key is not the spare's"
    assert made.running == own("ios")


def test_what_cannot_be_a_spare_is_refused(spares: Spares) -> None:
    _made, spare = spares("ios")
    with pytest.raises(Problem, match="as the stored configuration calls its device") as caught:
        rehearsed(spare, own("ios"))
    assert caught.value.refused
    without = dataclasses.replace(spare.own, platform=platform("asa"))
    with pytest.raises(Problem, match="no way to replace"):
        require_spare(dataclasses.replace(spare, own=without))
    require_spare(dataclasses.replace(spare, own=dataclasses.replace(spare.own, platform=platform("fortios"))))


class DrillBench(Bench):
    """A bench for a device with a spare."""

    @property
    def kind(self) -> Any:
        return NetworkConfig(files())


def source(device: Device) -> dict[str, Any]:
    way = {key: getattr(device.way, key) for key in ("address", "port", "user", "known_hosts", "password", "key_file")}
    return {**way, "platform": "ios", "hostname": "rtr-uji", "timeout": 10.0, "retries": 0, "undo_after": 60.0}


def test_the_record_of_a_drill_says_that_it_was_loaded(spares: Spares, box: Boxes, tmp_path: Path) -> None:
    _device_box, device = box("ios")
    made, spare = spares("ios")
    asset = {"id": "rtr", "kind": "network_config", "stores": ["s"], "services": [], "health": None, "host": HOST}
    asset["source"] = source(device)
    store = {"id": "s", **Shelf(tmp_path).config(tmp_path, "s")}
    bench = DrillBench(tmp_path / "host", asset, store, Authority(tmp_path / "authority"))
    bench.back_up()
    way = {key: source(spare.own)[key] for key in ("address", "port", "user", "known_hosts", "password", "key_file")}
    asset["source"]["spare"] = {**way, "hostname": NAME}
    (record,) = bench.do({"path": str(tmp_path / "uji.txt")})
    assert record["outcome"] == "ok", record["message"]
    assert record["verify"]["method"] == "fingerprint and trial"
    assert "it is the same there; the spare has its own again" in record["verify"]["detail"]
    assert made.running == own("ios")
    asset["source"]["spare"]["hostname"] = "rtr-uji"
    (record,) = bench.do({"path": str(tmp_path / "lain.txt")})
    assert record["outcome"] == "refused"
    assert not (tmp_path / "lain.txt").exists()
