from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import system_sections as sections
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.system_pieces import Wish

STATE: dict[str, Any] = {
    "packages": [{"name": "nginx", "version": "1.22"}],
    "users": [{"name": "siti", "uid": 1001, "gid": 100}],
    "groups": [{"name": "users", "gid": 100, "members": []}, {"name": "arsip", "gid": 1500, "members": ["siti"]}],
    "crontabs": {"siti": "0 2 * * * canary-of-a-crontab\n"},
}


@pytest.fixture
def etc(tmp_path: Path) -> str:
    (tmp_path / "passwd").write_text("siti:x:1001:100::/:/bin/sh\n", encoding="utf-8")
    (tmp_path / "shadow").write_text("siti:canary-of-the-account:1::::::\n", encoding="utf-8")
    (tmp_path / "group").write_text("users:canary-of-the-group:100:\n", encoding="utf-8")
    return str(tmp_path)


def wanted(*pieces: str) -> sections.Names:
    return sections.names(Wish.of(pieces, "/etc"), STATE)


def test_nothing_is_told_of_passwords_and_of_what_stands_in_crontabs(etc: str) -> None:
    values = sections.then(wanted("user:siti", "group:users", "crontab:siti", "package:nginx"), STATE, etc)
    told = sections.told(values)
    shown = [line for line, _digest in told.values()]
    assert sorted(shown) == [
        "crontab:siti 30 B",
        "group:users:x:100:",
        "package:nginx 1.22",
        "user:siti:x:1001:100::/:/bin/sh",
    ]
    assert "canary" not in str(told)


def test_an_account_from_a_directory_is_refused(etc: str) -> None:
    with pytest.raises(Problem, match="is in no file of the point"):
        sections.then(wanted("group:arsip"), STATE, etc)


@pytest.mark.parametrize(
    ("piece", "says"),
    [
        ("package:nginx", "Packages and crontabs do not belong to"),
        ("crontab:siti", "Packages and crontabs do not belong to"),
        ("user:siti", "group arsip, of which siti was a member, is not on this host"),
    ],
)
def test_what_could_not_be_put_back_is_refused(piece: str, says: str, etc: str) -> None:
    with pytest.raises(Problem, match=says):
        sections.require(wanted(piece), STATE, etc)
    sections.require(wanted("user:siti", "group:arsip"), STATE, etc)


def test_a_crontab_of_nobody_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "_OWN", str(tmp_path))
    monkeypatch.setattr(sections.system_crontabs, "folder", lambda: "")
    with pytest.raises(Problem, match="would be nobody's"):
        sections.require(wanted("crontab:siti"), STATE, str(tmp_path))
