"""What the contract tests read: the tree as git knows it, roles and playbooks as data."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = ROOT / "collections" / "ansible_collections" / "sopwrap" / "backup"
ROLES = sorted(path for path in (COLLECTION / "roles").iterdir() if path.is_dir())
RECIPES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
VERBS = ("backup", "verify", "restore")
STORE = "store"  # the one role that is no kind of asset


def tracked(suffix: str = "") -> list[Path]:
    """The files of the project (git's list: tracked or new, not ignored), by the end of their name."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(ROOT / name for name in set(names) if name.endswith(suffix) and (ROOT / name).is_file())


def python_sources() -> list[Path]:
    """Every Python file that is shipped: the wrapper and the collection's plugins."""
    shipped = (ROOT / "sopwrap", COLLECTION / "plugins")
    return [path for path in tracked(".py") if any(path.is_relative_to(top) for top in shipped)]


def imports(path: Path) -> set[str]:
    """The dotted names a Python file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def read(path: Path) -> Any:
    """A YAML file as data (None when empty)."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def tasks(path: Path) -> Iterator[dict[str, Any]]:
    """Every task of a task file or playbook, blocks walked."""

    def walk(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for item in items or []:
            nested = [key for key in ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks") if key in item]
            if not nested:
                yield item
            for key in nested:
                yield from walk(item[key])

    yield from walk(read(path) or [])


def named(paths: list[Path]) -> list[str]:
    """Short names for parametrised tests."""
    return [str(path.relative_to(ROOT)) if path.suffix else path.name for path in paths]
