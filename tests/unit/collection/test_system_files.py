from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import system_files
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.system_pieces import Wish


def test_a_link_on_the_way_to_a_file_is_refused(tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    for name in ("etc", "lain"):
        (tmp_path / name).mkdir()
    (etc / "tautan").symlink_to(tmp_path / "lain")
    with pytest.raises(Problem, match="is a link, or another file system"):
        system_files.require_exchangeable(str(etc / "tautan/a"), str(etc))


def test_what_goes_and_comes_is_shown_by_size_and_rights_and_never_by_its_text() -> None:
    now = {("file", "a"): ("a 0644 0:0 3 bytes", "f1"), ("file", "b"): ("b 0644 0:0 1 bytes", "f1")}
    then = {("file", "a"): ("a 0600 0:0 4 bytes", "f2"), ("file", "b"): ("b 0644 0:0 1 bytes", "f2")}
    told = system_files.difference(now, then)
    assert told["lines"] == ["-a 0644 0:0 3 bytes", "+a 0600 0:0 4 bytes"]
    assert (told["removed"], told["added"], told["hidden"], told["cut"]) == (2, 2, 2, False)
    assert system_files.difference(then, then)["removed"] == 0


def test_a_unit_that_is_the_packages_alone_is_refused() -> None:
    with pytest.raises(Problem, match=r"nothing of the unit web\.service"):
        system_files.require_units(Wish.of(["unit:web.service"], "/etc"), Content.of([]))
