"""A package for this machine has its files compiled in it, and serves any other Python as it did."""

from __future__ import annotations

import base64
import importlib.util
import io
import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from zipimport import zipimporter

import pytest
from ansible_collections.sopwrap.backup.plugins.plugin_utils.bytecode import compiled

SOURCE = b'"""Isi."""\nNILAI = 6 * 7\n'


@dataclass(frozen=True)
class Package:
    """What Ansible keeps of a module, as far as it matters."""

    zip_data: bytes
    metadata: str = "apa pun"


def package(source: bytes = SOURCE) -> bytes:
    """A package of a file in a folder and of something that is no Python."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("isi/__init__.py", source)
        archive.writestr("isi/lain.txt", b"NILAI = 1\n")
    return pickle.dumps(Package(base64.b64encode(data.getvalue())))


def archive_of(kept: bytes, folder: Path) -> zipimporter:
    """The archive of a package, as the module's Python opens it."""
    path = folder / "modul.zip"
    path.write_bytes(base64.b64decode(pickle.loads(kept).zip_data))
    return zipimporter(str(path))


def test_python_takes_what_was_compiled(tmp_path: Path) -> None:
    kept = compiled(package())
    archive = archive_of(kept, tmp_path)
    assert archive.get_filename("isi").endswith(".pyc")
    found: dict[str, object] = {}
    exec(archive.get_code("isi"), found)  # noqa: S102
    assert found["NILAI"] == 42
    assert pickle.loads(kept).metadata == "apa pun"


def test_what_is_said_of_an_error_still_shows_the_source(tmp_path: Path) -> None:
    assert archive_of(compiled(package()), tmp_path).get_source("isi") == SOURCE.decode()


def test_a_python_of_another_version_reads_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "MAGIC_NUMBER", b"XX\r\n")
    archive = archive_of(compiled(package()), tmp_path)
    assert archive.get_filename("isi").endswith(".py")
    code = archive.get_code("isi")
    assert code is not None and "NILAI" in code.co_names


@pytest.mark.parametrize(
    "strange",
    [b"", b"isi", pickle.dumps({"zip_data": 1}), pickle.dumps(Package(b"isi")), package(b"print 'dua'\n")],
    ids=["nothing", "no pickle", "another form", "no archive", "no Python of ours"],
)
def test_a_package_that_is_strange_stays_as_it_is(strange: bytes) -> None:
    assert compiled(strange) == strange
