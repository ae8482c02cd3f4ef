"""What evidence records come to in Ansible's words."""

from __future__ import annotations

from ansible_collections.sopwrap.backup.plugins.module_utils.summary import sentence, summary


def test_a_call_for_nothing_is_not_a_change() -> None:
    assert summary([]) == {"changed": False, "failed": False, "msg": "Nothing was asked for.", "sopwrap_evidence": []}


def test_what_is_not_in_order_is_said_with_what_to_do_and_stands_for_all() -> None:
    good = {"action": "backup", "outcome": "ok", "message": "Done.", "hint": None, "asset": "a", "store": "s"}
    bad = {**good, "outcome": "refused", "message": "The medium is another one.", "hint": "Look.", "asset": None}
    told = summary([good, bad])
    assert (told["changed"], told["failed"]) == (True, True)
    assert told["msg"] == "s, backup: The medium is another one. Look."
    assert sentence("Only this.", None) == "Only this."
