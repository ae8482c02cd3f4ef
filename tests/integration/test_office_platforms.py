"""Platforms that an office describes itself, in one file and as the page says: whole dialogues of our own, over SSH."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import ask
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import known_by_name, read_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform

from tests.office import replay
from tests.office.platforms import files
from tests.office.replay import Player

DIALOGUES = sorted((Path(replay.__file__).parent / "dialogues").glob("*.yml"))


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for the players in a thread of its own."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever, daemon=True)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join(5)


@pytest.mark.parametrize("path", DIALOGUES, ids=[path.stem for path in DIALOGUES])
def test_one_file_is_all_a_platform_needs(path: Path, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> None:
    """The text is kept as it is, nothing of the dialogue with it; facts, secrets and the device's name are found."""
    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    folder = tmp_path / "network_platforms"
    folder.mkdir()
    (folder / path.name).write_text(yaml.safe_dump(told["platform"]), encoding="utf-8")
    platform = Platform.of(known_by_name([*files(), *read_folders([str(folder)])])[path.stem])
    known_hosts = tmp_path / "known_hosts"
    port = asyncio.run_coroutine_threadsafe(Player(path).start(known_hosts), loop).result(20)
    way = Way("127.0.0.1", port, "budi", str(known_hosts), password="sandi")
    answer = ask([Device("rtr", platform, way, timeout=10)])[0]
    assert isinstance(answer, Answer), answer
    assert answer.text == told["kept"]
    assert answer.facts == told["facts"]
    assert "rahasia-satu" not in platform.masked(answer.text)
    name = platform.name_in(answer.text)
    assert (name is None) is (platform.shape.hostname is None)
