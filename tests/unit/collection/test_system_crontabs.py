from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import machine_state
from ansible_collections.sopwrap.backup.plugins.module_utils import system_crontabs as crontabs
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(machine_state, "CRONTABS", (str(tmp_path / "tidak-ada"), str(tmp_path)))
    return tmp_path


def test_a_crontab_comes_back_byte_for_byte_and_goes_again(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crontabs, "_owner", lambda name: (os.geteuid(), os.getegid()))
    crontabs.write({"siti": "# satu\n0 2 * * * a\n", "budi": None})
    assert crontabs.read(["siti", "budi"]) == {"siti": "# satu\n0 2 * * * a\n", "budi": None}
    assert (spool / "siti").stat().st_mode & 0o777 == 0o600 and len(list(spool.iterdir())) == 1
    crontabs.write({"siti": None})
    assert list(spool.iterdir()) == []


def test_a_crontab_needs_its_account_and_a_cron(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match="there is no such account"):
        crontabs.write({"tidak-ada-orang-ini": "x"})
    monkeypatch.setattr(machine_state, "CRONTABS", ())
    with pytest.raises(Problem, match="has no cron"):
        crontabs.folder()
