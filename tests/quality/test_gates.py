"""The programs that judge the tree: formatter, linters, types, Ansible's sanity tests, the collection's build."""

from __future__ import annotations

from pathlib import Path

from tests.quality.gates import COLLECTION, ROOT, prepare_ansible_test, run, said


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
