from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sopwrap import documents
from sopwrap.errors import UsageError
from sopwrap.ledger import Draft, open_ledger
from sopwrap.paper_numbers import enter
from sopwrap.papers.data import as_json
from sopwrap.records import Difference, Verification
from sopwrap.restore_view import RestoreView, restore_view
from tests.unit.sopwrap import restores
from tests.unit.sopwrap.paper_tools import text
from tests.unit.sopwrap.small_office import office


def html(view: RestoreView) -> str:
    """What a reader sees of the minutes."""
    return text(documents.render(view, "restore_minutes", "html").decode().replace("</td>", " </td>"))


def page(state: str) -> str:
    return documents.render(restores.every()[state], "restore_minutes", "html").decode()


def test_the_minutes_tell_the_end_of_it() -> None:
    assert "belum dipakai" in page("issued") and "PERCOBAAN YANG DITOLAK" in page("refused")
    assert "diganti dari cadangan di tempat semula" in page("restored") and "1 jam 30 menit" in page("restored")
    assert "data semula dikembalikan" in page("failed") and "dikembalikan ke keadaan semula" in page("undone")


@pytest.mark.parametrize(
    ("outcome", "told", "words"),
    [
        ("ok", {}, "perubahan dalam 1 jam 30 menit sebelum pemulihan"),
        ("ok", {"lost_seconds": None}, "belum diketahui"),
        ("failed", {"returned": True}, "tidak ada"),
        ("failed", {}, "belum diketahui"),
    ],
)
def test_what_was_lost_is_said_only_where_it_is_known(outcome: str, told: dict[str, object], words: str) -> None:
    page = html(restores.view(restores.step("restore", outcome, **told)))
    assert f"Data yang hilang : {words} Salinan" in page


def test_what_was_compared_and_differs_is_not_told_as_never_compared() -> None:
    differs = Verification(method="fingerprint", ok=False, detail="")
    step = restores.step("restore", "failed").model_copy(update={"verify": differs})
    assert "isi berbeda dari sidik cadangan" in html(restores.view(step))
    assert "belum dibandingkan" in html(restores.view(restores.step("restore", "failed")))


def test_the_lines_a_restore_changed_on_a_device_are_on_its_minutes() -> None:
    told = Difference(removed=1, added=1, hidden=0, lines=["-mtu 1500", "+mtu 9000"], cut=False)
    page = html(restores.view(restores.step("restore", difference=told)))
    assert "Perubahan pada Basis data SIAKAD" in page and "-mtu 1500 +mtu 9000" in page


def test_the_safety_copy_bears_the_offices_own_name() -> None:
    naming = {"unit": "ptid", "pattern": "{unit}-{asset}-{yyyymmdd}-{hhmm}-{nomor}"}
    view = restores.view(restores.step("restore"))
    assert "ptid-siakad-db-20261121-1100-" in html(replace(view, office={**view.office, "naming": naming}))


def test_an_emergency_names_the_two_and_the_reason_and_both_sign() -> None:
    urgent = page("emergency")
    assert "dalam Keadaan Darurat" in urgent and "disusupi pada malam hari" in urgent
    assert urgent.count('data-signer="approver"') == 2
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
    enter(ledger, restores.NUMBER, "B-9/PTID/2026", None, "operator1")
    numbered = restore_view(ledger, office(), "Asia/Jakarta", restores.NUMBER, {})
    assert numbered.digest != view.digest and "Nomor: B-9/PTID/2026" in html(numbered)
