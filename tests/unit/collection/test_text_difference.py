"""What a restore would change is shown in lines, and no secret is in them."""

from __future__ import annotations

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.text_difference import MOST, difference

from tests.office.platforms import platform
from tests.office.texts import TEXTS

PRESENT = TEXTS["ios"]


def changed(*pair: str) -> dict[str, Any]:
    return difference(platform("ios"), PRESENT, PRESENT.replace(*pair))


def test_equal_texts_differ_in_nothing() -> None:
    assert changed("", "") == {"removed": 0, "added": 0, "hidden": 0, "lines": [], "cut": False}


def test_lines_that_go_and_come_are_shown_in_their_surroundings() -> None:
    told = changed(" description Ke penyedia\n", " description Kantor baru\n shutdown\n")
    assert (told["removed"], told["added"]) == (1, 2)
    assert "- description Ke penyedia" in told["lines"] and "+ shutdown" in told["lines"]
    assert " interface GigabitEthernet0/1" in told["lines"]


def test_a_secret_is_not_shown_and_that_it_differs_is_told() -> None:
    told = changed("rahasia-satu", "rahasia-dua")
    assert (told["removed"], told["added"], told["hidden"], told["lines"]) == (1, 1, 2, [])
    beside = changed("enable secret 5 rahasia-satu", "enable secret 5 rahasia-dua\nip routing")
    assert "rahasia" not in str(beside) and beside["hidden"] == 2


def test_what_changes_by_itself_is_no_difference() -> None:
    assert changed("hostname", "! Last configuration change at 12:00\nhostname")["added"] == 0


def test_a_long_difference_is_cut() -> None:
    told = changed(
        "end\n", "\n".join(f"ip route 10.{number}.0.0 255.255.0.0 Null0" for number in range(999)) + "\nend\n"
    )
    assert (told["added"], told["cut"], len(told["lines"])) == (999, True, MOST)
