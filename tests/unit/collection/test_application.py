"""An application is taken as of one moment and comes back whole: all of its parts or none."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import guard, permit_register, quiesce
from ansible_collections.sopwrap.backup.plugins.module_utils.application import SOURCE, Application
from ansible_collections.sopwrap.backup.plugins.module_utils.application_live import ApplicationLive
from ansible_collections.sopwrap.backup.plugins.module_utils.application_parts import adapters, members
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.files import Files
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, Tree
from ansible_collections.sopwrap.backup.plugins.module_utils.recall import restore, verify
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable

from tests.unit.collection.toy import Shelf, asset, make_job

Record = dict[str, Any]


class App:
    """An application that writes a row and a file of the same number."""

    def __init__(self, folder: Path) -> None:
        self.files, self.path, self.flag = folder / "unggahan", folder / "app.db", folder / "unggahan/.maintenance"
        self.files.mkdir()
        self._do("CREATE TABLE t (n)")
        parts = [{"name": "basis-data", "sqlite": {"path": str(self.path)}}]
        parts += [{"name": "berkas", "files": {"paths": [str(self.files)], "exclude": []}}]
        self.asset = asset("app", "internal", kind="application", services=[])
        self.asset["source"] = {"quiesce": {"file": str(self.flag), "text": "istirahat"}, "parts": parts}

    def write(self, number: int) -> None:
        self._do(f"INSERT INTO t VALUES ({number})")
        (self.files / str(number)).write_text(str(number))

    def rows(self, path: Path | None = None) -> set[str]:
        with closing(sqlite3.connect(path or self.path)) as database:
            return {str(row[0]) for row in database.execute("SELECT n FROM t")}

    def names(self, folder: Path | None = None) -> set[str]:
        return {path.name for path in (folder or self.files).iterdir()}

    def _do(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as database:
            database.execute(statement)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """On a host of its own, without the guard's process."""
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path / "var"))
    monkeypatch.setattr(guard, "set_up", lambda journal, kind, asset: None)
    monkeypatch.setattr(quiesce, "PAUSE", 0.0)
    monkeypatch.setattr(quiesce, "PATIENCE", 0.0)
    app = App(tmp_path)
    app.write(1)
    return app


@pytest.fixture
def do(app: App, shelf: Shelf, tmp_path: Path) -> Callable[..., Record]:
    """Carry a verb out on the application; return its last record."""
    config = shelf.config(tmp_path, "internal")

    def carry(verb: Callable[..., None], **more: Any) -> Record:
        job = make_job([app.asset], config, **more)
        verb(job, Application())
        return job.records[-1]

    return carry


def test_all_parts_are_one_point_and_it_says_how_long_nobody_could_write(do: Any, app: App) -> None:
    record = do(back_up)
    assert (record["outcome"], record["kind"], record["rows"]) == ("ok", "application", 1)
    assert "It was kept from writing for" in record["message"] and not app.flag.exists()
    assert do(back_up)["outcome"] == "unchanged"
    app.write(2)
    assert do(back_up)["outcome"] == "ok"
    said = do(verify)["verify"]["detail"]
    assert "berkas: " in said and "basis-data: " in said


def test_a_plan_tells_of_the_trees_of_every_part_by_the_names_a_point_has_them(app: App) -> None:
    kind = Application()
    assert kind.trees(app.asset, kind.preflight(app.asset)) == [Tree("berkas.tree", [str(app.files)], [str(app.flag)])]


def test_a_new_folder_takes_all_parts_and_nothing_says_maintenance_there(do: Any, app: App, tmp_path: Path) -> None:
    do(back_up)
    app.write(2)
    record = do(restore, target={"path": str(tmp_path / "pulih")})
    assert record["outcome"] == "ok" and record["verify"]["ok"], record
    assert app.rows(tmp_path / "pulih/basis-data") == app.names(tmp_path / "pulih/berkas") == {"1"}
    again = do(restore, target={"path": str(tmp_path / "pulih")})
    assert again["outcome"] == "refused" and "not an empty folder" in again["message"]


def test_a_database_in_a_new_folder_is_named_after_it() -> None:
    parts = [{"name": "db", "mariadb": {"database": "web", "user": "it"}}]
    made = Application().targets({"id": "a", "source": {"parts": parts}}, {"path": "/srv/Uji-2026/"})
    assert made == {"db": {"database": "web_uji2026"}}


def test_when_one_part_cannot_be_restored_no_other_is(do: Any, app: App, tmp_path: Path) -> None:
    do(back_up)
    target = {"basis-data": {"path": str(tmp_path / "uji.db")}, "berkas": {"path": str(tmp_path)}}
    assert do(restore, target={**target, "berkas": {"path": str(app.files.parent / "var")}})["outcome"] == "refused"
    assert not (tmp_path / "uji.db").exists()
    (tmp_path / "uji.db").touch()
    del target["berkas"]
    assert "a place for each part of app" in do(restore, target=target)["message"]


