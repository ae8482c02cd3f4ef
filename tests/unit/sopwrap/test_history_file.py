from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from sopwrap import history_file
from sopwrap.errors import SopError
from sopwrap.history import History
from sopwrap.history_file import load_history
from sopwrap.ledger import Draft
from tests.unit.sopwrap.pasts import ZONE
from tests.unit.sopwrap.shells import PointShell, of_point


@pytest.fixture(autouse=True)
def _keep_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_file, "WORTH_KEEPING", 1)


def look(shell: PointShell) -> History:
    return load_history(shell.workspace, shell.workspace.ledger(), ZONE)


def kept(shell: PointShell) -> dict[str, object]:
    return json.loads((shell.workspace.working / "history.json").read_text())  # type: ignore[no-any-return]


def test_only_lines_that_are_new_are_read(point_shell: PointShell, monkeypatch: pytest.MonkeyPatch) -> None:
    point_shell.keep(of_point("backup"))
    look(point_shell)
    point_shell.keep(of_point("verify"))
    read: list[str] = []
    take = History.take
    monkeypatch.setattr(History, "take", lambda self, kind, *rest: read.append(kind) or take(self, kind, *rest))
    history = look(point_shell)
    assert read == ["evidence"] and history.asset("arsip").points[0].proven
    assert kept(point_shell)["tip"][0] == 2  # type: ignore[index]


@pytest.mark.parametrize("damage", ["not json", '{"form": "0"}', "[]", "{}"])
def test_a_file_that_is_of_no_use_is_made_anew(point_shell: PointShell, damage: str) -> None:
    point_shell.keep(of_point("backup"))
    before = look(point_shell)
    (point_shell.workspace.working / "history.json").write_text(damage)
    assert look(point_shell) == before
    assert kept(point_shell)["tip"][0] == 1  # type: ignore[index]


def test_what_was_kept_of_another_ledger_or_zone_is_thrown_away(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"))
    look(point_shell)
    assert load_history(point_shell.workspace, point_shell.workspace.ledger(), "Asia/Jayapura").zone == "Asia/Jayapura"
    (point_shell.workspace.folder / "ledger.db").unlink()
    for path in point_shell.workspace.folder.glob("ledger.db-*"):
        path.unlink()
    assert look(point_shell).assets == {}


def test_a_line_that_fits_nothing_is_said_and_an_unwritable_office_is_read_all_the_same(
    point_shell: PointShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_shell.keep(of_point("backup"))
    monkeypatch.setattr(history_file.tempfile, "mkstemp", lambda **more: (_ for _ in ()).throw(OSError("read-only")))
    assert look(point_shell).asset("arsip").points
    point_shell.workspace.ledger().append(None, [Draft("evidence", {"record": {}})])
    with pytest.raises(SopError, match="does not fit its kind"):
        look(point_shell)
    with closing(sqlite3.connect(point_shell.workspace.folder / "ledger.db")) as connection:
        assert connection.execute("SELECT count(*) FROM ledger").fetchone() == (2,)
