from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sopwrap.case import Case
from sopwrap.papers import timing
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases
from tests.unit.sopwrap.paper_tools import changed, html, text


def test_a_step_without_a_standard_time_is_not_judged_and_a_merged_time_is_judged_once() -> None:
    rows = timing.control_rows(cases.finished())
    judged = [(timing.numbers(row), row.standard, row.verdict) for row in rows if row.verdict]
    assert judged == [("1", "1 (Satu) Hari", "sesuai"), ("9 dan 10", "1 (Satu) Hari", "sesuai")]
    late = changed(cases.finished(), "l10", finished_at=cases.START.replace(day=28))
    assert [row.verdict for row in timing.control_rows(late) if row.merged] == ["melampaui"]
    assert "Waktu baku terlampaui pada langkah 9 dan 10." in text(html(late, "report"))


def test_a_working_day_skips_weekends_and_the_offices_holidays() -> None:
    case, friday, day = cases.finished(), cases.START, timing.DAY
    days = timing.days_of(case)
    assert days.limit(friday, day).date().isoformat() == "2026-05-11"
    assert days.limit(friday, 4 * day).date().isoformat() == "2026-05-15"
    assert days.limit(friday, day / 24) - friday == day / 24


def on(case: Case, **office: object) -> Case:
    return replace(case, office={**case.office, **office})


def test_what_a_day_means_is_the_offices_word_and_printed_on_the_papers() -> None:
    case = cases.finished()
    assert "“Hari” dihitung sebagai hari kerja (Senin–Jumat, di luar hari libur kantor)." in text(html(case, "report"))
    every = on(case, day="calendar")
    for document in ("report", "control_sheet"):
        assert "“Hari” dihitung sebagai hari kalender." in text(html(every, document))
    assert "hari kerja" not in text(html(every, "control_sheet"))
    assert timing.days_in_words(on(case, working_week=["sun", "mon", "tue", "wed", "thu"])) == (
        "hari kerja (Senin, Selasa, Rabu, Kamis, Minggu, di luar hari libur kantor)"
    )


def test_the_same_days_are_late_by_the_calendar_and_in_time_by_working_days() -> None:
    """Ordered on Friday 8 May 08.00, done on Monday 11 May 07.00: standard one day."""
    monday = cases.START + timedelta(days=2, hours=23)
    case = changed(cases.finished(), "l1", finished_at=monday)
    row = timing.control_rows(case)[0]
    assert (row.actual, row.verdict) == ("23 jam", "sesuai")
    row = timing.control_rows(on(case, day="calendar"))[0]
    assert (row.actual, row.verdict) == ("2 hari 23 jam", "melampaui")
    row = timing.control_rows(on(case, holidays=["2026-05-11"]))[0]
    assert row.actual == "16 jam"


def test_the_parts_of_the_time_stand_on_the_control_sheet() -> None:
    one = cases.finished().step("l1").rounds[0]
    assert one.finished_at
    case = changed(cases.finished(), "l1", began_at=one.due_at + timedelta(minutes=5))
    row = timing.control_rows(case)[0]
    assert [name for name, _ in row.parts] == ["menunggu", "kerja orang"]
    assert row.parts[0][1] == "5 menit"
    assert "menunggu: 5 menit" in text(html(case, "control_sheet"))
    assert [name for name, _ in timing.control_rows(cases.finished())[0].parts] == ["menunggu + kerja orang"]


def test_an_open_step_is_late_once_its_limit_has_passed() -> None:
    case = cases.until("l1")
    friday = cases.START
    assert timing.late(case, friday + timedelta(days=3)) == []
    ((view, limit),) = timing.late(case, friday + timedelta(days=3, seconds=1))
    assert (view.step.id, limit) == ("l1", friday + timedelta(days=3))
    assert timing.limit(case, case.step("l3")) is None


def test_merged_steps_share_one_limit_from_the_first_of_them_on() -> None:
    case = cases.until("l10")
    limit = timing.limit(case, case.step("l10"))
    assert limit == timing.days_of(case).limit(case.step("l9").rounds[0].due_at, timing.DAY)
    assert "l10" in [view.step.id for view, _ in timing.late(case, limit + timedelta(minutes=1))]


def test_an_end_the_paper_does_not_number_is_told_only_where_the_case_came_to_it() -> None:
    sop = library()["majalengka"]
    for way, told in ((["disetujui"], False), (["ditolak"], True)):
        case = built.walked(sop, sop.procedure("restore"), choose=way)
        texts = [row.view.step.text for row in timing.control_rows(case) if row.view]
        assert ("permintaan ditolak" in texts) is told
