"""An exported point is restored by hand: by the commands of its own page alone, typed by somebody without sopwrap."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_files_round_trip import seen
from tests.office import Office
from tests.office.runs import Playbooks, Run

HOSTS = {
    "siakad-db": "srv-akademik",
    "perpustakaan-db": "srv-akademik",
    "website-db": "srv-web",
    "website-berkas": "srv-web",
}
PAGE = "CARA-MEMULIHKAN.md"


def registers(office: Office) -> dict[str, list[dict[str, Any]]]:
    """The assets of these tests by host, in the internal store alone."""
    found: dict[str, list[dict[str, Any]]] = {}
    for asset, host in HOSTS.items():
        found.setdefault(host, []).append({**office.asset(asset), "stores": ["internal"]})
    return found


def without_times(top: Path) -> dict[str, tuple[Any, ...]]:
    """Names, rights, owners, attributes and bytes; a tar archive of restic rounds times to a second."""
    return {name: (*told[:3], *told[4:]) for name, told in seen(top).items()}


def commands(folder: Path) -> list[str]:
    """What the page says to type, line by line."""
    lines = (folder / PAGE).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith(" " * 7)]


def type_in(folder: Path, target: str, **environment: str) -> None:
    """Type the page's commands in its folder as they stand, with another target; nothing of the tests is on the way."""
    typed = [f"TUJUAN='{target}'" if line.startswith("TUJUAN=") else line for line in commands(folder)]
    assert f"TUJUAN='{target}'" in typed
    plain = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "LC_ALL": "C.UTF-8", **environment}
    script = "set -ex\n" + "\n".join(typed)
    ended = subprocess.run(["sh", "-c", script], cwd=folder, env=plain, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"


@pytest.fixture
def exported(office: Office, run_playbook: Playbooks, tmp_path: Path) -> dict[str, Path]:
    """A folder of plain files for each asset."""
    hosts = registers(office)
    backup = run_playbook("backup_assets", sopwrap_only=list(HOSTS), host_assets=hosts)
    assert backup.rc == 0, backup.output
    folders = {}
    for asset in HOSTS:
        folders[asset] = tmp_path / f"disk-{asset}"
        done = export(run_playbook, hosts, asset, folders[asset])
        assert done.rc == 0, done.output
        record = done.one(action="export")
        assert (record["outcome"], record["point"] is not None) == ("ok", True)
    return folders


def export(run_playbook: Playbooks, hosts: dict[str, list[dict[str, Any]]], asset: str, folder: Path) -> Run:
    return run_playbook(
        "restore_point", sopwrap_only=[asset], sopwrap_target={"export": str(folder)}, host_assets=hosts
    )


def test_every_kind_is_restored_by_the_commands_of_its_page_alone(
    office: Office, exported: dict[str, Path], run_playbook: Playbooks, tmp_path: Path
) -> None:
    for folder in exported.values():
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert "tidak dienkripsi" in (folder / PAGE).read_text(encoding="utf-8")
        assert len((folder / "SHA256SUMS").read_text().splitlines()) == len(list(folder.iterdir())) - 1

    ((loans,),) = office.sqlite.sql("SELECT count(*) FROM peminjaman")
    type_in(exported["perpustakaan-db"], str(tmp_path / "pulih.sqlite"))
    found = subprocess.run(
        ["sqlite3", str(tmp_path / "pulih.sqlite"), "SELECT count(*) FROM peminjaman"], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert found.stdout.strip() == str(loans)

    tree = tmp_path / "pulih"
    type_in(exported["website-berkas"], str(tree))
    assert without_times(tree / office.files.path.relative_to("/")) == without_times(office.files.path)

    server = office.postgresql.source
    students = "SELECT count(*), sum(hashtext(m::text)) FROM akademik.mahasiswa m"
    type_in(
        exported["siakad-db"], "siakad tangan", PGHOST=server["host"], PGPORT=str(server["port"]), PGUSER=server["user"]
    )
    assert office.postgresql.sql(students, "siakad tangan") == office.postgresql.sql(students)
    office.postgresql.sql('DROP DATABASE "siakad tangan"', "postgres")

    client = exported["website-db"].parent / ".my.cnf"
    source = office.mariadb.source
    client.write_text(f"[client]\nsocket={source['socket']}\nuser={source['user']}\npassword={source['password']}\n")
    type_in(exported["website-db"], "website_tangan")
    pages = "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = '{}' ORDER BY 1"
    assert office.mariadb.sql(pages.format("website_tangan")) == office.mariadb.sql(pages.format(source["database"]))
    office.mariadb.sql("DROP DATABASE website_tangan")

    again = export(run_playbook, registers(office), "perpustakaan-db", exported["perpustakaan-db"])
    assert again.rc != 0 and "exists already" in again.one(action="export")["message"]
