"""What is said of devices' backups that succeeded."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer
from ansible_collections.sopwrap.backup.plugins.module_utils.device_remarks import remark, same_device
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


def device(platform: str = "uji", telnet: bool = False) -> Any:
    named = SimpleNamespace(name=platform, name_in=lambda text: text.strip() or None)
    return SimpleNamespace(platform=named, way=SimpleNamespace(telnet=telnet))


@pytest.mark.parametrize(
    ("answer", "telnet", "words"),
    [
        (Answer("rtr"), False, ""),
        (Answer("rtr", unsaved="changed"), False, "not saved"),
        (Answer("rtr", silent=True), False, "gave no answer"),
        (Answer("rtr"), True, "over Telnet"),
    ],
)
def test_what_is_not_as_it_should_be_is_said(answer: Answer, telnet: bool, words: str) -> None:
    said = remark(answer, device(telnet=telnet))
    assert bool(said) is bool(words) and words in said


def test_devices_are_the_same_by_platform_name_and_serial_number_together() -> None:
    devices = dict.fromkeys("abcd", device()) | {"e": device("lain")}
    one = {"serial": "S1"}
    answers = {"a": Answer("rtr", one), "b": Answer("rtr", one), "c": Answer("rtr-2", one), "e": Answer("rtr", one)}
    said = same_device(devices, {**answers, "d": Problem("d cannot be reached.")})
    assert sorted(said) == ["a", "b"]
    assert said["a"].startswith("The same device answered for b, rtr with the serial number S1: ")


def test_devices_that_tell_no_serial_number_are_not_compared() -> None:
    assert same_device(dict.fromkeys("ab", device()), dict.fromkeys("ab", Answer("rtr"))) == {}


def test_however_many_are_the_same_one_is_named() -> None:
    names = [f"d-{number}" for number in range(40)]
    said = same_device(dict.fromkeys(names, device()), dict.fromkeys(names, Answer("rtr", {"serial": "S1"})))
    assert "answered for d-1 and 38 more, rtr" in said["d-0"]
    assert "answered for d-0 and 38 more, rtr" in said["d-7"]
