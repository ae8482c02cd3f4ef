"""Trees of files: every name, right and byte comes back, and what changed meanwhile is found."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office
from tests.office.runs import Playbooks, Stores

HOST = "srv-web"
ID = "website-berkas"


@pytest.fixture
def asset(office: Office) -> Iterator[dict[str, Any]]:
    """The website's files, in the internal store alone; they are as at first afterwards."""
    yield {**office.asset(ID), "stores": ["internal"]}
    office.reseed("files")


def of(paths: list[Path], asset: dict[str, Any], *exclude: str) -> dict[str, Any]:
    return {**asset, "source": {"paths": [str(path) for path in paths], "exclude": list(exclude)}}


def seen(top: Path) -> dict[str, tuple[Any, ...]]:
    """What `stat` says of every name below a folder but the cache's content: a second opinion beside our hash list."""
    found = {}
    for path in [top, *top.rglob("*")]:
        name, status = str(path.relative_to(top)), path.lstat()
        if name.startswith("cache/"):
            continue
        content = bytes(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        attributes = {
            key: os.getxattr(path, key, follow_symlinks=False) for key in os.listxattr(path, follow_symlinks=False)
        }
        rights = (status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns)
        found[name] = (*rights, content, sorted(attributes.items()))
    return found


def test_the_whole_tree_comes_back_and_a_second_backup_is_unchanged(
    office: Office, asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    before = seen(office.files.path)
    assert (
        run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}).one(action="backup")["outcome"]
        == "ok"
    )
    again = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert again.one(action="backup")["outcome"] == "unchanged"

    office.damage("files")
    target = tmp_path / "uji"
    restore = run_playbook(
        "restore_point", sopwrap_only=[ID], sopwrap_target={"path": str(target)}, host_assets={HOST: [asset]}
    )
    assert restore.rc == 0, restore.output
    assert restore.one(action="restore")["verify"]["ok"]
    assert seen(target) == before
    linked = {
        (target / name).stat().st_ino for name in ("tautan/keras-1", "tautan/keras-2", "halaman/00/artikel-00000.html")
    }
    assert len(linked) == 1, "names of one file are one file again"
    damaged = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert damaged.one(action="backup")["outcome"] == "ok", "a defaced website is a changed one"


def test_several_trees_and_a_single_file_keep_their_paths_below_the_target(
    asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    for name in ("a/satu.txt", "b c/dua.pyc", "b c/dua.txt", "tiga.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    several = of([tmp_path / "a", tmp_path / "b c", tmp_path / "tiga.txt"], asset, "*.pyc")
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [several]}).rc == 0
    (tmp_path / "tiga.txt").unlink()
    target = tmp_path / "uji"
    target.mkdir()
    run = run_playbook(
        "restore_point", sopwrap_only=[ID], sopwrap_target={"path": str(target)}, host_assets={HOST: [several]}
    )
    assert run.rc == 0, run.output
    found = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    inside = str(tmp_path).lstrip("/")
    assert found == {f"{inside}/a/satu.txt", f"{inside}/b c/dua.txt", f"{inside}/tiga.txt"}


def test_a_restore_into_a_folder_with_something_in_it_is_refused_and_leaves_it_alone(
    asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    (tmp_path / "isi").mkdir()
    (tmp_path / "isi" / "halo").write_text("halo", encoding="utf-8")
    small = of([tmp_path / "isi"], asset)
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [small]}).rc == 0
    target = tmp_path / "penuh"
    target.mkdir()
    (target / "milik.txt").write_text("orang lain", encoding="utf-8")
    run = run_playbook(
        "restore_point", sopwrap_only=[ID], sopwrap_target={"path": str(target)}, host_assets={HOST: [small]}
    )
    assert run.one(action="restore")["outcome"] == "refused"
    assert [path.name for path in target.iterdir()] == ["milik.txt"]


def test_a_tree_that_holds_its_own_stores_comes_back_without_them_and_this_is_said(
    asset: dict[str, Any], stores: Stores, run_playbook: Playbooks, tmp_path: Path
) -> None:
    whole = {**of([stores.folder], asset), "stores": ["internal", "external"]}
    given = {"sopwrap_only": [ID], "host_assets": {HOST: [whole]}}
    first, second = run_playbook("backup_assets", **given), run_playbook("backup_assets", **given)
    record = first.one(action="backup")
    assert (record["outcome"], record["warnings"]) == ("ok", ["store_left_out"]), first.output
    assert f"The store internal at {stores.internal} was left out." in record["message"]
    assert f"The store external at {stores.external} was left out." in record["message"]
    assert second.one(action="backup")["outcome"] == "unchanged", "what grows is the stores alone"
    assert run_playbook("verify_points", **given).rc == 0
    target = tmp_path / "uji"
    assert run_playbook("restore_point", sopwrap_target={"path": str(target)}, **given).rc == 0
    assert {path.name for path in target.iterdir()} == {path.name for path in stores.folder.iterdir()}
    assert not (target / "stores" / "internal").exists()
    assert (target / "keys" / "internal.key").read_bytes() == stores.key_file("internal").read_bytes()


def test_check_mode_plans_and_writes_nothing(asset: dict[str, Any], stores: Stores, run_playbook: Playbooks) -> None:
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}, options=["--check"])
    assert run.rc == 0, run.output
    assert run.one(action="backup")["outcome"] == "planned"
    assert stores.snapshots("internal") == []


def test_a_file_that_is_written_during_the_backup_is_never_passed_over_in_silence(
    asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    """restic and our own hashing never read a growing file at the same moment: verify names it."""
    tree = tmp_path / "sibuk"
    tree.mkdir()
    for number in range(40):
        (tree / f"besar-{number}").write_bytes(os.urandom(2_000_000))
    over = threading.Event()

    def write() -> None:
        with (tree / "catatan").open("ab", buffering=0) as log:
            while not over.wait(0.001):
                log.write(b"satu baris lagi\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [of([tree], asset)]})
    finally:
        over.set()
        writer.join()
    assert run.one(action="backup")["outcome"] == "ok", run.output
    check = run_playbook("verify_points", sopwrap_only=[ID], host_assets={HOST: [of([tree], asset)]})
    record = check.one(action="verify")
    assert record["outcome"] == "failed"
    assert "catatan" in record["message"]
    assert "changed while the backup read them" in record["message"]


@pytest.mark.skipif(os.geteuid() != 0, reason="root may read everything, so another user is needed")
def test_a_file_that_may_not_be_read_makes_the_backup_fail_and_is_named(asset: dict[str, Any], tmp_path: Path) -> None:
    """The kind itself is asked as another user; the playbook would need an account to log in with."""
    tree = tmp_path / "campur"
    tree.mkdir()
    (tree / "rahasia").write_text("x", encoding="utf-8")
    (tree / "rahasia").chmod(0)
    for folder in (tree, *tree.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    program = (
        "import sys; sys.path.insert(0, 'collections')\n"
        "from ansible_collections.sopwrap.backup.plugins.module_utils.files import Files\n"
        "from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem\n"
        "kind = Files()\n"
        "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try:\n    kind.preflight({'source': {'paths': [sys.argv[1]]}})\n"
        "except Problem as problem:\n    print(problem.message)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        ["/usr/bin/env", "python3", "-c", program, str(tree)], cwd=root, capture_output=True, text=True, check=False
    )
    assert "may not read 1 names" in done.stdout, done.stderr
    assert "rahasia" in done.stdout
