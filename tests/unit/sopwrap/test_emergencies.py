"""Every report of the year after an emergency tells of it: of cases that were open, and of those opened later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sopwrap import documents, emergencies
from sopwrap.acts import stop
from sopwrap.case import Case
from sopwrap.engine import load_case
from sopwrap.ledger import open_ledger
from sopwrap.permission import Vouch
from sopwrap.permits import Signed
from tests.unit.sopwrap import restores
from tests.unit.sopwrap.small_office import Place, place

SIGNED = Signed(restores.URGENT, (restores.SIGNATURE, restores.SIGNATURE))


def report(case: Case) -> str:
    return documents.render(case, "report", "html").decode()


def test_open_cases_and_later_ones_tell_of_it_and_closed_ones_do_not(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    before = place(tmp_path, ledger)
    closed = place(tmp_path, ledger)
    stop(ledger, closed.office, closed.id, Vouch("siti", "operator"), "Keliru.")
    emergencies.write(ledger, SIGNED, "operator")
    later: Place = place(tmp_path, ledger)
    for one in (before, later):
        (note,) = load_case(ledger, one.id).emergencies
        assert (note.first, note.second, note.reason) == ("Siti Contoh", "Yusuf Contoh", restores.URGENT.reason)
        assert "dalam keadaan darurat" in report(one.case()) and "disusupi pada malam hari" in report(one.case())
    assert closed.case().emergencies == () and "keadaan darurat" not in report(closed.case())


def test_after_a_year_nobody_tells_of_it(tmp_path: Path) -> None:
    ledger, now = open_ledger(tmp_path), datetime.now(UTC)
    emergencies.write(ledger, SIGNED, "operator")
    assert len(emergencies.of_the_year(ledger, now + timedelta(days=364))) == 1
    assert emergencies.of_the_year(ledger, now + timedelta(days=366)) == []
    assert emergencies.of_the_year(ledger, now - timedelta(days=1)) == [], "a paper of a day before knows nothing"
