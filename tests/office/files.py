"""The website's tree of files: some thousands, with all in names, links and rights that breaks backups."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.office.process import IS_ROOT, find_program
from tests.office.seeded import Seed, sentence

_WEB_USER = 33  # Debian's www-data has had this number in every release
_SPARSE_SIZE = 16 * 1024 * 1024
_ODD_NAMES: tuple[bytes, ...] = (
    b"nama dengan spasi.txt",
    b" spasi di depan dan belakang ",
    b"-rf",
    b"--exclude=x",
    b"petik'tunggal\".txt",
    b"baris\nbaru.txt",
    b"tab\tdan \\ garis miring terbalik",
    b"bukan-utf8-\xff\xfe\xe9.txt",
    "ünïcödé-データ-😀-بيانات.txt".encode(),
    b"e\xcc\x81-terurai-dan-\xc3\xa9-tergabung",
    b"*?[a-z]{x,y}$(touch pwned)`id`;&|<>",
    b"%41%00%n%s",
    b"\x01\x1b[31mmerah\x1b[0m",
    b".tersembunyi",
    b"#cadangan~",
    b"!penting",
    b"n" * 255,
)


class Files:
    """The tree under ``<folder>/website``; times are fixed, so that the same seed makes the same tree."""

    def __init__(self, folder: Path, seed: Seed) -> None:
        self.folder = folder
        self.path = folder / "website"
        self._seed = seed

    @property
    def source(self) -> dict[str, Any]:
        """What an asset's ``source`` says."""
        return {"paths": [str(self.path)], "exclude": [str(self.path / "cache" / "*")]}

    def start(self) -> None:
        """Make the tree if it is not there."""
        if not self._seed.is_in(self.folder):
            self.reseed()

    def stop(self) -> None:
        """Nothing runs; here so that all parts look alike."""

    def reseed(self) -> None:
        """Make the tree anew."""
        self._seed.forget(self.folder)
        if self.path.exists():
            shutil.rmtree(self.path)
        self.path.mkdir(parents=True)
        rng = self._seed.random("website-berkas")
        self._pages(rng)
        self._uploads(rng)
        _odd_names(self.path / "unggahan" / "aneh")
        _links(self.path)
        _rights(self.path)
        _settle(self.path, rng)
        self._seed.mark(self.folder)

    def create(self, folder: Path, megabytes: int, files: int = 100) -> Path:
        """Make another tree of about so many incompressible megabytes in so many files; same seed, same bytes."""
        rng = self._seed.random(f"isian/{megabytes}/{files}")
        size = megabytes * 1024 * 1024 // files
        for number in range(files):
            path = folder / f"{number % 50:02d}" / f"isian-{number:06d}.bin"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                for begin in range(0, size, 1024 * 1024):
                    file.write(rng.randbytes(min(1024 * 1024, size - begin)))
        return folder

    def damage(self) -> str:
        """Delete a folder, change files, add one: what an intruder leaves; return what is gone."""
        shutil.rmtree(self.path / "unggahan" / "2022")
        for page in sorted((self.path / "halaman").glob("*/*1.html")):
            page.write_text("<h1>DIRETAS</h1>", encoding="utf-8")
        (self.path / "konfigurasi" / "basisdata.php").chmod(0o777)
        (self.path / "shell.php").write_text("<?php system($_GET['x']);", encoding="ascii")
        return "unggahan/2022 is deleted, every tenth page is DIRETAS, basisdata.php is open to all, shell.php is new."

    def _pages(self, rng: random.Random) -> None:
        for number in range(self._seed.count(2_400)):
            page = self.path / "halaman" / f"{number % 40:02d}" / f"artikel-{number:05d}.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(
                f"<h1>{sentence(rng, 5)}</h1>\n"
                + f"<p>{sentence(rng, rng.randint(20, 120))}</p>\n" * rng.randint(1, 6),
                encoding="utf-8",
            )
        settings = self.path / "konfigurasi" / "basisdata.php"
        settings.parent.mkdir()
        settings.write_text("<?php $sandi = 'rahasia-jangan-dicetak';\n", encoding="utf-8")
        (self.path / "cache").mkdir()
        (self.path / "cache" / "sementara.bin").write_bytes(rng.randbytes(300_000))

    def _uploads(self, rng: random.Random) -> None:
        for number in range(self._seed.count(560)):
            photo = (
                self.path / "unggahan" / f"{2020 + number % 4}" / f"{number % 12 + 1:02d}" / f"foto-{number:04d}.jpg"
            )
            photo.parent.mkdir(parents=True, exist_ok=True)
            photo.write_bytes(b"\xff\xd8\xff\xe0" + rng.randbytes(rng.randrange(1_000, 120_000)))
        (self.path / "unggahan" / "kosong.txt").touch()
        with (self.path / "unggahan" / "mesin-virtual.img").open("wb") as image:
            image.write(b"awal")
            image.truncate(_SPARSE_SIZE)
            image.seek(_SPARSE_SIZE // 2)
            image.write(rng.randbytes(5_000))
        deep = self.path.joinpath("unggahan", *["dalam"] * 30)
        deep.mkdir(parents=True)
        (deep / "sekali.txt").write_text("tiga puluh tingkat\n", encoding="ascii")
        (self.path / "unggahan" / "folder kosong" / "lagi").mkdir(parents=True)


def _odd_names(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number, name in enumerate(_ODD_NAMES):
        (folder / os.fsdecode(name)).write_bytes(b"isi %d\n" % number)
    inside = folder / os.fsdecode(b"folder \xff\n aneh")
    inside.mkdir()
    (inside / os.fsdecode(b"taut \xe9")).symlink_to("../-rf")


def _links(top: Path) -> None:
    """Symlinks (relative, absolute, dangling, to a folder, in a circle) and hard links, one pair across folders."""
    links = top / "tautan"
    links.mkdir()
    for name, target in {
        "relatif": "../halaman/00/artikel-00000.html",
        "mutlak": str(top / "konfigurasi" / "basisdata.php"),
        "putus": "tidak/ada/di mana pun",
        "folder": "../halaman",
        "lingkaran": "lingkaran",
        "etc": "/etc/hostname",
    }.items():
        (links / name).symlink_to(target)
    os.link(top / "halaman" / "00" / "artikel-00000.html", links / "keras-1")
    os.link(links / "keras-1", links / "keras-2")


def _rights(top: Path) -> None:
    """Modes, owners (as root), and extended attributes and an ACL where the file system takes them."""
    shared = top / "unggahan" / "bersama"
    shared.mkdir()
    for name, mode in {"rahasia": 0o600, "tertutup": 0o000, "jalan": 0o755, "suid": 0o4755, "baca": 0o444}.items():
        (shared / name).write_text(name + "\n", encoding="ascii")
        (shared / name).chmod(mode if IS_ROOT or mode else 0o400)
    shared.chmod(0o2775)
    (top / "unggahan").chmod(0o1777)
    (top / "konfigurasi" / "basisdata.php").chmod(0o600)
    attributes = shared / "baca"
    with contextlib.suppress(OSError):
        attributes.chmod(0o644)
        os.setxattr(attributes, "user.sopwrap.uji", b"nilai \x00\xff")
    setfacl = find_program("setfacl")
    if setfacl:
        subprocess.run([setfacl, "-m", "u:1:r--,d:g:2:rwx", str(shared)], capture_output=True, check=False)
    if IS_ROOT:
        for path in (top / "unggahan").rglob("*"):
            os.chown(path, _WEB_USER, _WEB_USER, follow_symlinks=False)
        (shared / "suid").chmod(0o4755)


def _settle(top: Path, rng: random.Random) -> None:
    """Give everything a fixed time (some before 1970, some after 2038), the deepest first: folders keep theirs."""
    for path in sorted(top.rglob("*"), reverse=True):
        moment = rng.choice((-86_400, 0, 4_102_444_800, *[rng.randrange(1_500_000_000, 1_700_000_000)] * 60))
        nanoseconds = moment * 1_000_000_000 + rng.randrange(1_000_000_000)
        os.utime(path, ns=(nanoseconds, nanoseconds), follow_symlinks=False)
    os.utime(top, ns=(1_650_000_000_123_456_789,) * 2)
