"""Who programs are started as, and with which environment."""

from __future__ import annotations

import os
import pwd

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.account import account, environment, identity
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


def test_ourselves_need_no_change_and_a_stranger_is_named() -> None:
    me = pwd.getpwuid(os.geteuid()).pw_name
    assert identity(None) == identity(me) == {}
    with pytest.raises(Problem, match="tidak-ada does not exist"):
        account("tidak-ada")


def test_settings_of_stores_and_databases_in_our_environment_stay_with_us(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RESTIC_REPOSITORY", "AWS_SECRET_ACCESS_KEY", "RCLONE_CONFIG", "PGPASSWORD", "MYSQL_PWD"):
        monkeypatch.setenv(name, "asing")
    monkeypatch.setenv("KANTOR", "ptid")
    given = environment(None)
    assert "asing" not in given.values() and given["KANTOR"] == "ptid"
