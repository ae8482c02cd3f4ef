"""The programs that judge the tree: formatter, linters, type checker, Ansible's own sanity tests, the builds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quality.gates import BIN, COLLECTION, ROOT, prepare_ansible_test, run, said


def test_ruff_finds_nothing_to_mend() -> None:
    assert (done := run("ruff", "check", ".")).returncode == 0, said(done)


def test_ruff_would_format_nothing_differently() -> None:
    assert (done := run("ruff", "format", "--check", ".")).returncode == 0, said(done)


def test_mypy_strict_finds_no_error_in_the_wrapper() -> None:
    assert (done := run("mypy", "--strict", "sopwrap")).returncode == 0, said(done)


def test_ansible_lint_passes_the_production_profile_without_a_skip() -> None:
    done = run("ansible-lint", "--offline", "--profile", "production", "--strict")
    assert done.returncode == 0, said(done)
    settings = (ROOT / ".ansible-lint").read_text(encoding="utf-8")
    assert "skip_list" not in settings
    assert "warn_list" not in settings


def test_ansible_test_sanity_passes_every_one_of_its_tests() -> None:
    home = ROOT / ".cache" / "home"  # kept between runs: it holds the environments ansible-test makes
    prepare_ansible_test(home)
    done = run("ansible-test", "sanity", "--python", "3.11", "--color", "no", cwd=COLLECTION, home=home)
    assert done.returncode == 0, said(done)
    assert 'Running sanity test "validate-modules"' in done.stdout + done.stderr, said(done)
    assert not (COLLECTION / "tests" / "sanity").exists(), "no line may be exempted"


def test_the_collection_builds_installs_and_verifies_offline(tmp_path: Path) -> None:
    built = run("ansible-galaxy", "collection", "build", str(COLLECTION), "--output-path", str(tmp_path), cwd=tmp_path)
    assert built.returncode == 0, said(built)
    (archive,) = tmp_path.glob("sopwrap-backup-*.tar.gz")
    place = tmp_path / "collections"
    put = run(
        "ansible-galaxy",
        "collection",
        "install",
        "--offline",
        "--force",
        str(archive),
        "-p",
        str(place),
        cwd=tmp_path,
        path=place,
    )
    assert put.returncode == 0, said(put)
    roles = {path.name for path in (place / "ansible_collections" / "sopwrap" / "backup" / "roles").iterdir()}
    assert roles == {path.name for path in (COLLECTION / "roles").iterdir() if path.is_dir()}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean virtual environment with the wheel in it; returns its bin folder."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(str(BIN / "python"), "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT), cwd=folder)
    assert built.returncode == 0, said(built)
    (wheel,) = folder.glob("sopwrap-*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    put = run(str(folder / "venv" / "bin" / "pip"), "install", "--quiet", str(wheel), cwd=folder)
    assert put.returncode == 0, said(put)
    return folder / "venv" / "bin"


def bare(bin_: Path, *argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing in its environment but a home and the system's own programs."""
    environment = {"HOME": str(cwd), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    return subprocess.run(
        [str(bin_ / argv[0]), *argv[1:]], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_makes_an_office_and_examines_it_from_anywhere(installed: Path, tmp_path: Path) -> None:
    made = bare(installed, "sopwrap", "init", str(tmp_path / "office"), cwd=Path("/"))
    assert made.returncode == 0, said(made)
    looked = bare(installed, "sopwrap", "doctor", cwd=tmp_path / "office")
    assert looked.returncode == 0, said(looked)
    assert "ansible" in looked.stdout.lower()


def test_the_wheel_carries_collection_playbooks_and_recipes(installed: Path, tmp_path: Path) -> None:
    made = bare(installed, "sopwrap", "init", str(tmp_path / "office"), cwd=Path("/"))
    assert made.returncode == 0, said(made)
    listed = bare(installed, "ansible-doc", "-t", "role", "-l", "sopwrap.backup", cwd=tmp_path)
    for role in (path.name for path in (COLLECTION / "roles").iterdir() if path.is_dir()):
        assert f"sopwrap.backup.{role}" in listed.stdout, said(listed)
    package = next((installed.parent / "lib").glob("python3*/site-packages/sopwrap/_data"))
    for folder in ("playbooks", "roles"):
        shipped = {path.relative_to(package / folder) for path in (package / folder).rglob("*.yml")}
        assert shipped == {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*.yml")}
    assert os.access(installed / "sopwrap", os.X_OK)
