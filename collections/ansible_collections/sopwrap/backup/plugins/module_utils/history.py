# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The history of texts that people may look at: a git repository with one file for each asset, its secrets masked.

A commit is made only when something has changed that a person changed, in the name of the case it was found in. The
trailer `Point:` names the recovery point that holds the full text.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import last_line

FACTS = "facts"
_SETTINGS = ("user.name=sopwrap", "user.email=sopwrap@localhost", "commit.gpgsign=false", "core.hooksPath=/dev/null")


@dataclass(frozen=True)
class Kept:
    """What is kept of one asset: its masked text, facts that stand apart from it, and the point with the full text."""

    text: str
    point: str
    facts: dict[str, str] = field(default_factory=dict)


class History:
    """The repository in the folder `folder`, which is made with the first commit and is its owner's alone."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.realpath(folder)

    def facts(self, asset: str) -> dict[str, str]:
        """Return the facts that were kept last; none for an asset that is new."""
        try:
            with open(os.path.join(self.folder, FACTS, f"{asset}.json"), encoding="utf-8") as stream:
                known = json.load(stream)
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def keep(self, found: dict[str, Kept], case: dict[str, Any]) -> list[str]:
        """Commit what has changed, all of it at once; return the assets that have."""
        with self._alone():
            changed = [asset for asset, kept in found.items() if self._write(asset, kept)]
            if changed:
                self._git("add", "--all", "--", ".")
                self._git("commit", "--quiet", "--file=-", f"--author={_author(case)}", given=_message(found, changed))
        return changed

    def _write(self, asset: str, kept: Kept) -> bool:
        facts = json.dumps(kept.facts, indent=1, sort_keys=True) + "\n"
        texts = {f"{asset}.txt": kept.text, os.path.join(FACTS, f"{asset}.json"): facts}
        changed = False
        for name, text in texts.items():
            path, data = os.path.join(self.folder, name), text.encode("utf-8", "surrogateescape")
            if not os.path.exists(path) or _read(path) != data:
                changed = True
                with open(path, "wb") as stream:
                    stream.write(data)
        return changed

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Make the repository where there is none, and keep a second run of this office away."""
        try:
            os.makedirs(os.path.join(self.folder, FACTS), mode=0o700, exist_ok=True)
            os.chmod(self.folder, 0o700)
            if not os.path.isdir(os.path.join(self.folder, ".git")):
                self._git("init", "--quiet", "--initial-branch=main")
            with open(os.path.join(self.folder, ".git", "sopwrap.lock"), "w", encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise Problem(
                f"The history in {self.folder} cannot be written: {error.strerror}.", "Look there."
            ) from error

    def _git(self, *words: str, given: str = "") -> None:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        ended = subprocess.run(
            ["git", "-C", self.folder, *settings, *words],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env={**clean, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"},
        )
        if ended.returncode:
            raise Problem(f"git could not {words[0]} in {self.folder}: {last_line(ended.stderr)}.", "Look there.")


def _author(case: dict[str, Any]) -> str:
    """The case stands for the people who answer for it; without one somebody ran a playbook by hand."""
    return f"{case.get('case') or 'no case'} <{case.get('step') or 'by-hand'}@sopwrap>"


def _message(found: dict[str, Kept], changed: list[str]) -> str:
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    trailers = "".join(f"Point: {found[asset].point}\n" for asset in changed)
    return f"Change {changed[0]}{more}\n\n{trailers}"


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()
