"""What is unfinished when the power is cut is begun again by a unit that systemd reads, and nothing of it stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import application_parts, guard, restart


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder systemd reads."""
    monkeypatch.setattr(restart, "UNITS", str(tmp_path))
    monkeypatch.setattr(restart.os.path, "isdir", lambda path: True)
    return tmp_path


def test_a_unit_that_systemd_reads_is_there_until_it_is_removed(units: Path) -> None:
    folder = units / "jurnal 100%/ab12cd34"
    restart.arm(str(folder), ["/usr/bin/env", "$HOME", 'a"b', "c d"], {"PYTHONPATH": "/x y:/z"})
    (unit,) = units.glob("*.service")
    (link,) = (units / "multi-user.target.wants").iterdir()
    assert link.resolve() == unit
    assert '"$$HOME" "a\\"b" "c d"' in unit.read_text() and "jurnal 100%%" in unit.read_text()
    for _ in range(2):
        restart.disarm(folder.name)
    assert not list(units.glob("*.service")) and not list((units / "multi-user.target.wants").iterdir())


def test_a_host_without_systemd_gets_no_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restart, "UNITS", str(tmp_path))
    monkeypatch.setattr(restart.os.path, "isdir", lambda path: False)
    restart.arm("/var/lib/x", ["true"], {})
    assert not list(tmp_path.iterdir())


def test_no_secret_of_any_part_of_an_application_is_on_the_disk() -> None:
    """The asset is written down without passwords: these are all that the argument specs hide."""
    hidden = {
        name for source in application_parts.SOURCES.values() for name, one in source.items() if one.get("no_log")
    }
    assert hidden == {"password"}
    asset = {"id": "a", "source": {"parts": [{"mariadb": {"user": "u", "password": "canary"}}]}}
    assert guard.without_secrets(asset)["source"]["parts"] == [{"mariadb": {"user": "u", "password": None}}]
    none = {"source": {"user": "u", "password": None}}
    assert guard.without_secrets(none) == none, "nothing was kept from the guard"
