"""What keeps an application from writing begins, ends in every case, and is nobody else's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import guard, permit_register, quiesce, services
from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.unit.collection.live_toy import LiveToy


class Sleeper(LiveToy):
    """A toy with a maintenance mode."""

    def pause(self, asset: dict[str, Any]) -> None:
        quiesce.begin(asset)

    def resume(self, asset: dict[str, Any]) -> list[str]:
        return quiesce.end(asset)


def app(services: list[str] | None = None, **way: Any) -> dict[str, Any]:
    return {"id": "a", "services": services or [], "source": {"quiesce": way or None}}


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sleeper:
    """A toy on a host of its own, whose services are words in its log; `guard` raises when it is told to."""
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path / "var"))
    monkeypatch.setattr(quiesce, "PAUSE", 0.0)
    monkeypatch.setattr(quiesce, "PATIENCE", 0.0)
    toy = Sleeper(tmp_path / "mainan")
    monkeypatch.setattr(guard, "set_up", lambda journal, kind, asset: toy.log.append("guard"))
    monkeypatch.setattr(services, "require", services.of)
    monkeypatch.setattr(services, "stop", lambda units: toy.log.extend(f"stop {unit}" for unit in units))
    monkeypatch.setattr(services, "start", lambda units: toy.log.extend(f"start {unit}" for unit in units) or [])
    return toy


def test_the_file_is_there_while_it_rests_and_gone_afterwards(toy: Sleeper, tmp_path: Path) -> None:
    path = tmp_path / ".maintenance"
    asset = app(services=["web"], file=str(path), text="<?php")
    with quiesce.resting(asset, toy):
        assert path.read_text() == "<?php" and path.stat().st_mode & 0o777 == 0o644
    assert not path.exists() and toy.log == ["guard"], "the services go on"
    assert journals.of_asset("a") == []


def test_services_are_stopped_where_nothing_else_is_said(toy: Sleeper) -> None:
    with quiesce.resting(app(services=["web"]), toy):
        toy.log.append("rest")
    assert toy.log == ["guard", "stop web.service", "rest", "start web.service"]


def test_commands_begin_and_end_it(toy: Sleeper, tmp_path: Path) -> None:
    path = tmp_path / "tanda"
    asset = app(begin=["touch", str(path)], end=["rm", str(path)])
    with quiesce.resting(asset, toy):
        assert path.exists()
    assert not path.exists()


def test_a_command_that_fails_fails_the_backup_in_a_sentence(toy: Sleeper) -> None:
    with (
        pytest.raises(Problem, match=r"The command rm of quiesce failed: .*No such file"),
        quiesce.resting(app(begin=["true"], end=["rm", "/tidak/ada"]), toy),
    ):
        pass
    assert [one.state for one in journals.of_asset("a")] == ["stopping"], "the next run tries to end it again"


@pytest.mark.parametrize("where", ["guard", "busy", "block"])
def test_whatever_fails_it_goes_on(where: str, toy: Sleeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> None:
        raise Problem("It broke.")

    toy.busy = where == "busy"
    if where == "guard":
        monkeypatch.setattr(guard, "set_up", broken)
    path = tmp_path / ".maintenance"
    with pytest.raises(Problem), quiesce.resting(app(file=str(path)), toy):
        broken()
    assert not path.exists() and journals.of_asset("a") == []


def test_what_a_killed_backup_has_left_is_settled_by_the_next(toy: Sleeper, tmp_path: Path) -> None:
    path = tmp_path / ".maintenance"
    asset = app(file=str(path))
    journals.begin("a", "toy").reach(journals.STOPPING)
    quiesce.begin(asset)
    with quiesce.resting(asset, toy):
        assert path.exists()
    assert not path.exists() and journals.of_asset("a") == []


def test_a_file_of_somebody_elses_maintenance_is_left_alone(toy: Sleeper, tmp_path: Path) -> None:
    path = tmp_path / ".maintenance"
    path.symlink_to("/etc/passwd")
    with pytest.raises(Problem, match="is in maintenance already"), quiesce.resting(app(file=str(path)), toy):
        pass
    assert path.is_symlink()
    quiesce.begin(app(file=str(path), text="x"))
    assert "root" in Path("/etc/passwd").read_text(), "a link is never written through"


@pytest.mark.parametrize(
    ("asset", "words"),
    [
        (app(), "does not say what keeps it from writing"),
        (app(file="/tidak/ada/.maintenance"), "cannot be made"),
        (app(file="maintenance"), "cannot be made"),
        (app(begin=["true"]), "has none to end"),
    ],
)
def test_a_way_that_cannot_work_is_refused_before_anything(asset: dict[str, Any], words: str, toy: Sleeper) -> None:
    with pytest.raises(Problem, match=words):
        quiesce.require(asset)
