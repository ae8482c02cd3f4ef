from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from sopwrap.chain import START, Line, canonical, digest_of, walk
from sopwrap.errors import UsageError


def chain(*lines: tuple[str | None, str, dict[str, object]]) -> list[Line]:
    """Lines of (case, kind, data), one second apart."""
    made: list[Line] = []
    heads: dict[str | None, str] = {}
    for seq, (case, kind, data) in enumerate(lines, 1):
        previous, before, at = (
            made[-1].digest if made else START,
            heads.get(case, START),
            f"2026-05-08T01:00:{seq:02}.000000Z",
        )
        digest = digest_of(case, at, kind, None, data, previous, before)
        made.append(Line(seq, case, at, kind, None, canonical(data), previous, before, digest))
        heads[case] = digest
    return made


GOOD = chain(
    ("2026-0001", "case.opened", {}), (None, "evidence", {"x": 1}), ("2026-0001", "decision", {"choice": "ya"})
)


def test_canonical_text_does_not_depend_on_the_order_of_keys_and_keeps_letters() -> None:
    assert canonical({"b": [1, None, True], "a": "é–✓"}) == '{"a":"é–✓","b":[1,null,true]}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})
    with pytest.raises(UsageError, match="not UTF-8"):
        canonical("\udcff")


def test_a_digest_can_be_made_again_from_the_documented_keys_alone() -> None:
    last = GOOD[-1]
    told = {
        "at": last.at,
        "case": last.case,
        "data": json.loads(last.data),
        "kind": last.kind,
        "previous": last.previous,
        "previous_in_case": last.previous_in_case,
        "step": last.step,
    }
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == last.digest


def test_a_whole_chain_has_no_fault_and_an_empty_one_neither() -> None:
    assert walk(GOOD).fault is None
    assert (walk(GOOD).head, walk([]).head, walk([]).lines) == (GOOD[-1].digest, START, 0)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([GOOD[0], GOOD[2]], "its number should be 2"),
        ([GOOD[0], replace(GOOD[1], at="2026-05-08")], "is not a UTC time"),
        ([GOOD[0], replace(GOOD[1], at="2026-05-08T00:00:00.000000Z")], "is before that of the line above"),
        ([GOOD[0], replace(GOOD[1], previous=START)], "does not follow the line above"),
        ([*GOOD[:2], replace(GOOD[2], previous_in_case=START)], "does not follow the last line of case 2026-0001"),
        ([GOOD[0], replace(GOOD[1], data='{"x": 1}')], "not written the way the ledger writes it"),
        ([GOOD[0], replace(GOOD[1], data="{")], "its data is not JSON"),
        ([GOOD[0], replace(GOOD[1], step="l1")], "its digest does not match"),
        (chain(("2026-0001", "decision", {})), "has to begin with case.opened"),
        (chain(("2026-0001", "case.opened", {}), ("2026-0001", "case.opened", {})), "and only once"),
    ],
)
def test_the_first_wrong_line_is_named_with_what_is_wrong(lines: list[Line], sentence: str) -> None:
    verdict = walk([*lines, replace(GOOD[2], seq=99)])
    assert verdict.fault is not None
    assert sentence in verdict.fault.what
    assert verdict.fault.seq == lines[-1].seq
    assert verdict.lines == len(lines) - 1
