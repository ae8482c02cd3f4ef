"""What an office may look at of its assets' texts: a git repository with one file for each asset, secrets masked.

The backups write it (the collection's `history.py`); here it is only read, through git. Each commit names the recovery
points with the full texts in trailers `Point:`; a point without a commit of its own has the text of the one before.
"""

from __future__ import annotations

import difflib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sopwrap.errors import SopError, UsageError


@dataclass(frozen=True)
class Version:
    """One version of an asset's text: its commit, the point it was found with, whose case that was, and when (UTC)."""

    commit: str
    point: str
    case: str
    at: str


@dataclass(frozen=True)
class Line:
    """One line of the newest text, and the version that brought it."""

    version: Version
    text: str

    def as_dict(self) -> dict[str, str]:
        """The same as plain JSON types."""
        return {"point": self.version.point, "case": self.version.case, "at": self.version.at, "text": self.text}


class Versions:
    """The history in a folder; an office that has none yet has no versions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def versions(self, asset: str) -> list[Version]:
        """The versions of an asset's text, the newest first."""
        if not (self.folder / ".git").is_dir():
            return []
        form = "%H%x1f%an%x1f%ad%x1f%(trailers:key=Point,valueonly,separator=%x20)"
        told = self._git("log", f"--format={form}", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--", f"{asset}.txt")
        found = []
        for line in told.splitlines():
            commit, case, at, points = line.split("\x1f")
            own = [point for point in points.split() if point.split(".")[0] == asset]
            found.append(Version(commit, own[0] if own else "", case, at))
        return found

    def version_of(self, asset: str, point: str) -> Version:
        """The version a point has: its own, or the last one before it; UsageError when the history begins later."""
        for version in self.versions(asset):
            if version.point == point or _taken(version.point) <= _taken(point):
                return version
        raise UsageError(f"The history knows no text of {point}.", "It begins with a later point, or was not kept.")

    def before(self, asset: str, version: Version) -> Version:
        """The version before another one; UsageError when that is the first."""
        known = self.versions(asset)
        at = known.index(version) + 1
        if at == len(known):
            raise UsageError(
                f"{version.point} is the first version of {asset}.", "There is nothing to compare it with."
            )
        return known[at]

    def text(self, asset: str, version: Version) -> str:
        """The masked text of a version."""
        return self._git("show", f"{version.commit}:{asset}.txt")

    def difference(self, asset: str, old: Version, new: Version) -> list[str]:
        """The lines of a unified difference between two versions; none when they are equal."""
        left, right = self.text(asset, old).splitlines(), self.text(asset, new).splitlines()
        return list(difflib.unified_diff(left, right, old.point, new.point, old.at, new.at, lineterm=""))

    def blame(self, asset: str) -> list[Line]:
        """Every line of the newest text with the version that brought it."""
        known = {version.commit: version for version in self.versions(asset)}
        if not known:
            raise UsageError(f"The history holds no text of {asset}.", "Back it up first; not every kind keeps one.")
        lines, commit = [], ""
        for line in self._git("blame", "--line-porcelain", "--", f"{asset}.txt").splitlines():
            if line.startswith("\t"):
                lines.append(Line(known[commit], line[1:]))
            elif line.split(" ", 1)[0] in known:
                commit = line.split(" ", 1)[0]
        return lines

    def _git(self, *words: str) -> str:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        ours = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        try:
            ended = subprocess.run(
                ["git", "-C", str(self.folder), *words],
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                env=clean | ours,
            )
        except OSError as error:
            raise SopError("git cannot be started.", "Install git.") from error
        if ended.returncode:
            told = ended.stderr.strip().splitlines() or ["it said nothing"]
            raise SopError(f"git could not {words[0]} in {self.folder}: {told[-1]}.", "Look at the folder.")
        return ended.stdout


def _taken(point: str) -> str:
    """The time in a point's id, which sorts."""
    parts = point.split(".")
    return parts[1] if len(parts) == 3 else ""
