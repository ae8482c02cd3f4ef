"""restic, the real one: what it stores comes back, and what goes wrong is one sentence."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import process
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Full, Locked, Missing

from tests.unit.collection.toy import PASSWORD, Shelf


@pytest.fixture
def restic(shelf: Shelf, tmp_path: Path) -> Iterator[Restic]:
    config = shelf.config(tmp_path, "internal")
    with contextlib.closing(Restic("internal", config["repository"], PASSWORD, config["cache"])) as one:
        yield one


@pytest.mark.parametrize(
    "way", ["rest:http://127.0.0.1:{}/x/", "s3:http://127.0.0.1:{}/ember/x", "sftp://a@127.0.0.1:{}//x"]
)
def test_a_server_that_takes_the_call_and_never_answers_is_given_up_within_its_timeout(
    way: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address, access = way.format(server.getsockname()[1]), {"timeout": 1, "key_id": "a", "secret": "b"}
        with contextlib.closing(Restic("jauh", address, PASSWORD, str(tmp_path), access)) as far:
            began = time.monotonic()
            for _ in range(2):
                with pytest.raises(Problem, match="The server of the store jauh takes the call and does not answer"):
                    far.snapshots("sopwrap")
            assert time.monotonic() - began < 15


def stream(data: bytes) -> contextlib.AbstractContextManager[Any]:
    return contextlib.nullcontext(io.BytesIO(data))


def test_a_stream_comes_back_with_size_and_digest(restic: Restic) -> None:
    stored = restic.store("/a/teks", ["sopwrap", "point:p"], "srv", stream(b"isi"))
    assert (stored.size, stored.sha256 is not None, stored.added > 0) == (3, True, True)
    (snapshot,) = restic.snapshots("sopwrap", "point:p")
    assert (snapshot["hostname"], snapshot["paths"]) == ("srv", ["/a/teks"])
    assert snapshot["id"].startswith(stored.snapshot)
    with restic.dump(stored.snapshot, "/a/teks") as back:
        assert back.read() == b"isi"
    assert restic.snapshots("sopwrap", "point:other") == []


def test_a_source_that_fails_at_its_end_leaves_no_snapshot(restic: Restic) -> None:
    @contextlib.contextmanager
    def broken() -> Iterator[Any]:
        yield io.BytesIO(b"half of it")
        raise Problem("It broke.")

    with pytest.raises(Problem, match="It broke"):
        restic.store("/a", ["sopwrap"], "srv", broken())
    assert restic.snapshots("sopwrap") == []


def test_of_a_stream_whose_writer_is_killed_nothing_is_left(restic: Restic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by a restic that outlives the one who started it."""
    monkeypatch.setattr(process, "_die_with_parent", lambda: None)
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            restic.store("/a", ["sopwrap"], "srv", _killed_half_way())
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    while _runs(restic.repository):
        time.sleep(0.02)
    assert restic.snapshots("sopwrap") == []


def _runs(word: str) -> bool:
    """Whether a program that has this in its command line is still at work."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if word.encode() in path.read_bytes():
                return True
    return False


@contextlib.contextmanager
def _killed_half_way() -> Iterator[Any]:
    class Deadly(io.RawIOBase):
        def readinto(self, buffer: Any) -> int:
            if self.seen:
                os.kill(os.getpid(), signal.SIGKILL)
            self.seen = True
            return len(buffer)

        seen = False

    yield Deadly()


def test_a_tree_with_something_unreadable_leaves_no_snapshot(restic: Restic, tmp_path: Path) -> None:
    (tmp_path / "ada").write_text("x")
    with pytest.raises(Problem):
        restic.store_tree([str(tmp_path / "ada"), str(tmp_path / "hilang")], [], ["sopwrap"], "srv")
    assert restic.snapshots("sopwrap") == []


def test_a_tree_comes_back_without_what_is_excluded(restic: Restic, tmp_path: Path) -> None:
    top = tmp_path / "pohon"
    top.mkdir()
    (top / "ada").write_text("x")
    (top / "cache").write_text("y")
    stored = restic.store_tree([str(top)], ["cache"], ["sopwrap"], "srv")
    restic.restore(stored.snapshot, str(tmp_path / "uji"))
    assert [path.name for path in (tmp_path / "uji" / top.relative_to("/")).iterdir()] == ["ada"]


def test_a_copy_lies_in_both_repositories_with_equal_trees(restic: Restic, shelf: Shelf, tmp_path: Path) -> None:
    other = Restic("external", shelf.config(tmp_path, "external")["repository"], PASSWORD)
    stored = restic.store("/a", ["sopwrap"], "srv", stream(b"isi"))
    other.copy_from(restic, [stored.snapshot])
    (here,), (there,) = restic.snapshots("sopwrap"), other.snapshots("sopwrap")
    assert here["tree"] == there["tree"]
    assert here["tags"] == there["tags"]
    other.check()


def test_the_identity_is_the_same_from_the_cache_and_from_restic(restic: Restic, shelf: Shelf, tmp_path: Path) -> None:
    asked = restic.identity([])
    stored = restic.store("/a", ["sopwrap"], "srv", stream(b"isi"))
    listed = restic.snapshots("sopwrap")
    assert len(asked) == 64
    with contextlib.closing(
        Restic("x", restic.repository, "salah", shelf.config(tmp_path, "internal")["cache"])
    ) as one:
        assert one.identity(listed) == one.identity([{"id": stored.snapshot}]) == asked


def test_a_wrong_password_a_missing_repository_and_a_secret_address_are_told_in_words(
    restic: Restic, tmp_path: Path
) -> None:
    with pytest.raises(Problem, match="password given for the store x does not open it"):
        Restic("x", restic.repository, "salah").snapshots("sopwrap")
    with pytest.raises(Missing, match="no repository of the store x"):
        Restic("x", str(tmp_path / "nowhere"), PASSWORD).snapshots("sopwrap")
    told = Restic("x", "rest:http://budi:rahasia@host/", PASSWORD)._explain("do it")(1, "Fatal: no")
    assert "rahasia" not in f"{told.message} {told.hint}"


@pytest.mark.parametrize(
    ("status", "complaint", "kind", "words"),
    [
        (1, "Fatal: unable to save snapshot: write x: no space left on device", Full, "is full"),
        (1, "unable to create lock: repository is already locked exclusively by PID 7", Locked, "in use by another"),
        (1, "open x: read-only file system", Problem, "read-only"),
        (1, "open x: permission denied", Problem, "permission denied"),
        (-9, "", Problem, "SIGKILL"),
        (1, "Fatal: something new\n", Problem, "something new"),
    ],
)
def test_what_restic_complains_about_becomes_a_sentence_with_a_hint(
    status: int, complaint: str, kind: type[Problem], words: str
) -> None:
    told = Restic("internal", "/srv/x", PASSWORD)._explain("store it")(status, complaint)
    assert type(told) is kind and words in told.message and told.hint


def test_a_call_that_finds_a_lock_removes_stale_ones_and_tries_once_more(restic: Restic) -> None:
    calls: list[str] = []

    def work() -> None:
        calls.append("work")
        if len(calls) == 1:
            raise Locked("locked")

    restic.unlock = lambda: calls.append("unlock")  # type: ignore[method-assign]
    restic._retried(work)
    assert calls == ["work", "unlock", "work"]


def test_only_local_repositories_have_a_folder() -> None:
    assert Restic("x", "/srv/x", PASSWORD).folder == "/srv/x"
    assert Restic("x", "local:/srv/x", PASSWORD).folder == "/srv/x"
    assert Restic("x", "sftp:host:/srv/x", PASSWORD).folder is None
