from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import selection
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.system_pieces import Wish, unit_paths

NAMES = [
    "etc/systemd/system/web.service",
    "etc/systemd/system/web.service.d",
    "etc/systemd/system/web.service.d/a.conf",
    "etc/systemd/system/multi-user.target.wants/web.service",
    "etc/systemd/system/multi-user.target.wants/lain.service",
    "etc/systemd/user/web.service",
    "etc/default/web.service",
]


def test_pieces_are_paths_and_names_by_their_word() -> None:
    wish = Wish.of(["/etc/a//b", "package:nginx", "user:siakad", "package:php"], "/etc")
    assert wish.paths == ("/etc/a/b",)
    assert wish.names == {"package": ("nginx", "php"), "user": ("siakad",)}


@pytest.mark.parametrize("path", ["/etc/motd/../shadow", "/etc/./shadow", "/etc//shadow", "/etc/shadow/"])
def test_a_paper_names_a_file_in_one_way_only(path: str) -> None:
    assert Wish.of([path, "user:siakad"], "/etc").words() == ["/etc/shadow", "user:siakad"]


@pytest.mark.parametrize(
    ("pieces", "says"),
    [
        (["/etc"], "does not lie in /etc"),
        (["/etc/../srv"], "does not lie in /etc"),
        (["nginx"], "is no piece"),
        (["paket:nginx"], "is no piece"),
        (["unit:*"], "is no piece"),
        (["unit:a/b"], "is no piece"),
        (["/etc/a", "/etc/a/b"], "lies in another piece"),
    ],
)
def test_what_is_no_piece_is_refused(pieces: list[str], says: str) -> None:
    with pytest.raises(Problem, match=says) as caught:
        Wish.of(pieces, "/etc")
    assert caught.value.refused and "package:NAME" in str(caught.value.hint)


def test_a_star_means_all_of_the_point_and_an_architecture_may_be_left_out() -> None:
    wish = Wish.of(["package:*", "user:siakad"], "/etc")
    assert wish.among("package", ["b", "a:amd64"]) == ["a:amd64", "b"]
    assert Wish.of(["package:a"], "/etc").among("package", ["a:amd64", "a:i386", "ab"]) == ["a:amd64", "a:i386"]
    with pytest.raises(Problem, match="holds no user siakad"):
        wish.among("user", ["lain"])


def test_a_unit_is_its_file_its_drop_ins_and_the_links_that_enable_it() -> None:
    assert unit_paths("web.service", NAMES) == [
        "etc/systemd/system/multi-user.target.wants/web.service",
        "etc/systemd/system/web.service",
        "etc/systemd/system/web.service.d",
    ]


def test_a_permit_names_pieces_in_one_line_that_is_read_back() -> None:
    pieces = ["unit:a.service", "/etc/a b"]
    assert selection.pieces(selection.as_line(pieces)) == ["/etc/a b", "unit:a.service"]
    with pytest.raises(Problem, match="no list of words"):
        selection.pieces([1])
