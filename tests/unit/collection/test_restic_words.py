"""When restic tries in vain; what it said when it did is told in its own test of the real one."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.oversight import NO_ANSWER
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import (
    Damaged,
    Full,
    Locked,
    explain,
    hopeless,
)

SFTP = 'Save(<data/f2827ad667>) returned error, retrying after {}: Write: sftp: "Failure" (SSH_FX_FAILURE)'
GONE = "Load(<lock/ab12>, 0, 0) returned error, retrying after 552ms: open x/locks/ab12: no such file or directory"
CUT = "Save(<data/1>) returned error, retrying after {}: dial tcp: connect: connection refused"


@pytest.mark.parametrize(
    ("complaints", "vain"),
    [
        ("", False),
        ("Save(<data/1>) returned error, retrying after 552.330144ms: write x: no space left on device", True),
        ("Save(<data/1>) returned error, retrying after 1.1s: sync x: input/output error", True),
        ("List(data) returned error, retrying after 552ms: unexpected HTTP response (403): 403 Forbidden", True),
        (GONE, True),
        (GONE.replace("lock/", "data/"), False),
        (CUT.format("552.330144ms"), False),
        (CUT.format("12.9s"), False),
        (CUT.format("15.01s"), True),
        (CUT.format("1m2.5s"), True),
        ("\n".join([SFTP.format("552ms")] * 4), False),
        ("\n".join([SFTP.format("552ms")] * 5), True),
        ("\n".join(SFTP.format("552ms").replace("f2", f"{number:02}") for number in range(9)), False),
        ("a program said no space left on device by itself", False),
    ],
)
def test_what_time_does_not_mend_is_not_tried_for_ever(complaints: str, vain: bool) -> None:
    assert hopeless(complaints) is vain


@pytest.mark.parametrize(
    ("complaint", "kind", "words"),
    [
        (SFTP.format("5s"), Full, "takes no more data"),
        (f"signal interrupt received, cleaning up\n{NO_ANSWER}", None, "takes the call and does not answer"),
        (f"{GONE}\n\x1b[2Ksignal interrupt received, cleaning up", Locked, "left the store"),
        ("Fatal: repository contains errors", Damaged, "is damaged"),
        ("Load(<data/1>) returned error: sync: input/output error", None, "was pulled out"),
        ("Host key verification failed.", None, "is not the one whose key is known"),
        ('Get "https://x/": x509: certificate signed by unknown authority', None, "certificate"),
        ("budi@x: Permission denied (publickey).", None, "does not let us in"),
        ("unexpected HTTP response (403): 403 Forbidden", None, "added to, not removed"),
        ("dial tcp 127.0.0.1:1: connect: connection refused", None, "cannot be reached"),
    ],
)
def test_each_trouble_has_its_own_sentence_with_the_place_and_what_to_do(
    complaint: str, kind: type | None, words: str
) -> None:
    told = explain("store it", "external", "sftp:x:/srv")(1, complaint)
    assert words in told.message and "external" in told.message
    assert told.hint
    assert kind is None or type(told) is kind
