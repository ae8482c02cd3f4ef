"""The history of masked texts: a commit when something changed, in the name of the case, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.history import History, Kept
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

CASE = {"case": "iain-ptk-2022/backup/7", "step": "5"}


def log(folder: Path, form: str = "%an|%s|%(trailers:key=Point,valueonly,separator=%x20)") -> list[str]:
    told = subprocess.run(
        ["git", "-C", str(folder), "log", f"--format={form}"], capture_output=True, text=True, check=True
    )
    return told.stdout.splitlines()


def test_changed_assets_are_one_commit_of_the_case_and_name_their_points(tmp_path: Path) -> None:
    history = History(str(tmp_path / "history"))
    changed = history.keep({"a": Kept("satu\n", "a.1.x"), "b": Kept("dua\n", "b.1.x")}, CASE)
    assert changed == ["a", "b"]
    assert log(tmp_path / "history") == ["iain-ptk-2022/backup/7|Change a and 1 more|a.1.x b.1.x"]
    assert (tmp_path / "history").stat().st_mode & 0o077 == 0


def test_what_has_not_changed_makes_no_commit(tmp_path: Path) -> None:
    history = History(str(tmp_path / "history"))
    history.keep({"a": Kept("satu\n", "a.1.x"), "b": Kept("dua\n", "b.1.x")}, CASE)
    assert history.keep({"a": Kept("satu\n", "a.2.x"), "b": Kept("dua\n", "b.2.x")}, CASE) == []
    assert history.keep({"a": Kept("satu\n", "a.3.x"), "b": Kept("tiga\n", "b.3.x")}, {}) == ["b"]
    assert log(tmp_path / "history")[0] == "no case|Change b|b.3.x"
    assert len(log(tmp_path / "history")) == 2


def test_facts_stand_apart_and_a_change_of_them_is_one(tmp_path: Path) -> None:
    history = History(str(tmp_path / "history"))
    assert history.facts("a") == {}
    history.keep({"a": Kept("satu\n", "a.1.x", {"serial": "S1"})}, CASE)
    assert history.facts("a") == {"serial": "S1"}
    assert history.keep({"a": Kept("satu\n", "a.2.x", {"serial": "S2"})}, CASE) == ["a"]
    assert (tmp_path / "history" / "a.txt").read_text(encoding="utf-8") == "satu\n"


def test_settings_and_hooks_of_whoever_runs_this_have_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gitconfig").write_text("[commit]\n\tgpgsign = true\n[user]\n\tname = Orang lain\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Orang lain")
    History(str(tmp_path / "history")).keep({"a": Kept("satu\n", "a.1.x")}, CASE)
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    assert log(tmp_path / "history", "%an %cn") == ["iain-ptk-2022/backup/7 sopwrap"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("berkas", encoding="utf-8")
    with pytest.raises(Problem, match="cannot be written"):
        History(str(tmp_path / "history")).keep({"a": Kept("x\n", "a.1.x")}, CASE)
