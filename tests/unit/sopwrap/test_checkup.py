from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sopwrap import checkup
from sopwrap.checkup import installation
from sopwrap.finding import Finding
from sopwrap.workspace import Resources


def found() -> dict[str, Finding]:
    return {one.check: one for one in installation()}


def test_this_installation_has_nothing_that_keeps_it_from_working() -> None:
    now = found()
    assert list(now) == ["python", "ansible", "collection", "restic", "papers"]
    assert not [one for one in now.values() if one.state == "fail"]


def test_an_old_python_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "PYTHON", (99, 0))
    assert found()["python"].state == "fail"


def test_ansible_of_another_line_or_none_at_all_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup.importlib.metadata, "version", lambda name: "2.21.5")
    assert found()["ansible"].detail == "ansible-core 2.21.5 is not of the line 2.19."

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(checkup.importlib.metadata, "version", missing)
    assert found()["ansible"].detail == "ansible-core is not installed."


@pytest.mark.parametrize(
    ("ours", "theirs", "state"), [("1.2.0", "1.2.0", "ok"), ("1.2.1", "1.2.0", "fail"), ("0+unknown", "1.2.0", "warn")]
)
def test_the_collection_has_to_be_of_the_same_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: str, theirs: str, state: str
) -> None:
    folder = tmp_path / "ansible_collections/sopwrap/backup"
    folder.mkdir(parents=True)
    (folder / "galaxy.yml").write_text(f'name: backup\nversion: "{theirs}"\n')
    monkeypatch.setattr(checkup, "resources", lambda: Resources(tmp_path, tmp_path, tmp_path, tmp_path))
    monkeypatch.setattr(checkup, "__version__", ours)
    assert found()["collection"].state == state
    (folder / "galaxy.yml").unlink()
    assert found()["collection"].state == "fail"


@pytest.mark.parametrize(("version", "state"), [("0.14.0", "ok"), ("0.18.1", "ok"), ("0.12.1", "warn"), ("x", "warn")])
def test_an_old_restic_is_worth_a_warning(monkeypatch: pytest.MonkeyPatch, version: str, state: str) -> None:
    monkeypatch.setattr(checkup.shutil, "which", lambda name: "/usr/bin/true")
    said = SimpleNamespace(stdout=f"restic {version} compiled with go1.19 on linux/amd64\n")
    monkeypatch.setattr(checkup.subprocess, "run", lambda *words, **more: said)
    assert found()["restic"].state == state


def test_restic_that_is_only_on_the_hosts_is_worth_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup.shutil, "which", lambda name: None)
    assert found()["restic"].state == "warn"


def test_papers_without_fonts_or_without_pango_are_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "FONTS", (str(tmp_path),))
    assert "no font" in found()["papers"].detail
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert "No PDF can be made" in found()["papers"].detail
