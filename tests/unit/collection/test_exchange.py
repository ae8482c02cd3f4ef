"""Two names exchange what they stand for, and whoever uses a file is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import exchange, mounts, permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


def test_two_folders_change_places_and_keep_what_they_are(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    before = [exchange.identity(str(tmp_path / name)) for name in "ab"]
    exchange.exchange(str(tmp_path / "a"), str(tmp_path / "b"))
    assert [exchange.identity(str(tmp_path / name)) for name in "ba"] == before
    assert (tmp_path / "a" / "b").exists()


@pytest.mark.parametrize("there", ["a", "b"])
def test_where_one_is_missing_the_other_moves(there: str, tmp_path: Path) -> None:
    (tmp_path / there).write_text(there)
    exchange.exchange(str(tmp_path / "a"), str(tmp_path / "b"))
    assert [path.name for path in tmp_path.iterdir()] == [{"a": "b", "b": "a"}[there]]
    assert exchange.identity(str(tmp_path / there)) is None


def test_a_mount_point_cannot_change_places() -> None:
    with pytest.raises(Problem, match="is a mount point"):
        exchange.require_exchangeable("/proc")
    with pytest.raises(Problem, match="does not exist"):
        exchange.require_exchangeable("/tidak/ada")


def test_what_is_mounted_below_a_folder_does_not_change_places_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would lie below the former folder afterwards, and be emptied when that is removed."""
    table = tmp_path / "mountinfo"
    place = str(tmp_path / "situs" / "berkas unggahan").replace(" ", "\\040")
    table.write_text(f"29 1 8:1 / / rw - ext4 /dev/sda1 rw\n57 29 0:52 / {place} rw shared:1 - nfs nas:/u rw\n")
    monkeypatch.setattr(mounts, "MOUNTS", str(table))
    with pytest.raises(Problem, match="situs/berkas unggahan another file system is mounted") as caught:
        exchange.require_exchangeable(str(tmp_path / "situs"))
    assert caught.value.refused
    exchange.require_exchangeable(str(tmp_path / "situs 2"))
    exchange.require_exchangeable(str(tmp_path / "situ"))


@pytest.mark.parametrize("path", ["etc", "etc/permit_signers", "var/permits", ".", "tautan"])
def test_what_permits_rest_on_does_not_change_places(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older register would let a permit be used again, an older list would believe who is believed no more."""
    for name in ("TRUST", "STATE"):
        monkeypatch.setattr(permit_register, name, str(tmp_path / {"TRUST": "etc", "STATE": "var"}[name]))
    (tmp_path / "etc").mkdir()
    (tmp_path / "var").mkdir()
    (tmp_path / "tautan").symlink_to(tmp_path / "etc")
    with pytest.raises(Problem, match="knows whom it believes") as caught:
        exchange.require_exchangeable(str(tmp_path / path))
    assert caught.value.refused
    exchange.require_exchangeable(str(tmp_path / "etcetera"))


def test_a_process_with_an_open_file_is_named(tmp_path: Path) -> None:
    import subprocess

    (tmp_path / "x").touch()
    assert exchange.users_of([str(tmp_path)]) == []
    with (tmp_path / "x").open() as stream, subprocess.Popen(["sleep", "30"], stdin=stream) as sleeper:
        assert exchange.users_of([str(tmp_path)]) == [f"sleep (pid {sleeper.pid})"]
        sleeper.kill()


def test_files_and_folders_are_removed_and_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "d" / "e").mkdir(parents=True)
    (tmp_path / "f").touch()
    for name in "dfg":
        exchange.remove(str(tmp_path / name))
    assert not list(tmp_path.iterdir())
    assert exchange.free_bytes(str(tmp_path / "f")) > 0
