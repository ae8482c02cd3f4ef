"""The running office and what tests do with it; described in tests/office/README.md."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office
from tests.office.apart import stand_apart
from tests.office.runs import Playbooks, Stores


def pytest_configure() -> None:
    """What a host keeps about restores is this process's own: no test writes into the machine's or sees another's.

    All offices share what Ansible has packed: it would take 0.4 s of each of a thousand runs.
    """
    stand_apart("/var/lib/sopwrap")
    os.environ["SOPWRAP_PACKED"] = str(Path(__file__).parents[1] / ".cache" / "packed")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Thousands of tests are made in one go and none is garbage: looking for it took a quarter of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One office for the whole session (for each worker of pytest-xdist).

    It lies below /tmp: sockets' paths stay short, and a client run as the servers' own users reaches them.
    """
    folder = Path(tempfile.mkdtemp(prefix="sopwrap-office-"))
    try:
        with Office(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def _medium_out(request: pytest.FixtureRequest) -> Iterator[None]:
    """The office's own medium is out before and after every test that uses the office."""
    yield
    if "office" in request.fixturenames:
        request.getfixturevalue("office").unplug_medium()


@pytest.fixture
def stores(office: Office, tmp_path: Path) -> Stores:
    """Fresh stores for one test, the medium plugged in."""
    return Stores(tmp_path / "stores-of-test", office.cache)


@pytest.fixture
def run_playbook(office: Office, stores: Stores, tmp_path: Path) -> Playbooks:
    """Call it with a playbook's name; ``run_playbook.start`` leaves it running."""
    return Playbooks(office, stores, tmp_path / "runs")
