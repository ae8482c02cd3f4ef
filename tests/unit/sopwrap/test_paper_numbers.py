from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.errors import UsageError
from sopwrap.ledger import open_ledger
from sopwrap.paper_numbers import enter, issued, lines_about, official


def test_the_last_number_of_what_is_meant_counts(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    assert issued(lines_about(ledger, "musnah-2026-0001"), "destruction") is None
    for about, number in (("musnah-2026-0001", "B-1"), ("musnah-2026-00011", "B-9"), ("musnah-2026-0001", " B-2 ")):
        enter(ledger, about, number, None, "operator1")
    found = issued(lines_about(ledger, "musnah-2026-0001"), "destruction")
    assert found and (found.number, found.dated, found.document) == ("B-2", None, "destruction")


@pytest.mark.parametrize(("number", "dated", "said"), [(" ", None, "empty"), ("B-1", "kemarin", "not a date")])
def test_what_is_no_number_or_no_day_is_refused(number: str, dated: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        official(number, dated)
