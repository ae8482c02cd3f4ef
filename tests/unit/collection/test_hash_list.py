"""Lists of hashes: from a disk and from an archive the same, and nothing is passed over in silence."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import hash_list
from ansible_collections.sopwrap.backup.plugins.module_utils.exclusion import Exclusion
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root, from_archive, from_disk
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

NOTHING = Exclusion([])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    top = tmp_path / "pohon"
    (top / "dalam" / "kosong").mkdir(parents=True)
    for name in (b"bukan \xff utf8", b"baris\nbaru", b"--rf", b"dalam/besar"):
        (top / os.fsdecode(name)).write_bytes(name * 100)
    (top / "dalam" / "besar").write_bytes(os.urandom(3_000_000))
    (top / "putus").symlink_to("tidak ada")
    (top / "lingkaran").symlink_to(".")
    return top


def archive(top: Path) -> io.BytesIO:
    """What `restic dump --archive tar` gives: absolute names without the first slash, in PAX format."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, errors="surrogateescape") as tar:
        tar.add(top, recursive=True)
    buffer.seek(0)
    return buffer


def test_disk_and_archive_give_the_same_list(tree: Path) -> None:
    roots = [Root(str(tree), "")]
    assert from_archive(archive(tree), roots).content() == from_disk(roots, NOTHING).content()


def test_the_heads_of_an_archives_files_do_not_stay_in_memory(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[int] = []
    archived = hash_list._archived
    monkeypatch.setattr(
        hash_list, "_archived", lambda tar, *more: (known.append(len(tar.members)), archived(tar, *more))[1]
    )
    from_archive(archive(tree), [Root(str(tree), "")])
    assert len(known) > 6 and max(known) <= 1


def test_the_list_counts_everything_but_folders(tree: Path) -> None:
    found = from_disk([Root(str(tree), "")], NOTHING)
    assert found.content().count == 6
    assert {item["name"] for item in found.items} >= {".", "dalam/kosong", "bukan \udcff utf8", "baris\nbaru", "putus"}


def test_names_are_relative_to_what_the_root_is_called(tree: Path) -> None:
    found = from_disk([Root(str(tree / "dalam"), "etc")], NOTHING)
    assert {item["name"] for item in found.items} == {"etc", "etc/kosong", "etc/besar"}


@pytest.mark.parametrize("change", ["content", "mode", "link", "gone", "new"])
def test_every_change_changes_the_digest(tree: Path, change: str) -> None:
    before = from_disk([Root(str(tree), "")], NOTHING).content()
    if change == "content":
        (tree / "--rf").write_bytes(b"--rg" * 100)
    elif change == "mode":
        (tree / "--rf").chmod(0o600)
    elif change == "link":
        (tree / "putus").unlink()
        (tree / "putus").symlink_to("tidak adb")
    elif change == "gone":
        (tree / "dalam" / "kosong").rmdir()
    else:
        (tree / "baru").touch()
    assert before.difference(from_disk([Root(str(tree), "")], NOTHING).content())


def test_the_size_is_that_of_the_files_that_are_not_left_out(tree: Path) -> None:
    whole = hash_list.size([Root(str(tree), "")], NOTHING)
    assert whole == 3_000_000 + 100 * sum(map(len, (b"bukan \xff utf8", b"baris\nbaru", b"--rf")))
    assert hash_list.size([Root(str(tree), "")], Exclusion(["besar"])) == whole - 3_000_000


def test_another_time_is_no_change(tree: Path) -> None:
    before = from_disk([Root(str(tree), "")], NOTHING).content()
    os.utime(tree / "--rf", (1, 1))
    assert before.difference(from_disk([Root(str(tree), "")], NOTHING).content()) is None


def test_pipes_and_sockets_are_counted_and_never_opened(tree: Path) -> None:
    os.mkfifo(tree / "pipa")
    found = from_disk([Root(str(tree), "")], NOTHING)
    assert found.skipped == {"pipe": 1}
    assert "pipa" not in {item["name"] for item in found.items}


def test_names_come_in_the_order_restic_reads_them(tmp_path: Path) -> None:
    for name in ("b/z", "b/a/x", "a", "c/y", "b.txt"):
        (tmp_path / "top" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "top" / name).touch()
    found = from_disk([Root(str(tmp_path / "top"), "")], NOTHING)
    assert [item["name"] for item in found.items] == [".", "a", "b", "b/a", "b/a/x", "b/z", "b.txt", "c", "c/y"]


def test_what_is_excluded_is_not_entered(tree: Path) -> None:
    found = from_disk([Root(str(tree), "")], Exclusion(["dalam"]))
    assert not [item for item in found.items if item["name"].startswith("dalam")]


def test_a_file_that_vanishes_while_it_is_listed_is_no_error(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = hash_list._hash

    def gone(path: bytes) -> tuple[int, str]:
        if path.endswith(b"--rf"):
            raise FileNotFoundError(2, "No such file or directory")
        return real(path)

    monkeypatch.setattr(hash_list, "_hash", gone)
    assert "--rf" not in {item["name"] for item in from_disk([Root(str(tree), "")], NOTHING).items}


def test_a_file_that_cannot_be_read_is_named_in_printable_letters(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: bytes) -> tuple[int, str]:
        if b"\n" in path:
            raise OSError(5, "Input/output error")
        return 0, ""

    monkeypatch.setattr(hash_list, "_hash", broken)
    with pytest.raises(Problem) as caught:
        from_disk([Root(str(tree), "")], NOTHING)
    assert "baris\\nbaru cannot be read: Input/output error" in caught.value.message


def test_a_link_restic_would_store_otherwise_is_a_problem(tree: Path) -> None:
    (tree / "taut\n").symlink_to(os.fsdecode(b"ke \xff"))
    with pytest.raises(Problem, match=r"taut\\n leads to a name that is no UTF-8"):
        from_disk([Root(str(tree), "")], NOTHING)


def test_an_archive_that_breaks_off_is_a_problem(tree: Path) -> None:
    data = archive(tree).getvalue()
    with pytest.raises(Problem):
        from_archive(io.BytesIO(data[: len(data) // 2]), [Root(str(tree), "")])
