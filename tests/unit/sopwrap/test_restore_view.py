from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap import documents
from sopwrap.errors import UsageError
from sopwrap.ledger import Draft, open_ledger
from sopwrap.papers.data import as_json
from sopwrap.restore_view import restore_view
from tests.unit.sopwrap import restores
from tests.unit.sopwrap.small_office import office


def page(state: str) -> str:
    return documents.render(restores.every()[state], "restore_minutes", "html").decode()


def test_the_minutes_tell_the_end_of_it() -> None:
    assert "belum dipakai" in page("issued") and "PERCOBAAN YANG DITOLAK" in page("refused")
    assert "diganti dari cadangan di tempat semula" in page("restored") and "1 jam 30 menit" in page("restored")
    assert "data semula dikembalikan" in page("failed") and "dikembalikan ke keadaan semula" in page("undone")


def test_an_emergency_names_the_two_and_the_reason_and_both_sign() -> None:
    text = page("emergency")
    assert (
        "dalam Keadaan Darurat" in text
        and "disusupi pada malam hari" in text
        and text.count('data-signer="approver"') == 2
    )
    assert 'data-signer="approver"' in page("restored") and "045/12/TU/2026" in page("restored")


def test_the_same_lines_give_the_same_bytes_and_data() -> None:
    view = restores.every()["undone"]
    assert documents.render(view, "restore_minutes", "pdf") == documents.render(view, "restore_minutes", "pdf")
    assert b'"schema": "sopwrap.restore/1"' in as_json(view)


def test_it_is_read_from_the_ledger_by_number_or_case(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    with pytest.raises(UsageError, match="holds no permit"):
        restore_view(ledger, office(), "Asia/Jakarta", restores.NUMBER, {})
    told = restores.view().life.issued
    case = ledger.open_case({}, "Asia/Jakarta").case
    ledger.append(case, [Draft("permit", {"text": told.text, "number": told.number, "stated_by": "x"})])
    for one in (restores.step("restore"), restores.step("undo", permit="0" * 32)):
        ledger.append(None, [Draft("evidence", {"record": one.as_dict(), "origin": "run", "file_sha256": None})])
    for name in (restores.NUMBER, case or ""):
        view = restore_view(ledger, office(), "Asia/Jakarta", name, {})
        assert (view.life.state, len(view.life.records)) == ("used", 1)
    assert view.digest == ledger.of_kind("evidence")[0].digest