def test_the_living_place_of_any_part_is_no_fresh_place(do: Any, app: App, tmp_path: Path) -> None:
    do(back_up)
    target = {"basis-data": {"path": str(tmp_path / "uji.db")}, "berkas": {"path": str(app.files)}}
    record = do(restore, target=target)
    assert record["outcome"] == "refused" and "itself lives" in record["message"]


def test_a_point_of_other_parts_is_refused(do: Any, app: App, tmp_path: Path) -> None:
    do(back_up)
    app.asset["source"]["parts"].pop()
    record = do(restore, target={"path": str(tmp_path / "pulih")})
    assert "The point holds basis-data (sqlite), berkas (files), and the asset now names" in record["message"]
    assert "the asset does not name" in do(verify)["message"]


def test_a_file_that_somebody_writes_to_makes_the_backup_fail_and_leaves_nothing(
    do: Any, app: App, shelf: Shelf, tmp_path: Path
) -> None:
    import subprocess

    writer = subprocess.Popen(["sleep", "30"], stdout=(app.files / "besar").open("wb"))
    try:
        record = do(back_up)
    finally:
        writer.kill()
        writer.wait()
    assert record["outcome"] == "refused" and "Processes write to" in record["message"]
    assert not app.flag.exists() and shelf.snapshots(shelf.config(tmp_path, "internal")) == []


def test_a_tree_that_cannot_be_hashed_fails_the_whole(do: Any, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import hash_list

    def broken(*given: Any) -> Any:
        raise Problem("It cannot be read.")

    monkeypatch.setattr(hash_list, "from_disk", broken)
    assert do(back_up)["message"] == "It cannot be read." and not app.flag.exists()


def test_an_exchange_that_fails_between_two_parts_goes_back_whole(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = Application()
    beside = kind.beside(app.asset, "ab")
    Path(beside["berkas"]["path"]).mkdir()
    with closing(sqlite3.connect(beside["basis-data"]["path"])) as database:
        database.execute("CREATE TABLE t (n)")
    pair = Pair(app.asset, "ab")
    pair.notes = kind.note(pair)
    swap = Files.swap

    def stuck(self: Files, pair: Pair, back: bool = False) -> None:
        if not back:
            raise Problem("It is stuck.")
        swap(self, pair, back)

    monkeypatch.setattr(Files, "swap", stuck)
    with pytest.raises(Problem, match="stuck"):
        kind.swap(pair)
    assert app.rows() == set() and app.names() == {"1"}, "the database has changed places, the files have not"
    kind.swap(pair, back=True)
    assert app.rows() == app.names() == {"1"}
    kind.remove(pair)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".sopwrap")]


def test_a_person_restores_part_by_part_from_the_files_that_bear_its_name() -> None:
    extras = {"parts": {name: {"kind": kind, "facts": {}, "extras": {}} for name, kind in PARTS.items()}}
    stored = [{"name": "basis-data.database.sqlite", "form": "stream"}, {"name": "berkas.tree", "form": "tree"}]
    source = {"parts": {"basis-data": {}, "berkas": {}}}
    steps = Application().by_hand({"extras": extras, "parts": stored, "source": source})
    commands = [command for step in steps for command in step.commands]
    assert 'cp --no-clobber basis-data.database.sqlite "$TUJUAN"' in commands
    assert any("--file=berkas.tree.tar" in command for command in commands)
    assert {step.words.split(":")[0] for step in steps} == {"Bagian basis-data", "Bagian berkas"}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "names no parts"),
        ([{"name": "Basis Data", "sqlite": {"path": "/x"}}], "needs a name of small letters"),
        ([{"name": "a", "files": {"paths": ["/x"]}, "sqlite": {"path": "/x"}}], "and one kind: files, mariadb"),
        ([{"name": "a", "sqlite": {"path": "/x"}}, {"name": "a", "sqlite": {"path": "/y"}}], "two parts called a"),
    ],
)
def test_parts_that_make_no_sense_are_refused(parts: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(Problem, match=words):
        members({"id": "app", "source": {"parts": parts}}, adapters())


def test_every_kind_with_a_living_place_on_the_host_can_be_a_part() -> None:
    """Those that a device or a whole host is are none."""
    known = adapters()
    assert set(SOURCE["parts"]["options"]) - {"name"} == set(known)
    assert all(isinstance(kind, Replaceable) and not kind.elsewhere for kind in known.values())
    assert issubclass(Application, ApplicationLive)


def test_room_is_asked_for_all_parts_together(app: App) -> None:
    extras = {"parts": {name: {"kind": kind, "facts": {}, "extras": {}} for name, kind in PARTS.items()}}
    stored = [{"name": "basis-data.database.db", "size_bytes": 5}, {"name": "berkas.tree", "size_bytes": 7}]
    source = {"parts": {"basis-data": {}, "berkas": {"names": {str(app.files): ""}}}}
    manifest = {"extras": extras, "parts": stored, "source": source}
    room = Application().room(app.asset, manifest)
    assert room.needed == 12 and room.free and room.free > 12
    stored[1]["size_bytes"] = 1 << 60
    with pytest.raises(Problem, match="The part berkas needs"):
        Application().room(app.asset, manifest)


PARTS = {"basis-data": "sqlite", "berkas": "files"}
