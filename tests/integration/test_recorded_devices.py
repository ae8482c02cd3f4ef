"""Recorded dialogues of real devices, played back over real SSH: what is kept is the configuration, whole and exact.

The recordings are other people's and are not part of the project: SOPWRAP_CAPTURES names the folder they are in.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import ask
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform
from ansible_collections.sopwrap.backup.plugins.module_utils.restorability import missing, whole

from tests.contract.house import ROOT
from tests.office.platforms import shipped
from tests.office.replay import Player

FOLDER = Path(os.environ.get("SOPWRAP_CAPTURES") or ROOT / ".." / "shared" / "reference" / "network-captures")
RECORDED = sorted(FOLDER.glob("*#simulation.yaml"))

pytestmark = pytest.mark.skipif(not RECORDED, reason=f"there are no recordings in {FOLDER} (SOPWRAP_CAPTURES)")


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for the players in a thread of its own."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever, daemon=True)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join(5)


class Asked:
    """A recorded device that was asked, and what is known of it."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop, folder: Path) -> None:
        platform, device, _what = path.name.split("#")
        if platform not in shipped():
            pytest.skip(f"{platform} is no platform of ours")
        self.platform = Platform.of(shipped()[platform])
        known_hosts = folder / "known_hosts"
        port = asyncio.run_coroutine_threadsafe(Player(path).start(known_hosts), loop).result(20)
        way = Way("127.0.0.1", port, "budi", str(known_hosts), password="sandi")
        outcome = ask([Device(device, self.platform, way, timeout=20)])[0]
        assert isinstance(outcome, Answer), outcome
        self.answer = outcome
        self.text = outcome.text
        self._beside = path

    def beside(self, what: str) -> Any:
        """What the recording's other file says, or None."""
        path = self._beside.with_name(self._beside.name.replace("simulation.yaml", what))
        if not path.exists():
            return None
        return yaml.safe_load(path.read_text("utf-8")) if path.suffix == ".yaml" else path.read_text("utf-8")


@pytest.fixture(params=RECORDED, ids=[path.name.rsplit("#", 1)[0] for path in RECORDED])
def asked(request: pytest.FixtureRequest, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Asked:
    return Asked(request.param, loop, tmp_path)


def test_what_is_kept_is_the_configuration_and_all_of_it(asked: Asked) -> None:
    """Every line is one that the other project keeps, too, in the same order, and none is missing in between."""
    theirs = [line.strip() for line in asked.beside("output.txt").splitlines() if line.strip()]
    theirs[-1] = re.sub(r"<!--.*-->$", "", theirs[-1])
    masked = re.compile(r"<[a-z ]+>")
    ours = [line.strip() for line in _comparable(asked) if line.strip()]
    kept = [line for line in theirs if line in ours or masked.search(line)]
    missing = [line for line in ours if line not in theirs and not any(_alike(line, other) for other in kept)]
    assert not missing
    last = len(theirs) - 1 - theirs[::-1].index(ours[-1])
    beyond = [line for line in theirs[last + 1 :] if not line.startswith(("!", "#", "<!--"))]
    assert not beyond, "the end is missing"


def test_what_is_kept_could_go_back_and_is_recognised_when_it_is_read_again(asked: Asked) -> None:
    assert whole(asked.platform, asked.text, "rtr") == asked.text
    assert asked.platform.content(asked.text).count > 5
    said = missing(asked.platform, asked.text, asked.answer.facts["version"])
    assert not [one for one in said if "does not know" in one], "it knows what it has itself"


def test_a_part_of_it_is_no_backup_where_the_platform_marks_an_end(asked: Asked) -> None:
    if asked.platform.shape.open_end:
        pytest.skip("this platform marks no end")
    lines = asked.text.splitlines(keepends=True)
    for cut in (len(lines) // 2, len(lines) - 1):
        with pytest.raises(Problem, match="no backup"):
            whole(asked.platform, "".join(lines[:cut]), "rtr")


def test_the_facts_stand_apart_from_it(asked: Asked) -> None:
    assert asked.answer.facts.get("version")


def test_secrets_are_gone_in_what_may_be_looked_at_and_the_rest_stands(asked: Asked) -> None:
    known = asked.beside("secret.yaml")
    if known is None:
        pytest.skip("nothing is recorded about its secrets")
    masked = asked.platform.masked(asked.text)
    for gone in known.get("fail") or []:
        assert not re.search(gone, masked), gone
    for stands in known.get("pass") or []:
        assert re.search(re.sub(r"<[a-z ]+>", "<secret hidden>", stands), masked), stands


def test_only_what_a_person_changed_is_a_change(asked: Asked) -> None:
    known = asked.beside("significant_changes.yaml")
    if known is None:
        pytest.skip("nothing is recorded about what changes by itself")
    compared = "\n".join(asked.platform.meaningful(asked.text))
    for alone in known.get("fail") or []:
        assert alone not in compared
    for counts in known.get("pass") or []:
        assert counts in compared or counts not in asked.text, counts


def _comparable(asked: Asked) -> list[str]:
    """Our lines without those in which something changes by itself: the other project drops most of these as well."""
    shape = asked.platform.shape
    whole_lines = replace(shape, noise=[rule for rule in shape.noise if rule.whole])
    parts = [rule.start for rule in shape.noise if not rule.whole]
    lines = Platform(whole_lines).meaningful(asked.text)
    return [line for line in lines if not any(part.search(line) for part in parts)]


def _alike(ours: str, theirs: str) -> bool:
    """Whether a line of theirs is ours with something masked in it."""
    parts = [re.escape(part) for part in re.split(r"<[a-z ]+>", theirs)]
    return len(parts) > 1 and re.fullmatch(".*".join(parts), ours) is not None
