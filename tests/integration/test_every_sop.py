"""Every procedure of every shipped SOP from its trigger to its end, each branch taken, on real databases and stores.

Each act is a command of its own and nothing runs between two of them, so every wait is one that outlives a restart.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from sopwrap.case import Case
from sopwrap.cli import cli
from sopwrap.engine import load_case
from sopwrap.workspace import Workspace
from tests.office import Office
from tests.office.runs import ROOT
from tests.office.stories import BINDINGS, PEOPLE, STORIES, Act, Story
from tests.quick_store import quick_store

SMALL = 0.02


class Desk:
    """An office that all stories share: its commands, its servers, and what happens to them."""

    def __init__(self, folder: Path, servers: Office) -> None:
        self.servers, self.workspace = servers, Workspace(folder)
        folder.mkdir()
        servers.write_inventory(folder / "inventory")
        shutil.copy(ROOT / "ansible.cfg", folder / "ansible.cfg")
        people = [{"id": one, "name": name, "post": "Staf"} for one, name in PEOPLE.items()]
        office = {"format": "sopwrap.office/1", "name": "Kantor Contoh", "place": "Pontianak", "people": people}
        (folder / "office.yml").write_text(yaml.safe_dump({**office, "bindings": BINDINGS}), encoding="utf-8")
        self.away = folder / "away"
        places = {"internal": servers.stores_folder / "internal", "external": servers.plug_in_medium() / "sopwrap"}
        for name, place in places.items():
            quick_store(place, (servers.secrets / f"{name}.key").read_text(encoding="ascii"))

    def __call__(self, *words: str, ends: tuple[int, ...] = (0, 1, 3)) -> str:
        """Type one command; return what it said."""
        result = CliRunner().invoke(cli, ["--office", str(self.workspace.folder), *words])
        assert result.exit_code in ends, f"{words} ended with {result.exit_code}\n{result.output}"
        return result.output

    def event(self, what: str) -> None:
        """Let something happen in the office."""
        database = Path(self.servers.asset("perpustakaan-db")["source"]["path"])
        {
            "": lambda: None,
            "the database is away": lambda: database.rename(self.away),
            "the database is back": lambda: self.away.rename(database),
            "the medium is away": self.servers.unplug_medium,
            "the medium is back": self.servers.plug_in_medium,
        }[what]()

    def form(self, given: Any) -> list[str]:
        """The options that give a form."""
        path = self.workspace.folder / "form.yml"
        path.write_text(yaml.safe_dump(dict(given)), encoding="utf-8")
        return ["--form", str(path)] if given else []


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("s")
    with Office(folder / "o", scale=SMALL, parts={"sqlite", "files"}) as servers:
        yield Desk(folder / "k", servers)


def opened(desk: Desk, story: Story) -> Case:
    """The story's case, just opened: by its request, or as a schedule or an order opens it."""
    assets = [word for asset in story.assets for word in ("--asset", asset)]
    if story.request is None:
        desk("run", story.procedure, *assets, "--ci", ends=(1, 3))
    else:
        letter = ["--as", "mona", "--letter", "005/12/2026", *desk.form(story.request)]
        desk("request", story.procedure, "--operation", story.operation, *assets, *letter, ends=(3,))
    return newest(desk)


def newest(desk: Desk) -> Case:
    ledger = desk.workspace.ledger()
    return load_case(ledger, ledger.cases()[-1])


def perform(desk: Desk, case: Case, act: Act, place: str) -> Case:
    """One act of a person, then whatever is the machine's."""
    assert case.current is not None, f"{act} comes after the end"
    assert case.current.step.id == act.step, f"the case stands at {case.current.step.id}, not {act.step}"
    desk.event(act.event)
    form = yaml.safe_load(yaml.safe_dump(dict(act.form)).replace("PLACE", place))
    words = [case.id, act.step, *([act.choice] if act.choice else []), "--as", act.person, *desk.form(form)]
    more = ["--reason", "Sesuai keadaan."] if act.choice else ["--note", "Dilaksanakan."]
    desk("case", "decide" if act.choice else "sign", *words, *more, ends=(0,))
    if newest(desk).state == "open":
        desk("case", "resume", case.id, "--ci")
    return newest(desk)


@pytest.mark.parametrize("name", STORIES)
def test_a_procedure_goes_from_its_trigger_to_its_end(desk: Desk, name: str, tmp_path: Path) -> None:
    story = STORIES[name]
    case = opened(desk, story)
    for act in story.acts:
        case = perform(desk, case, act, str(tmp_path / "pulih.db"))
    assert (case.state, case.closed_reason) == ("done", "")
    proven = {record.action for record in case.evidence if record.succeeded}
    assert set(story.actions) <= proven
    for step, failed in story.again.items():
        first, second = case.step(step).rounds
        assert (first.assets, second.assets) == (None, failed), "only what failed is done again"
        assert {record.asset for record in second.evidence} == set(failed)
    if story.operation == "restore":
        assert (tmp_path / "pulih.db").is_file() == bool(story.actions), "what was asked for is in its fresh place"
    assert "whole" in desk("audit", "verify", ends=(0,))
