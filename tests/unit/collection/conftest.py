"""Where tests of the collection take their stores and devices from."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import device_replace, device_shell
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform

from tests.office.platforms import platform
from tests.office.stateful import Box
from tests.office.texts import TEXTS
from tests.unit.collection.toy import Shelf

Boxes = Callable[..., tuple[Any, Device]]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Where tests take fresh stores from."""
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for devices, in a thread of its own."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever, daemon=True)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join(5)


@pytest.fixture
def box(loop: asyncio.AbstractEventLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Boxes:
    """A device with its first configuration, and how it is reached."""
    monkeypatch.setattr(device_replace, "_BETWEEN", 0.05)
    monkeypatch.setattr(device_shell, "_SETTLE", 0.05)
    numbers = itertools.count(1)

    def make(name: str, kind: type[Box] = Box) -> tuple[Any, Device]:
        number = next(numbers)
        made = kind(name, TEXTS[name], tmp_path / f"box-{number}")
        for folder in ("mnt/flash", "var/tmp", "tmp"):
            (made.folder / folder).mkdir(parents=True)
        known_hosts = tmp_path / f"known_hosts-{number}"
        asyncio.run_coroutine_threadsafe(made.start(known_hosts), loop).result(20)
        way = Way("127.0.0.1", made.port, "budi", str(known_hosts), password="sandi")
        shape = platform(name).shape
        timer = shape.replace.get("timer") is not False
        quick = Platform(replace(shape, replace={**shape.replace, "restart": 0 if timer else 1}))
        return made, Device("rtr-uji", quick, way, hostname="rtr-uji", timeout=10, undo_after=60 if timer else 0)

    return make


def moments(made: Box, device: Device) -> list[int]:
    """At which of the lines that were said a cut is one of its own: what sets a session up comes before all others,
    and to the device a cut there is the same as one before what follows it.
    """
    return [number for number, line in enumerate(made.said) if line not in device.platform.shape.setup]
