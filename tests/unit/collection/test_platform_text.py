"""What a platform's data says of a device's answer; the platform that is shipped, on texts of our own."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform

from tests.contract.house import COLLECTION

FILES = sorted((COLLECTION / "roles" / "network_config" / "files").glob("*.yml"))
FRR = Platform.of(
    yaml.safe_load((COLLECTION / "roles" / "network_config" / "files" / "frr.yml").read_text(encoding="utf-8"))
)
TEXT = """frr version 8.4.4
frr defaults traditional
hostname rtr-uji
password sandi-uji
enable password 8 x.Yz/1
!
key chain kunci
 key 1
  key-string rahasia-rantai
 exit
!
interface ether1
 ip ospf message-digest-key 1 md5 rahasia-ospf
 description the end
exit
!
router bgp 64512
 neighbor 192.0.2.1 password rahasia-bgp
exit
!
end
"""
HEAD = "Building configuration...\n\nCurrent configuration:\n!\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_platform_can_be_read_and_is_called_like_its_file(path: Any) -> None:
    assert Platform.of(yaml.safe_load(path.read_text(encoding="utf-8"))).name == path.stem


@pytest.mark.parametrize(
    "answer", [HEAD + TEXT, "\n\n" + HEAD + TEXT + "\n\n", (HEAD + TEXT).replace("\n", "\r\n"), TEXT]
)
def test_the_text_is_kept_from_its_first_to_its_last_line_exactly(answer: str) -> None:
    assert FRR.whole(answer, "rtr", "rtr-uji") == TEXT


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", "answered with nothing"),
        ("\n \r\n", "answered with nothing"),
        (HEAD + TEXT[: len(TEXT) // 2], "cut off"),
        (HEAD + TEXT.removesuffix("end\n"), "cut off"),
        (HEAD + TEXT + "Connection closed\n", "cut off"),
        ("% Unknown command: show running-config\n", "Unknown command"),
        ("Welcome\nsh: 1: show: not found\n", "not found"),
        (TEXT.replace("hostname rtr-uji", "hostname rtr-lain"), "rtr-lain instead of rtr-uji"),
        (TEXT.replace("hostname rtr-uji\n", ""), "a device without a name instead of rtr-uji"),
    ],
)
def test_what_is_no_whole_configuration_of_this_device_is_no_backup(answer: str, words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        FRR.whole(answer, "rtr", "rtr-uji")
    assert "no backup" in caught.value.message
    assert caught.value.hint


def test_noise_is_kept_in_the_text_and_left_out_of_the_comparison() -> None:
    noisy = TEXT.replace("!\n", "! Last configuration change at 11:54:34 by budi\n!\n", 1)
    assert FRR.whole(noisy, "rtr") == noisy
    assert FRR.content(noisy) == FRR.content(TEXT)
    assert FRR.content(TEXT.replace("64512", "64513")) != FRR.content(TEXT)


def test_the_order_of_lines_matters() -> None:
    assert FRR.content("a\nb\nend\n") != FRR.content("b\na\nend\n")


def test_secrets_are_masked_and_nothing_else() -> None:
    masked = FRR.masked(TEXT)
    for secret in ("sandi-uji", "x.Yz/1", "rahasia-rantai", "rahasia-ospf", "rahasia-bgp"):
        assert secret not in masked
    assert masked.count("<secret>") == 5
    assert "enable password 8 <secret>" in masked
    assert len(masked.splitlines()) == len(TEXT.splitlines())


def test_an_answer_that_is_quoted_is_masked_first() -> None:
    with pytest.raises(Problem) as caught:
        FRR.whole("password sandi-uji\n", "rtr")
    assert "sandi-uji" not in caught.value.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"end": None}, "lacks commands, begin or end"),
        ({"commands": []}, "lacks commands, begin or end"),
        ({"begin": "("}, "an expression in begin that cannot be read"),
        ({"secrets": ["no group"]}, "0 groups instead of one"),
    ],
)
def test_a_platform_that_cannot_tell_a_whole_from_a_part_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        Platform.of({"name": "x", "commands": ["show"], "begin": "^a", "end": "^z", **change})
    assert caught.value.refused
