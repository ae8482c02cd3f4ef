from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sopwrap import documents
from sopwrap.office_view import holdings, sealed
from tests.unit.sopwrap import cases, views
from tests.unit.sopwrap.paper_tools import text


def paper(view: views.OfficeView, document: str) -> str:
    return text(documents.render(view, document, "html").decode())


def test_an_office_gives_its_own_papers_and_a_case_gives_none_of_them() -> None:
    office = set(documents.available(views.full()))
    assert office == {"schedule", "asset_register", "sop_review", "drill_report"}
    assert not office & set(documents.available(cases.finished()))


def test_a_review_is_due_a_year_after_the_last_one_wherever_that_was_written_down() -> None:
    fresh, old, never = views.full().holdings
    assert (fresh.reviewed_on, fresh.review_due) == (date(2026, 5, 20), date(2027, 5, 20))
    assert (old.reviewed_on, never.reviewed_on) == (date(2025, 1, 10), None)
    assert views.full().missed() == [old, never]
    assert "lewat sejak 10 Januari 2026" in paper(views.full(), "asset_register")


def test_a_day_in_the_inventory_that_is_none_counts_as_no_review() -> None:
    fresh, old, _ = views.full().holdings
    told = replace(old, asset=old.asset.model_copy(update={"reviewed": "tahun lalu"}))
    assert told.reviewed_on is None
    assert fresh.reviewed_on is not None


def test_the_register_says_who_reviewed_and_how_many_were_not() -> None:
    page = paper(views.full(), "asset_register")
    assert "20 Mei 2026 dinyatakan oleh Rina Contoh, S.Kom.: Lengkap" in page
    assert "2 (dua) dari 3 (tiga) aset belum ditinjau dalam satu tahun terakhir" in page


def test_the_schedule_tells_what_is_planned_and_what_nobody_has_planned() -> None:
    page = paper(views.full(), "schedule")
    assert "setiap 1 bulan mulai 5 Januari 2026 21.00 WIB" in page
    assert page.count("belum dijadwalkan") == 1


@pytest.mark.parametrize("document", ["schedule", "asset_register"])
def test_what_is_kept_beyond_the_retention_is_told_with_it(document: str) -> None:
    page = paper(views.full(), document)
    assert page.count("30 hari ditambah 4 mingguan, 12 bulanan") == 1 and page.count("ditambah") == 1


def test_the_monitoring_prints_the_last_judgement_and_leaves_boxes_empty_without_one() -> None:
    view = views.full()
    assert documents.render(view, "sop_review", "html").decode().count('aria-label="dicentang"') == 1
    unjudged = sealed(replace(view, assessments=()))
    assert documents.render(unjudged, "sop_review", "html").decode().count('aria-label="dicentang"') == 0


def test_the_drill_report_counts_only_what_was_compared() -> None:
    page = paper(views.full(), "drill_report")
    assert "1 (satu) dari 3 (tiga) data/aset terbukti dapat dipulihkan" in page
    assert "belum pernah diuji" in page


def test_the_digest_is_of_everything_the_papers_say() -> None:
    view = views.full()
    assert view.digest == views.full().digest
    assert sealed(replace(view, on=date(2026, 6, 3))).digest != view.digest
    for fmt in ("pdf", "docx", "json"):
        assert documents.render(view, "schedule", fmt) == documents.render(views.full(), "schedule", fmt)


def test_an_asset_stands_with_its_newest_point_and_the_last_review_of_it() -> None:
    asset = cases.ASSETS[0]
    early, late = views.review(note="dahulu"), views.review(note="kini")
    (found,) = holdings([asset], [], [early, late, views.review(subjects=("other",))])
    assert (found.review, found.point) == (late, None)


def test_a_drill_tells_when_what_came_back_was_loaded_into_software_of_its_own() -> None:
    view, loaded = views.full(), ", juga setelah dimuat pada perangkat lunaknya yang terpisah"
    good, bad = view.trials
    assert good.verify is not None
    told = good.model_copy(update={"verify": good.verify.model_copy(update={"method": "fingerprint and trial"})})
    assert loaded not in paper(view, "drill_report")
    assert f"isi sama dengan cadangan{loaded}" in paper(replace(view, trials=(told, bad)), "drill_report")
