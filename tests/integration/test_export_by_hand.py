"""An exported point is restored by hand: by the commands of its own page alone, typed by somebody without sopwrap."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contract.house import ROLES
from tests.integration.by_hand_scenes import SCENES
from tests.integration.replacing import Bench
from tests.office import Office
from tests.office.permits import Authority
from tests.office.runs import Playbooks, Run
from tests.unit.collection.toy import Shelf

KINDS = [role.name for role in ROLES if role.name != "store"]
PAGE = "CARA-MEMULIHKAN.md"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


def commands(folder: Path) -> list[str]:
    """What the page says to type, line by line."""
    lines = (folder / PAGE).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith(" " * 7)]


def type_in(folder: Path, targets: tuple[str, ...], **environment: str) -> None:
    """Type the page's commands in its folder as they stand, with other targets; nothing of the tests is on the way."""
    chosen = iter(targets)
    typed = [f"TUJUAN='{next(chosen)}'" if line.startswith("TUJUAN=") else line for line in commands(folder)]
    assert next(chosen, None) is None, "the page asks for fewer targets"
    plain = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "LC_ALL": "C.UTF-8", **environment}
    script = "set -ex\n" + "\n".join(typed)
    ended = subprocess.run(["sh", "-c", script], cwd=folder, env=plain, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_restored_by_the_commands_of_its_page_alone(
    kind: str, office: Office, shelf: Shelf, tmp_path: Path
) -> None:
    if kind == "network_config" and office.router is None:
        pytest.skip("this machine allows no network namespace, so there is no router")
    tmp_path.chmod(0o755)
    with SCENES[kind](office, tmp_path) as scene:
        asset = {"id": "uji", "kind": kind, "stores": ["internal"], "source": scene.source, **scene.more}
        bench = Bench(tmp_path, asset, shelf.config(tmp_path, "internal"), Authority(tmp_path / "authority"))
        point = bench.back_up()
        (done,) = bench.do({"export": str(tmp_path / "disk")})
        assert (done["outcome"], done["point"]) == ("ok", point["point"]), done
        scene.lose()
        type_in(tmp_path / "disk", scene.targets, **scene.environment)
        assert scene.found().digest == point["fingerprint"]
        scene.intact()


def test_a_page_lies_with_files_for_their_owner_alone_and_a_folder_that_is_there_is_left_alone(
    office: Office, run_playbook: Playbooks, tmp_path: Path
) -> None:
    hosts = {"srv-akademik": [{**office.asset("perpustakaan-db"), "stores": ["internal"]}]}
    backup = run_playbook("backup_assets", sopwrap_only=["perpustakaan-db"], host_assets=hosts)
    assert backup.rc == 0, backup.output
    folder = tmp_path / "disk"
    done = export(run_playbook, hosts, folder)
    assert done.rc == 0 and done.one(action="export")["outcome"] == "ok", done.output
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert "tidak dienkripsi" in (folder / PAGE).read_text(encoding="utf-8")
    assert len((folder / "SHA256SUMS").read_text().splitlines()) == len(list(folder.iterdir())) - 1
    again = export(run_playbook, hosts, folder)
    assert again.rc != 0 and "exists already" in again.one(action="export")["message"]


def export(run_playbook: Playbooks, hosts: dict[str, list[dict[str, Any]]], folder: Path) -> Run:
    """Let the playbook write the library's newest point to a folder."""
    target = {"export": str(folder)}
    return run_playbook("restore_point", sopwrap_only=["perpustakaan-db"], sopwrap_target=target, host_assets=hosts)
