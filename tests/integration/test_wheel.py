"""The wheel in an environment of its own, started from elsewhere and with nothing in the environment."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from sopwrap.workspace import resources


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    root = resources().playbooks.parent
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def sopwrap(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment; what sopwrap depends on is borrowed from this one."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, symlinks=True)
    [site] = folder.glob("lib/python*/site-packages")
    # behind the environment's own packages, and without this environment's .pth files: the checkout stays unseen
    (site / "borrowed.pth").write_text(next(path for path in sys.path if path.endswith("site-packages")) + "\n")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(folder / "bin" / "python"),
        "install",
        "--no-deps",
        "--no-index",
    ]
    done = subprocess.run([*install, "--ignore-installed", str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for program in ("ansible-playbook", "ansible-inventory"):
        launcher = folder / "bin" / program
        launcher.write_text(
            (folder / "bin" / "sopwrap").read_text().replace("sopwrap.cli", f"ansible.cli.{program[8:]}")
        )
        launcher.chmod(0o755)
    return folder / "bin" / "sopwrap"


def run(sopwrap: Path, *words: str, cwd: str = "/") -> str:
    done = subprocess.run(
        ["env", "-i", str(sopwrap), *words], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_has_everything_and_nothing_beside_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sopwrap", "ansible_collections"}
    for name in (
        "sopwrap/_data/playbooks/backup_assets.yml",
        "sopwrap/_data/roles/web_application/tasks/backup.yml",
        "sopwrap/_data/inventory/example/hosts.yml",
        "sopwrap/skeleton/gitignore",
        "sopwrap/sops/iain-ptk-2022.yml",
        "ansible_collections/sopwrap/backup/galaxy.yml",
    ):
        assert name in names
    assert not [name for name in names if "/tests/" in name or "__pycache__" in name]


def test_a_fresh_office_passes_its_check_up_from_anywhere(sopwrap: Path, tmp_path: Path) -> None:
    office = tmp_path / "office"
    assert run(sopwrap, "--version").startswith("sopwrap ")
    run(sopwrap, "init", str(office))
    assert "0 failed" in run(sopwrap, "doctor", cwd=str(office))
    said = run(sopwrap, "--office", str(office), "doctor", "--query", "[?check=='collection'].detail")
    assert "sopwrap.backup" in said
    site = sopwrap.parents[1]
    where = "import sopwrap.workspace as w; print(w.resources().collection)"
    done = subprocess.run([site / "bin" / "python", "-c", where], cwd="/", capture_output=True, text=True, check=True)
    assert done.stdout.startswith(str(site))
