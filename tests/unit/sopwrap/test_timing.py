from __future__ import annotations

from sopwrap.papers import timing
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.paper_tools import changed, html, text


def test_a_step_without_a_standard_time_is_not_judged_and_a_merged_time_is_judged_once() -> None:
    rows = timing.control_rows(cases.finished())
    judged = [(timing.numbers(row), row.standard, row.verdict) for row in rows if row.verdict]
    assert judged == [("1", "1 (Satu) Hari", "sesuai"), ("9 dan 10", "1 (Satu) Hari", "sesuai")]
    late = changed(cases.finished(), "l10", finished_at=cases.START.replace(day=28))
    assert [row.verdict for row in timing.control_rows(late) if row.merged] == ["melampaui"]
    assert "Waktu baku terlampaui pada langkah 9 dan 10." in text(html(late, "report"))


def test_a_working_day_skips_weekends_and_the_offices_holidays() -> None:
    friday = cases.START
    zone = "Asia/Pontianak"
    day = timing.DAY
    assert timing.deadline(friday, day, zone).date().isoformat() == "2026-05-11"
    assert (
        timing.deadline(friday, 4 * day, zone, timing.holidays_of(cases.finished())).date().isoformat() == "2026-05-15"
    )
    assert timing.deadline(friday, day / 24, zone) - friday == day / 24
