"""The place a restore goes to: fresh, and fresh again when the restore fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.fresh_folder import fresh, place, wanted
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


def unpack(into: str) -> None:
    """Stands for restic: two trees below the folder, each with its whole former path."""
    top = Path(into) / "srv" / "situs"
    (top / "a").mkdir(parents=True)
    (top / "a" / "halo").write_text("halo", encoding="utf-8")
    (Path(into) / "etc").mkdir()
    top.chmod(0o2750)
    os.utime(top, (1_000_000_000, 1_000_000_000))


def test_a_root_without_a_name_becomes_the_target_itself_with_its_rights_and_time(tmp_path: Path) -> None:
    target = tmp_path / "uji"
    with fresh({"path": str(target)}) as folder:
        place(unpack, [Root("/srv/situs", "")], folder)
    assert (target / "a" / "halo").read_text(encoding="utf-8") == "halo"
    assert target.stat().st_mode & 0o7777 == 0o2750
    assert target.stat().st_mtime == 1_000_000_000
    assert [path.name for path in target.iterdir()] == ["a"]


def test_named_roots_lie_below_the_target(tmp_path: Path) -> None:
    with fresh({"path": str(tmp_path / "uji")}) as folder:
        place(unpack, [Root("/srv/situs", "srv/situs"), Root("/etc", "etc")], folder)
    assert sorted(path.name for path in (tmp_path / "uji").iterdir()) == ["etc", "srv"]


@pytest.mark.parametrize("existed", [True, False])
def test_a_failed_restore_leaves_nothing(tmp_path: Path, existed: bool) -> None:
    target = tmp_path / "uji"
    if existed:
        target.mkdir()
    with pytest.raises(KeyError), fresh({"path": str(target)}) as folder:
        unpack(folder)
        raise KeyError
    assert target.exists() == existed
    assert not existed or not list(target.iterdir())


def test_a_place_that_is_not_fresh_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "penuh").mkdir()
    (tmp_path / "penuh" / "a").touch()
    (tmp_path / "berkas").touch()
    (tmp_path / "kosong").mkdir()
    (tmp_path / "taut").symlink_to("kosong")
    for name in ("penuh", "berkas", "taut"):
        with pytest.raises(Problem) as caught, fresh({"path": str(tmp_path / name)}):
            pytest.fail("the block must not run")
        assert caught.value.refused
    assert (tmp_path / "penuh" / "a").exists()


@pytest.mark.parametrize("target", [{}, {"path": "relatif"}, {"path": "/tidak/ada/di/sini"}])
def test_a_target_without_a_usable_path_is_refused(target: dict[str, str]) -> None:
    with pytest.raises(Problem) as caught:
        wanted(target)
    assert caught.value.refused
