from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import system_accounts as accounts
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

FILES = {
    "passwd": "root:x:0:0::/root:/bin/sh\nsiti:x:1001:100::/:/bin/sh\nlain:x:1002:100::/:/bin/sh\n",
    "shadow": "root:*:1::::::\nsiti:$y$a:19000:0:99999:7:::\nlain:*:1::::::\n",
    "group": "root:x:0:\nusers:x:100:siti,lain\nadm:x:4:siti\n",
    "gshadow": "root:*::\nusers:!::siti,lain\nadm:*::siti\n",
}


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o640)
    return tmp_path


def texts(etc: Path) -> dict[str, str]:
    return {name: (etc / name).read_text(encoding="utf-8") for name in FILES}


def test_an_account_that_is_removed_and_put_back_is_the_same_with_password_and_groups(etc: Path) -> None:
    known = accounts.read_user(str(etc), "siti")
    assert known == {
        "passwd": "siti:x:1001:100::/:/bin/sh",
        "shadow": "siti:$y$a:19000:0:99999:7:::",
        "groups": ["adm", "users"],
    }
    accounts.write(str(etc), {"siti": None}, {})
    assert "siti" not in "".join(texts(etc).values())
    assert "users:x:100:lain\n" in texts(etc)["group"]
    accounts.write(str(etc), {"siti": known}, {})
    assert accounts.read_user(str(etc), "siti") == known
    assert (etc / "shadow").stat().st_mode & 0o777 == 0o640


def test_other_accounts_stay_where_and_as_they_are(etc: Path) -> None:
    known = accounts.read_user(str(etc), "siti") or {}
    accounts.write(str(etc), {"siti": {**known, "passwd": "siti:x:1001:100::/srv:/bin/sh"}}, {})
    assert texts(etc)["passwd"] == FILES["passwd"].replace("siti:x:1001:100::/:", "siti:x:1001:100::/srv:")
    assert {**texts(etc), "passwd": ""} == {**FILES, "passwd": ""}


def test_what_is_so_already_is_not_written(etc: Path) -> None:
    before = {path: path.stat().st_ino for path in etc.iterdir()}
    accounts.write(str(etc), {"siti": accounts.read_user(str(etc), "siti")}, {"tidak-ada": None})
    assert {path: path.stat().st_ino for path in before} == before


def test_a_group_that_is_given_whole_has_its_own_members(etc: Path) -> None:
    adm = {"group": "adm:x:4:lain", "gshadow": None}
    accounts.write(str(etc), {"siti": accounts.read_user(str(etc), "siti")}, {"adm": adm})
    assert accounts.read_group(str(etc), "adm") == adm


@pytest.mark.parametrize(
    ("user", "says"),
    [
        ({"name": "baru", "uid": 1001, "gid": 100}, "1001, which siti has now"),
        ({"name": "baru", "uid": 1009, "gid": 9}, "group 9 of the account baru is not on this host"),
    ],
)
def test_a_number_of_somebody_else_or_a_group_of_nobody_is_refused(
    user: dict[str, object], says: str, etc: Path
) -> None:
    with pytest.raises(Problem, match=says):
        accounts.require_room(str(etc), [user], [])
    accounts.require_room(str(etc), [{**user, "name": "siti", "uid": 1001, "gid": 9}], [{"name": "baru", "gid": 9}])
