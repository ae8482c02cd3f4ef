"""An input is whole only when its writer said so, and not when the writer was killed."""

from __future__ import annotations

import os
import subprocess
import threading

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.declared import Declared


def test_all_that_was_written_comes_and_then_the_end() -> None:
    feed, data = Declared(), os.urandom(3_000_000)
    with subprocess.Popen(["cat"], stdin=feed.reader, stdout=subprocess.PIPE) as reader:
        feed.handed()
        threading.Thread(target=lambda: (feed.write(data), feed.close())).start()
        assert reader.communicate()[0] == data
    assert reader.returncode == 0


@pytest.mark.parametrize("written", [b"", b"half of it"])
def test_the_reader_of_a_writer_that_died_gets_an_error_and_no_end(written: bytes) -> None:
    feed = Declared()
    with subprocess.Popen(["cat"], stdin=feed.reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        feed.handed()
        feed.write(written)
        os.close(feed._ours.detach())  # as the kernel does when a process is killed
        output, complaints = reader.communicate()
    assert output == written
    assert reader.returncode and b"reset" in complaints


def test_a_reader_that_has_gone_is_a_broken_pipe() -> None:
    feed = Declared()
    with subprocess.Popen(["true"], stdin=feed.reader):
        feed.handed()
    with pytest.raises(BrokenPipeError):
        feed.write(b"x")
    feed.close()
