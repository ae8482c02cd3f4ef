from __future__ import annotations

import copy
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import machine_difference as difference
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content

THEN: dict[str, Any] = {
    "packages": [{"name": "nginx", "version": "1.22", "arch": "amd64"}],
    "users": [{"name": "root", "uid": 0}, {"name": "siakad", "uid": 1001}],
    "groups": [{"name": "root", "gid": 0}],
    "units": {"files": [], "enabled": ["nginx.service"], "masked": [], "sysv": []},
    "crontabs": {"root": "0 2 * * * cadangkan\n"},
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(THEN), **parts}


def test_equal_machines_have_nothing_otherwise() -> None:
    assert difference.sections(THEN, changed()) == []


def test_packages_are_told_with_both_versions_and_the_rest_by_name() -> None:
    now = changed(
        packages=[{"name": "nginx", "version": "1.24", "arch": "amd64"}, {"name": "nc", "version": "1", "arch": "all"}],
        users=[{"name": "root", "uid": 0}],
        units={"files": [], "enabled": ["apache2.service"], "masked": [], "sysv": []},
        crontabs={"root": ""},
    )
    assert difference.sections(THEN, now) == [
        "packages: new nc, otherwise nginx (1.24 instead of 1.22)",
        "users: missing siakad",
        "units enabled: missing nginx.service, new apache2.service",
        "crontabs: otherwise root",
    ]


def test_many_names_are_counted() -> None:
    then = Content.of([{"name": f"etc/{number}", "count": 1, "digest": "a"} for number in range(7)])
    (clause,) = difference.files(then, Content.of([]))
    assert clause == "files: missing etc/0, etc/1, etc/2, etc/3, etc/4 and 2 more"
