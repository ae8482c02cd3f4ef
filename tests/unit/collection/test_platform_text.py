"""What a platform's data says of a device's answer; the platform that is shipped, on texts of our own."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import MASK, Platform
from ansible_collections.sopwrap.backup.plugins.module_utils.restorability import whole

from tests.office.platforms import platform

FRR = platform("frr")
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


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + TEXT,
        "\n\n" + HEAD + TEXT + "\n\n",
        (HEAD + TEXT).replace("\n", "\r\n"),
        TEXT.replace("\n", "\r\r\n"),
        TEXT,
    ],
)
def test_the_text_is_kept_from_its_first_to_its_last_line_exactly(answer: str) -> None:
    assert whole(FRR, answer, "rtr", "rtr-uji") == TEXT


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", "answered with nothing"),
        ("\n \r\n", "answered with nothing"),
        (HEAD + TEXT[: len(TEXT) // 2], "cut off"),
        (HEAD + TEXT.removesuffix("end\n"), "cut off"),
        (HEAD + TEXT + "Connection closed\n", "no configuration in line 22"),
        ("% Unknown command: show running-config\n", "Unknown command"),
        ("Welcome\nsh: 1: show: not found\n", "not found"),
        (TEXT.replace("hostname rtr-uji", "hostname rtr-lain"), "rtr-lain instead of rtr-uji"),
        (TEXT.replace("hostname rtr-uji\n", ""), "a device without a name instead of rtr-uji"),
    ],
)
def test_what_is_no_whole_configuration_of_this_device_is_no_backup(answer: str, words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        whole(FRR, answer, "rtr", "rtr-uji")
    assert "no backup" in caught.value.message
    assert caught.value.hint


def test_noise_is_kept_in_the_text_and_left_out_of_the_comparison() -> None:
    noisy = TEXT.replace("!\n", "! Last configuration change at 11:54:34 by budi\n!\n", 1)
    assert whole(FRR, noisy, "rtr") == noisy
    assert FRR.content(noisy) == FRR.content(TEXT)
    assert FRR.content(TEXT.replace("64512", "64513")) != FRR.content(TEXT)


def test_the_order_of_lines_matters() -> None:
    assert FRR.content("a\nb\nend\n") != FRR.content("b\na\nend\n")


def test_secrets_are_masked_and_nothing_else() -> None:
    masked = FRR.masked(TEXT)
    for secret in ("sandi-uji", "x.Yz/1", "rahasia-rantai", "rahasia-ospf", "rahasia-bgp"):
        assert secret not in masked
    assert masked.count(MASK) == 5
    assert f"enable password 8 {MASK}" in masked
    assert len(masked.splitlines()) == len(TEXT.splitlines())


def test_an_answer_that_is_quoted_is_masked_first() -> None:
    with pytest.raises(Problem) as caught:
        whole(FRR, "password sandi-uji\n", "rtr")
    assert "sandi-uji" not in caught.value.message


PARTS = Platform.of(
    {
        "name": "uji",
        "commands": ["show"],
        "open_end": True,
        "noise": [r"\bENC (\S+)", {"from": "^list$", "to": "^end$"}, "^# time"],
        "secrets": [r"\bENC (\S+)", {"from": "^key BEGIN", "to": "END$"}],
    }
)


def test_noise_may_be_a_part_of_a_line_or_a_block() -> None:
    one = "# time 1\nset a ENC xyz1 on\nlist\n 1\nend\nset b\n"
    other = "# time 2\nset a ENC abc2 on\nlist\n 2\n 3\nend\nset b\n"
    assert PARTS.content(one) == PARTS.content(other)
    assert PARTS.content(one) != PARTS.content(one.replace(" on", " off"))
    assert PARTS.content(one) != PARTS.content(one.replace("set b", "set c"))


def test_every_secret_of_a_line_and_secrets_of_several_lines_are_masked() -> None:
    text = "x ENC satu ENC dua\nkey BEGIN\nrahasia\nEND\nkey BEGIN x END\nset b\n"
    assert PARTS.masked(text) == f"x ENC {MASK} ENC {MASK}\n{MASK}\n{MASK}\nset b\n"


@pytest.mark.parametrize("name", ["ios", "junos", "routeros", "opnsense", "cumulus"])
def test_the_password_of_an_address_and_a_private_key_are_hidden_on_every_platform(name: str) -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIrahasia\n-----END RSA PRIVATE KEY-----\nfile a"
    text = f"archive ftp://budi:rahasia@192.0.2.9/a http://192.0.2.9:80/b@c https://192.0.2.9\n{key}"
    assert platform(name).masked(text).splitlines() == [
        f"archive ftp://budi:{MASK}@192.0.2.9/a http://192.0.2.9:80/b@c https://192.0.2.9",
        MASK,
        "file a",
    ]


def test_what_one_rule_has_hidden_no_other_rule_hides_in_part_and_the_rest_is_hidden_too() -> None:
    own = {"name": "uji", "commands": ["show"], "open_end": True}
    made = Platform.of({**own, "secrets": [r"^key (\S+)", r"(\S+)$", r"^key (.+)$"]})
    assert made.masked("key satu") == f"key {MASK}"
    assert made.masked("key satu dua tiga") == f"key {MASK}"


def test_a_secret_that_is_folded_into_the_next_line_is_hidden_and_another_fold_is_no_change() -> None:
    routeros = platform("routeros")
    one = 'set 0 mode=dynamic-keys wpa2-pre-shared-key=\\\n    rahasia name=x\nadd comment="a \\\n    b"\n'
    other = 'set 0 mode=dynamic-keys \\\n    wpa2-pre-shared-key=raha\\\n    sia name=x\nadd comment="a b"\n'
    hidden = f'set 0 mode=dynamic-keys wpa2-pre-shared-key={MASK} name=x\nadd comment="a b"\n'
    assert routeros.masked(one) == routeros.masked(other) == hidden
    assert routeros.content(one) == routeros.content(other)
    assert routeros.masked("/ip address\nadd comment=\\") == "/ip address\nadd comment="


def test_facts_are_the_first_that_the_answers_tell() -> None:
    told = Platform.of(
        {
            "name": "uji",
            "commands": ["show"],
            "open_end": True,
            "facts": [
                {"command": None, "model": r"^model (\S+)"},
                {"command": "show version", "model": r"^M: (\S+)", "serial": r"^S: (\S+)"},
            ],
        }
    )
    assert told.facts_in({None: "model a\n", "show version": "M: b\nS: 7\n"}) == {"model": "a", "serial": "7"}
    assert told.facts_in({None: "", "show version": ""}) == {}


def test_an_expression_may_have_flags_of_its_own() -> None:
    own = {"name": "uji", "commands": ["show"], "open_end": True}
    made = Platform.of({**own, "secrets": [r"^sandi (\S+)", r"(?i)^KUNCI (\S+)"], "errors": ["^salah", "(?i)^GALAT"]})
    assert made.masked("kunci a\nsandi b\nSANDI c") == "kunci <secret hidden>\nsandi <secret hidden>\nSANDI c"
    assert made.complaint("galat 3") == "galat 3" and made.complaint("SALAH") is None
