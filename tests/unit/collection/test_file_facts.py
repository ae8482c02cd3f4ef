"""One line of the hash list: the same from a file and from a tar archive of it."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.file_facts import archived_attributes, attributes_of, line


def test_a_line_tells_type_rights_owner_and_content() -> None:
    assert line("a", "f", 0o104755, (1000, 33), "abc", size=5) == {
        "name": "a",
        "count": 5,
        "digest": "f 4755 1000:33 abc",
    }


def test_attributes_are_part_of_the_line_in_any_order() -> None:
    first = line("a", "d", 0o755, (0, 0), "", attributes={"user.a": b"1", "user.b": b"\xff"})
    second = line("a", "d", 0o755, (0, 0), "", attributes={"user.b": b"\xff", "user.a": b"1"})
    other = line("a", "d", 0o755, (0, 0), "", attributes={"user.a": b"1", "user.b": b"\xfe"})
    assert first == second != other


def test_attributes_in_an_archive_are_named_as_on_disk_but_for_the_label_of_the_place() -> None:
    member = tarfile.TarInfo("a")
    member.pax_headers = {
        "SCHILY.xattr.user.x": "nilai\x00\udcff",
        "SCHILY.xattr.security.selinux": "system_u",
        "SCHILY.acl.access": "user::rw-\n",
        "path": "a",
    }
    assert archived_attributes(member) == {"user.x": b"nilai\x00\xff", "acl.access": b"user::rw-\n"}


@pytest.mark.skipif(not shutil.which("setfacl"), reason="setfacl is not installed")
def test_an_acl_is_told_as_the_text_a_tar_archive_has_for_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch(mode=0o640)
    path.chmod(0o640)
    if subprocess.run(["setfacl", "-m", "u:1:r-x,g:2:rw-", str(path)], check=False, capture_output=True).returncode:
        pytest.skip("this file system has no ACLs")
    text = b"user::rw-\nuser:1:r-x\ngroup::r--\ngroup:2:rw-\nmask::rwx\nother::---\n"
    assert attributes_of(bytes(path)) == {"acl.access": text}


def test_a_file_without_attributes_has_none(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert attributes_of(bytes(tmp_path / "a")) == {}
