"""What Ansible has packed for one run serves the next, for as long as nothing in it has changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.plugin_utils import packed
from ansible_collections.sopwrap.backup.plugins.plugin_utils.packed import Packed

OURS = "ansible_collections.sopwrap.backup.plugins.modules.files-ZIP_DEFLATED-none"


class Runs:
    """Runs of Ansible one after the other, each with a folder of its own, over a collection of two files."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kept = folder / "packed"
        self.source = folder / "plugins" / "module_utils" / "isi.py"
        self._folder, self._monkeypatch, self._count = folder, monkeypatch, 0
        for path in (self.source, folder / "plugins" / "modules" / "files.py"):
            path.parent.mkdir(parents=True)
            path.write_text("ISI = 1\n", encoding="utf-8")
        monkeypatch.setattr(packed, "_PLUGINS", str(folder / "plugins"))

    def next(self) -> tuple[Packed, Path]:
        """The next run, and where its workers look for packages."""
        self._count += 1
        own = self._folder / f"run-{self._count}"
        self._monkeypatch.setattr(packed.constants, "DEFAULT_LOCAL_TMP", str(own))
        return Packed(str(self.kept)), own / "ansiballz_cache"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(tmp_path, monkeypatch)


def packs(run: tuple[Packed, Path], **files: bytes) -> None:
    """Let a run pack these, and end."""
    run[1].mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (run[1] / (OURS if name == "ours" else name)).write_bytes(data)
    run[0].keep()


def finds(run: tuple[Packed, Path]) -> dict[str, bytes]:
    """What a run finds packed when it starts."""
    run[0].lend()
    return {path.name: path.read_bytes() for path in run[1].glob("*")}


def test_the_next_run_finds_what_is_ours_and_nothing_else(runs: Runs) -> None:
    packs(runs.next(), ours=b"isi", **{"ansible.modules.stat-ZIP_DEFLATED-none": b"x", f"{OURS}.lock": b""})
    assert finds(runs.next()) == {OURS: b"isi"}


def test_what_is_for_this_machine_alone_is_compiled_once(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "compiled", lambda data: data + b" dan hasil")
    here = OURS.replace("DEFLATED", "STORED")
    packs(runs.next(), ours=b"isi", **{here: b"isi"})
    again = runs.next()
    assert finds(again) == {OURS: b"isi", here: b"isi dan hasil"}
    packs(again)
    assert finds(runs.next()) == {OURS: b"isi", here: b"isi dan hasil"}


def test_a_changed_file_of_the_collection_is_packed_anew(runs: Runs) -> None:
    packs(runs.next(), ours=b"lama")
    runs.source.write_text("ISI = 22\n", encoding="utf-8")
    assert finds(runs.next()) == {}
    packs(runs.next(), ours=b"baru")
    assert finds(runs.next()) == {OURS: b"baru"}


def test_what_was_packed_of_other_files_goes_after_a_day(runs: Runs) -> None:
    packs(runs.next(), ours=b"lama")
    (old,) = runs.kept.iterdir()
    os.utime(old, (0, time.time() - 2 * 86400))
    runs.source.write_text("ISI = 22\n", encoding="utf-8")
    packs(runs.next(), ours=b"baru")
    assert len(list(runs.kept.iterdir())) == 1 and not old.exists()


def test_a_package_that_lost_its_bytes_is_packed_anew(runs: Runs) -> None:
    packs(runs.next(), ours=b"isi")
    (path,) = runs.kept.glob("*/*")
    path.write_bytes(b"")
    assert finds(runs.next()) == {}
    packs(runs.next(), ours=b"isi")
    assert finds(runs.next()) == {OURS: b"isi"}


def test_nothing_is_taken_from_a_folder_that_others_may_write(runs: Runs) -> None:
    packs(runs.next(), ours=b"isi")
    (folder,) = runs.kept.iterdir()
    folder.chmod(0o770)
    assert finds(runs.next()) == {}


def test_where_nothing_can_be_kept_the_run_goes_on(runs: Runs) -> None:
    runs.kept.write_text("no folder", encoding="utf-8")
    packs(runs.next(), ours=b"isi")
    assert finds(runs.next()) == {}
