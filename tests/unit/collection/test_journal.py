"""A journal is on the disk before each step, and one restore of an asset runs at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import journal, permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path))
    return tmp_path / "restores"


def test_what_was_reached_is_read_back(place: Path) -> None:
    made = journal.begin("a", "toy", services=["web.service"])
    made.reach(journal.LOADING)
    made.reach(journal.STOPPING, safety="a.1.2")
    (read,) = journal.of_asset("a")
    assert (read.state, read.safety, read.services) == ("stopping", "a.1.2", ["web.service"])
    assert list(read.times) == ["loading", "stopping"] and journal.of_asset("b") == []
    assert (place / made.mark / "journal.json").stat().st_mode & 0o777 == 0o600
    made.drop()
    assert journal.of_asset("a") == []


def test_a_folder_without_a_first_line_is_removed(place: Path) -> None:
    made = journal.begin("a", "toy")
    assert journal.of_asset("a") == [] and not (place / made.mark).exists()


def test_a_journal_that_cannot_be_read_stops_the_restore(place: Path) -> None:
    made = journal.begin("a", "toy")
    (place / made.mark / "journal.json").write_text("{")
    with pytest.raises(Problem, match="cannot be read"):
        journal.of_asset("a")


def test_only_one_holds_a_journal_or_an_asset() -> None:
    made = journal.begin("a", "toy")
    with made.held() as mine, made.held() as theirs:
        assert (mine, theirs) == (True, False)
    with journal.alone("a"), pytest.raises(Problem, match="Another restore"), journal.alone("a"):
        pass


@pytest.mark.parametrize("name", ["../../x", "/etc/x"])
def test_an_id_that_is_a_path_leads_nowhere(name: str, place: Path) -> None:
    with pytest.raises(Problem, match="is no id of an asset") as caught, journal.alone(name):
        pytest.fail("it was held")
    assert caught.value.refused and not list(place.parent.glob("*.lock"))
