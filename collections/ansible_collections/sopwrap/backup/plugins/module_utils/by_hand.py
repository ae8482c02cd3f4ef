# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that goes with exported files: what they are, and how a person restores them without this program.

In Bahasa Indonesia, for whoever holds the disk in ten years. Every line that is indented is a command that can be
typed as it stands, in this order, in the folder the page lies in; `TUJUAN` alone is to be chosen.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

PAGE = "CARA-MEMULIHKAN.md"
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Step:
    """One thing to do: in words, and as commands of a POSIX shell."""

    words: str
    commands: tuple[str, ...]


def chosen(example: str, what: str) -> Step:
    """The step in which the person says where to restore to."""
    return Step(f"Tentukan {what}. Ganti contoh ini bila perlu.", (f"TUJUAN={shlex.quote(example)}",))


def file_of(part: dict[str, Any]) -> str:
    """The file that a part of a manifest is exported to: a tree becomes a tar archive."""
    return f"{part['name']}.tar" if part["form"] == "tree" else str(part["name"])


def as_they_are(parts: list[dict[str, Any]]) -> list[Step]:
    """Unpack what is an archive and copy what is a file: for kinds whose parts need no program of their own.

    Unpacked files come below the target with their former path, owner and permissions.
    """
    trees = [shlex.quote(file_of(part)) for part in parts if part["form"] == "tree"]
    others = [shlex.quote(file_of(part)) for part in parts if part["form"] != "tree"]
    unpack = 'tar --extract --preserve-permissions --numeric-owner --xattrs --acls --file={} --directory="$TUJUAN"'
    steps = [
        chosen("/srv/pulih", "folder tujuan yang baru"),
        Step("Buat folder itu.", ('mkdir -p "$TUJUAN"',)),
    ]
    if trees:
        words = (
            "Buka arsip, sebagai root agar pemilik berkas kembali; jalur semula ada di bawah TUJUAN, waktu dibulatkan."
        )
        steps.append(Step(words, tuple(unpack.format(name) for name in trees)))
    if others:
        steps.append(Step("Salin berkas lainnya.", (f'cp {" ".join(others)} "$TUJUAN"/',)))
    return steps


def page(manifest: dict[str, Any], files: dict[str, tuple[int, str]], steps: list[Step]) -> str:
    """The page; `files` maps each exported file to its bytes and SHA-256."""
    title = manifest.get("title") or manifest["asset"]
    rows = [f"| {name} | {size} | {digest} |" for name, (size, digest) in sorted(files.items())]
    check = Step("Periksa keutuhan berkas; setiap baris harus berbunyi OK.", (f"sha256sum --check {SUMS}",))
    lines = [
        f"# Cara memulihkan {title}",
        "",
        f"- Titik pulih: {manifest['point']}",
        f"- Aset: {manifest['asset']} (jenis {manifest['kind']}), dari {manifest['host']}",
        f"- Diambil: {manifest['created_at'][:19].replace('T', ' ')} UTC",
        f"- Dibuat dengan: {', '.join(f'{name} {version}' for name, version in manifest['tools'].items())}",
        "",
        "Berkas di folder ini dapat dipulihkan tanpa sopwrap dan tanpa restic. **Isinya tidak dienkripsi**: simpan dan",
        "musnahkan sesuai klasifikasi data.",
        "",
        "## Isi",
        "",
        "| berkas | bita | SHA-256 |",
        "|---|---|---|",
        *rows,
        "",
        "## Langkah",
        "",
        "Jalankan perintah berikut di folder ini, satu demi satu; berhentilah bila ada yang gagal.",
    ]
    for number, step in enumerate([check, *steps], 1):
        lines += ["", f"{number}. {step.words}", "", *(f"       {command}" for command in step.commands)]
    return "\n".join(lines) + "\n"
