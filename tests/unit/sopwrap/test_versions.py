"""Reading the history that backups write: versions of points, differences, blame."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import history as writer

from sopwrap.errors import SopError, UsageError
from sopwrap.versions import Versions


def point(day: int) -> str:
    return f"rtr.202611{day:02}T010000Z.aaaaaa"


@pytest.fixture
def history(tmp_path: Path) -> Versions:
    """Three points of rtr, of which the second changed nothing."""
    made = writer.History(str(tmp_path / "history"))
    for day, text, case in ((1, "a\nb\n", "kasus/1"), (2, "a\nb\n", "kasus/2"), (3, "a\nc\nb\n", "kasus/3")):
        made.keep({"rtr": writer.Kept(text, point(day)), "lain": writer.Kept(f"{day}\n", "lain.1.x")}, {"case": case})
    return Versions(tmp_path / "history")


def test_only_changes_are_versions_and_every_point_has_one(history: Versions) -> None:
    assert [(one.point, one.case) for one in history.versions("rtr")] == [(point(3), "kasus/3"), (point(1), "kasus/1")]
    assert history.version_of("rtr", point(2)).point == point(1)
    assert history.version_of("rtr", point(9)).point == point(3)
    with pytest.raises(UsageError, match="knows no text"):
        history.version_of("rtr", "rtr.20200101T000000Z.bbbbbb")


def test_the_difference_is_what_a_person_changed(history: Versions) -> None:
    new = history.version_of("rtr", point(3))
    lines = history.difference("rtr", history.before("rtr", new), new)
    assert [line for line in lines[2:] if line[0] in "+-"] == ["+c"]
    assert history.difference("rtr", new, new) == []
    with pytest.raises(UsageError, match="first version"):
        history.before("rtr", history.version_of("rtr", point(1)))


def test_every_line_is_blamed_on_the_case_it_came_with(history: Versions) -> None:
    assert [(line.text, line.version.case) for line in history.blame("rtr")] == [
        ("a", "kasus/1"),
        ("c", "kasus/3"),
        ("b", "kasus/1"),
    ]


def test_an_asset_without_a_history_is_told(history: Versions, tmp_path: Path) -> None:
    assert Versions(tmp_path / "tidak-ada").versions("rtr") == []
    with pytest.raises(UsageError, match="no text of web"):
        history.blame("web")


def test_a_history_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(SopError, match="git could not log"):
        Versions(tmp_path).versions("rtr")
