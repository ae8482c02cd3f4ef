"""Small and write-protected disks, mounted for one command only, so that no mount can be left behind."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
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


def disk_image(place: Path, image: Path, label: str) -> list[str]:
    """The words before a command that mount a disk of 48 MB at ``place`` for it alone; what is on it is in ``image``.

    ``label`` is what its label file says at first.
    """
    script = (
        f'set -e; mkdir -p "{place}"; new=; [ -e "{image}" ] || {{ new=1; truncate -s 48M "{image}"; '
        f'mkfs.ext4 -q -F "{image}"; }}; mount -o loop "{image}" "{place}"; '
        f"[ -z \"$new\" ] || printf '%s' '{label}' > \"{place}/.sopwrap-medium.json\"; "
        'exec "$@"'
    )
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]


def fail_disk(pid: int, place: Path) -> None:
    """Let the disk that a process sees at ``place`` answer everything with an input/output error from now on (ext4)."""
    shutdown, without_flush = 0x8004587D, 2
    folder = os.open(f"/proc/{pid}/root{place}", os.O_RDONLY)
    try:
        fcntl.ioctl(folder, shutdown, without_flush.to_bytes(4, sys.byteorder))
    finally:
        os.close(folder)


def unmount(pid: int, place: Path) -> None:
    """Take the disk away that a process sees at ``place``, although it is in use: what opens that path is beside it."""
    words = ["nsenter", f"--mount=/proc/{pid}/ns/mnt", "umount", "--lazy", str(place)]
    subprocess.run(words, check=True)
