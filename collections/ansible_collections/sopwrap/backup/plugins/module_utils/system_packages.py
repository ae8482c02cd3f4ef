# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages in the versions a point names: taken from the archives this host knows, beforehand, for there and back.

apt(8) does it. What its own rehearsal would change beside the chosen packages is refused, so that the way back is the
same packages with their former versions and nothing else.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
from collections.abc import Mapping

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import ended_by, last_line, run

Versions = Mapping[str, "str | None"]
"""Package → version; None where it is not installed."""

_QUIETLY = {"DEBIAN_FRONTEND": "noninteractive", "APT_LISTCHANGES_FRONTEND": "none"}
_DPKG = ["--force-confdef", "--force-confold"]
_KEEPING = [f"--option=Dpkg::Options::={word}" for word in _DPKG]
_CHANGING = ["--yes", "--allow-downgrades", "--no-install-recommends", "--option=DPkg::Lock::Timeout=120", *_KEEPING]
_ABSENT = ("not-installed", "config-files")
_STEP = re.compile(r"^(?:Inst|Remv) (\S+)", re.MULTILINE)


def installed(names: list[str]) -> dict[str, str | None]:
    """The versions of these packages on this host; of one that dpkg was interrupted with, that and no version."""
    found: dict[str, str | None] = dict.fromkeys(names)
    form = "--showformat=${binary:Package}\\t${Version}\\t${db:Status-Status}\\n"
    for row in _said(["dpkg-query", "--show", form]).splitlines():
        name, version, status = row.split("\t")
        if name in found and status not in _ABSENT:
            found[name] = version if status == "installed" else f"{version} ({status})"
    return found


def require_available(now: Versions, then: Versions) -> None:
    """Refuse versions that cannot be had (those there are now are needed for the way back), and side effects."""
    if not shutil.which("apt-get"):
        raise Problem("Packages are put back by apt, which this host does not have.", "Install them by hand.", True)
    for name, version in now.items():
        if version is not None and version.endswith(")"):
            raise Problem(
                f"dpkg was interrupted with the package {name}, which is there as {version}.",
                f"End that first: dpkg --configure --pending, or apt-get install --reinstall {_plain(name)}.",
                refused=True,
            )
    changing = [name for name in then if then[name] != now[name]]
    if not changing:
        return
    archive = _archived(changing)
    for name in changing:
        for version, reason in ((then[name], ""), (now[name], ", which is needed for the way back")):
            if version is not None and version not in archive.get(_plain(name), set()):
                has = ", ".join(sorted(archive.get(_plain(name), set()))) or "none"
                raise Problem(
                    f"The archives of this host do not have {name} {version}{reason}; they have {has}.",
                    f"Add an archive that has it, or leave package:{name} out of the pieces.",
                    refused=True,
                )
    wanted = [f"{name}={then[name]}" for name in changing]
    rehearsed = _said(["apt-get", "--simulate", *_CHANGING, "install", *wanted])
    others = sorted({_plain(name) for name in _STEP.findall(rehearsed)} - {_plain(name) for name in changing})
    if others:
        raise Problem(
            f"apt would change {', '.join(others[:5])}{' and more' if others[5:] else ''} as well.",
            "Name these packages among the pieces, too, or leave out those that need them.",
            refused=True,
        )


def fetch(now: Versions, then: Versions, folder: str) -> None:
    """Have the packages of both states that differ in a folder of ours, so that neither needs an archive later."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    wanted = [f"{name}={one[name]}" for name in then for one in (now, then) if now[name] != then[name] and one[name]]
    if wanted:
        _said(["apt-get", "download", *wanted], cwd=folder)


def write(versions: Versions, folder: str) -> None:
    """Have exactly these versions of these packages, from the folder; what an interrupted dpkg left is ended first."""
    if not versions:
        return
    there = {}
    for path in glob.glob(f"{glob.escape(folder)}/*.deb"):
        name, version = _said(["dpkg-deb", "--show", "--showformat=${Package}\\t${Version}", path]).split("\t")
        there[name, version] = path
    _make_whole(versions, there)
    now = installed(list(versions))
    words = []
    for name, version in versions.items():
        if version is None and now[name] is not None:
            words.append(f"{name}-")
        elif version is not None and version != now[name]:
            words.append(there[_plain(name), version])
    if words:
        _said(["apt-get", *_CHANGING, "install", *words])
    _require(versions)


def _make_whole(versions: Versions, there: dict[tuple[str, str], str]) -> None:
    """End what dpkg was interrupted with; a package that was half unpacked can go neither way before it is whole."""
    _said(["dpkg", *_DPKG, "--configure", "--pending"])
    for name, now in installed(list(versions)).items():
        if now is not None and now.endswith(" (half-installed)"):
            known = {version: path for (one, version), path in there.items() if one == _plain(name)}
            path = known.get(versions[name] or "") or next(iter(known.values()), None)
            if path is not None:
                _said(["dpkg", *_DPKG, "--install", path])


def _require(versions: Versions) -> None:
    """Refuse to call it done while a package is otherwise."""
    for name, now in installed(list(versions)).items():
        if now != versions[name]:
            is_now = "not there" if now is None else f"there as {now}"
            raise Problem(f"The package {name} is {is_now}, not {versions[name] or 'removed'}.", "Run dpkg --audit.")


def _archived(names: list[str]) -> dict[str, set[str]]:
    """The versions the archives of this host have, by the lists it has of them."""
    found: dict[str, set[str]] = {}
    for row in _said(["apt-cache", "madison", *sorted({_plain(name) for name in names})]).splitlines():
        name, version, _where = (word.strip() for word in row.split("|", 2))
        found.setdefault(name, set()).add(version)
    return found


def _plain(name: str) -> str:
    """A package's name without its architecture."""
    return name.partition(":")[0]


def _said(argv: list[str], cwd: str = "/") -> str:
    def explain(status: int, complaints: str) -> Problem:
        reason = last_line(complaints) if complaints else ended_by(status)
        return Problem(f"{argv[0]} could not do it: {reason}.", "Try the same by hand with apt-get.")

    return run(argv, explain, env=_QUIETLY, cwd=cwd).decode(errors="replace")
