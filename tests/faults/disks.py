"""Small and write-protected disks, mounted for one command only, so that no mount can be left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

needs_mounts = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may mount a small file system in a namespace of its own"
)


def small_disk(place: Path, size: str = "3m", options: str = "rw") -> list[str]:
    """The words before a command that give it a file system of so many bytes at ``place``, gone when it ends.

    What lies at the place is on the small disk, too, and back in the place (where it fits nothing outgrows it) later.
    """
    script = (
        f'set -e; old="{place}"; cp -a "$old" "$old.kept"; mount -t tmpfs -o size={size} tmpfs "$old"; '
        f'cp -a "$old.kept/." "$old"; mount -o remount,{options} "$old"; '
        'code=0; "$@" || code=$?; rm -rf "$old.kept"; cp -a "$old" "$old.kept"; umount "$old"; '
        'rm -rf "$old"; mv "$old.kept" "$old"; exit $code'
    )
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]
