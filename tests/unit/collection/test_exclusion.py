"""Exclude patterns: what we leave out of the hash list is what restic leaves out of the store."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.exclusion import Exclusion
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root, from_disk
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.quick_store import quick_store

NAMES = [
    *("cache/a", "a/cache/b", "a/b/c/d", "a/x.pyc", "a/é.tmp", "a/b/cache2", "log/1.log", "log/old/2.log"),
    *("b/[x]", "b/x", "b/^x", "b/-", "b/a*", "a-b", "deep/a/b/x"),
]
PATTERNS = [
    ["cache"],
    ["*.pyc"],
    ["a/b"],
    ["TOP/a"],
    ["a/**/d"],
    ["**/b/x"],
    ["/**/x"],
    ["log/**"],
    ["log/*"],
    ["?.tmp"],
    ["b/[[]x]"],
    ["b/[^x]"],
    ["b/[a-x]"],
    [r"b/\[x\]"],
    ["TOP/log/", "cache/"],
    ["[^a]-b"],
    ["a//b"],
    ["**/cache/**"],
    ["log/**/2.log"],
    [r"b/a\*"],
    ["/tmp-is-no-prefix", ""],
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("pola") / "pohon"
    for name in NAMES:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(name, encoding="utf-8")
    return top


def restic(place: Path, *words: str) -> str:
    base = [
        "restic",
        "-q",
        "-r",
        str(place / "toko"),
        "--password-command",
        "echo x",
        "--cache-dir",
        str(place / "cache"),
    ]
    return subprocess.run([*base, *words], check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed")
def test_what_is_left_out_is_what_restic_leaves_out(tree: Path, tmp_path: Path) -> None:
    quick_store(tmp_path / "toko", "x")
    for patterns in PATTERNS:
        wanted = [pattern.replace("TOP", str(tree)) for pattern in patterns]
        restic(tmp_path, "backup", str(tree), *(f"--exclude={pattern}" for pattern in wanted))
        stored = {json.loads(line).get("path", "") for line in restic(tmp_path, "ls", "--json", "latest").splitlines()}
        theirs = {path for path in stored if path.startswith(f"{tree}/")}
        found = from_disk([Root(str(tree), "")], Exclusion(wanted)).items
        ours = {f"{tree}/{item['name']}" for item in found if item["name"] != "."}
        assert ours == theirs, patterns


@pytest.mark.parametrize("pattern", ["b/[x", "b/[]x]", "b/[-]", "b/[z-a]", "x\\", "!keep", "**", "/"])
def test_a_pattern_nobody_can_use_is_refused_by_its_text(pattern: str) -> None:
    with pytest.raises(Problem) as caught:
        Exclusion([pattern])
    assert caught.value.refused
    assert repr(pattern) in caught.value.message


def test_no_pattern_leaves_nothing_out() -> None:
    assert "/any/path" not in Exclusion([])
