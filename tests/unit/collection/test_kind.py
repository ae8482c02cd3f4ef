"""The fingerprint of a content, and how a difference is told."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem


def items(*pairs: tuple[str, str]) -> list[dict[str, object]]:
    return [{"name": name, "count": 1, "digest": digest} for name, digest in pairs]


def test_the_order_of_items_does_not_matter() -> None:
    assert Content.of(items(("a", "1"), ("b", "2"))) == Content.of(items(("b", "2"), ("a", "1")))


def test_any_changed_field_of_any_item_changes_the_digest() -> None:
    digests = {
        Content.of(items(("a", "1"), ("b", "2"))).digest,
        Content.of(items(("a", "2"), ("b", "1"))).digest,
        Content.of(items(("a", "1"))).digest,
        Content.of([{"name": "a", "count": 2, "digest": "1"}, *items(("b", "2"))]).digest,
    }
    assert len(digests) == 4


def test_a_difference_names_what_is_missing_unexpected_and_different() -> None:
    ours = Content.of(items(("a", "1"), ("b", "2"), ("c", "3")))
    theirs = Content.of(items(("a", "1"), ("b", "x"), ("d", "4")))
    assert ours.difference(theirs) == "missing: c; unexpected: d; different: b"
    assert ours.difference(ours) is None


def test_a_long_difference_is_cut() -> None:
    ours = Content.of(items(*[(f"t{number}", "1") for number in range(9)]))
    assert ours.difference(Content.of(items(("other", "1")))) == (
        "missing: t0, t1, t2, t3, t4 and 4 more; unexpected: other"
    )


def test_a_brief_content_is_compared_by_its_digest_alone() -> None:
    ours = Content.of(items(("a", "1")), count=7)
    assert ours.brief().items == [] and ours.brief().count == 7
    assert ours.brief().difference(ours) is None
    assert "instead of" in str(ours.brief().difference(Content.of(items(("a", "2")))))


def test_a_problem_is_its_sentence() -> None:
    problem = Problem("The disk is gone.", "Plug it in.", refused=True)
    assert (str(problem), problem.hint, problem.refused) == ("The disk is gone.", "Plug it in.", True)


def test_fingerprints_by_different_rules_are_not_called_different() -> None:
    items = [{"name": "table a", "count": 1, "digest": "1"}]
    former, present = Content.of(items), Content.of([{**items[0], "digest": "2"}], rules=2)
    with pytest.raises(Problem, match=r"cannot be compared: .* rules 1 .* rules 2"):
        former.difference(present)
    assert Content.of(items, rules=2).difference(former) is None, "the same digest is the same content"
