"""The programs that are called are those of the server's version, where Debian has several."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_programs as programs


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host with two versions, and the chooser under the programs' names on the path."""
    chooser, path = tmp_path / "pg_wrapper", tmp_path / "bin"
    path.mkdir()
    versions = [tmp_path / version / "bin" / name for version in ("15", "9.6") for name in ("pg_dump", "psql")]
    for place in (chooser, *versions):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o755)
    for name in ("pg_dump", "pg_restore", "psql"):
        (path / name).symlink_to(chooser)
    monkeypatch.setattr(programs, "_CHOOSER", str(chooser))
    monkeypatch.setattr(programs, "_VERSIONS", str(tmp_path))
    monkeypatch.setenv("PATH", str(path))
    return tmp_path


@pytest.mark.parametrize(
    ("server", "folder"),
    [("15.16 (Debian 15.16-0+deb12u1)", "15"), ("9.6.24", "9.6"), ("15beta1", None), ("17.2", None)],
)
def test_the_server_s_own_version_is_called_where_it_is_there(debian: Path, server: str, folder: str | None) -> None:
    expected = str(debian / folder / "bin/pg_dump") if folder else "pg_dump"
    assert programs.program("pg_dump", server) == expected


def test_a_server_nobody_has_met_is_asked_by_the_newest_psql(debian: Path) -> None:
    assert programs.program("psql", None) == str(debian / "15/bin/psql")
    (debian / "15/bin/psql").unlink()
    (debian / "share").mkdir()
    assert programs.program("psql", None) == str(debian / "9.6/bin/psql")
    assert programs.program("pg_dump", None) == "pg_dump"


def test_a_chooser_without_any_version_keeps_the_choice(debian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_VERSIONS", str(debian / "nowhere"))
    assert programs.program("psql", None) == "psql"


def test_what_an_administrator_has_put_on_the_path_is_called(debian: Path) -> None:
    own = debian / "bin" / "pg_dump"
    own.unlink()
    own.touch(mode=0o755)
    assert programs.program("pg_dump", "15.16") == "pg_dump"


def test_a_program_that_is_not_there_keeps_its_name(debian: Path) -> None:
    assert programs.program("pg_restore", "15.16") == "pg_restore"
