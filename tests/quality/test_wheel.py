"""The wheel in an environment of its own, started from elsewhere and with nothing in the environment."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.quality.gates import BIN, COLLECTION, ROOT, run, said


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(str(BIN / "python"), "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT), cwd=folder)
    assert built.returncode == 0, said(built)
    (made,) = folder.glob("sopwrap-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The bin folder of a clean virtual environment with the wheel in it."""
    subprocess.run([sys.executable, "-m", "venv", str(wheel.parent / "venv")], check=True)
    place = wheel.parent / "venv" / "bin"
    put = run(str(place / "pip"), "install", "--quiet", "--no-compile", str(wheel), cwd=wheel.parent)
    assert put.returncode == 0, said(put)
    return place


@pytest.fixture(scope="module")
def made(installed: Path) -> Path:
    """An office the installed wheel has made."""
    done = bare(installed, "sopwrap", "init", str(installed.parents[1] / "office"), cwd=Path("/"))
    assert done.returncode == 0, said(done)
    return installed.parents[1] / "office"


def bare(bin_: Path, *argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing in its environment but a home and the system's own programs."""
    environment = {"HOME": str(bin_.parents[1]), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    return subprocess.run(
        [str(bin_ / argv[0]), *argv[1:]], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_has_everything_and_nothing_beside_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sopwrap", "ansible_collections"}
    for name in ("inventory/example/hosts.yml", "playbooks/backup_assets.yml"):
        assert f"sopwrap/_data/{name}" in names
    assert {"sopwrap/skeleton/gitignore", "sopwrap/sops/iain-ptk-2022.yml"} <= set(names)
    assert "ansible_collections/sopwrap/backup/galaxy.yml" in names
    assert not [name for name in names if "/tests/" in name or "__pycache__" in name]


def test_the_wheel_makes_an_office_and_examines_it_from_anywhere(installed: Path, made: Path) -> None:
    assert bare(installed, "sopwrap", "--version", cwd=Path("/")).stdout.startswith("sopwrap ")
    looked = bare(installed, "sopwrap", "doctor", cwd=made)
    assert looked.returncode == 0, said(looked)
    assert "0 failed" in looked.stdout
    asked = ["--office", str(made), "doctor", "--query", "[?check=='collection'].detail"]
    assert "sopwrap.backup" in bare(installed, "sopwrap", *asked, cwd=Path("/")).stdout
    where = "import sopwrap.workspace as w; print(w.resources().collection)"
    assert bare(installed, "python", "-c", where, cwd=Path("/")).stdout.startswith(str(installed.parent))


def test_the_wheel_carries_collection_playbooks_and_recipes(installed: Path, made: Path) -> None:
    listed = bare(installed, "ansible-doc", "-t", "role", "-l", "sopwrap.backup", cwd=made)
    for role in (path.name for path in (COLLECTION / "roles").iterdir() if path.is_dir()):
        assert f"sopwrap.backup.{role}" in listed.stdout, said(listed)
    package = next((installed.parent / "lib").glob("python3*/site-packages/sopwrap/_data"))
    for folder in ("playbooks", "roles"):
        shipped = {path.relative_to(package / folder) for path in (package / folder).rglob("*.yml")}
        assert shipped == {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*.yml")}
