"""A configuration is loaded into real software that nothing leads out of, or it is said that it was not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import trial
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform
from ansible_collections.sopwrap.backup.plugins.module_utils.trial import tried

from tests.office.platforms import platform

TEXT = "a begin\nsecret rahasia\nz\n"


def toy(script: str, **more: Any) -> Platform:
    known = {"name": "toy", "commands": ["show"], "begin": "^a ", "end": "^z$", "secrets": [r"^secret (\S+)"]}
    return Platform.of({**known, "trial": {"programs": ["sh"], "script": script, **more}})


def said(platform: Platform, proven: bool = True) -> str:
    found = tried(platform, TEXT)
    assert found is not None
    assert found.proven is proven
    return found.words


def test_a_platform_without_software_is_not_tried() -> None:
    assert tried(platform("ios"), TEXT) is None


def test_software_that_has_the_same_afterwards_proves_it() -> None:
    assert "it is the same there" in said(toy('echo greeting; cat "$1"'))


def test_software_that_has_something_else_is_told_by_its_first_line_and_without_secrets() -> None:
    with pytest.raises(Problem, match=r"beginning with '\+mtu 1500'"):
        tried(toy('sed "s/^z/mtu 1500\\nz/" "$1"'), TEXT)
    with pytest.raises(Problem, match="beginning with 'a secret'"):
        tried(toy('sed s/rahasia/lain/ "$1"'), TEXT)


def test_what_belongs_to_the_software_alone_is_no_difference() -> None:
    assert tried(toy('sed "s/^a .*/a other/" "$1"', noise=["^a "]), TEXT)


def test_a_text_the_software_does_not_take_is_told_in_its_own_words() -> None:
    with pytest.raises(Problem, match="does not take the configuration: line 2 is wrong"):
        tried(toy("echo line 2 is wrong >&2; exit 1"), TEXT)


def test_software_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "LONGEST", 0.5)
    with pytest.raises(Problem, match="did not end its trial"):
        tried(toy("sleep 60"), TEXT)


def test_no_network_and_no_process_of_this_computer_is_in_reach() -> None:
    script = 'test "$(wc -l < /proc/net/dev)" = 3 && test "$(ls -d /proc/[0-9]* | wc -l)" -lt 9 && cat "$1"'
    assert "the same" in said(toy(script))


@pytest.mark.parametrize("missing", ["tidak-ada", "unshare"])
def test_where_the_software_is_not_there_that_is_said(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    if missing == "unshare":
        monkeypatch.setattr(trial, "_ALONE", ("false",))
        assert "allows no namespaces" in said(toy("cat"), proven=False)
    else:
        assert "tidak-ada is not on the controller" in said(toy("cat", programs=[missing]), proven=False)
