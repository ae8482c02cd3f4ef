from __future__ import annotations

from datetime import date, time

import pytest

from sopwrap.timetable.moments import cron, cron_utc, moment, on_calendar

ZONE = "Asia/Jakarta"


@pytest.mark.parametrize(
    ("every", "starts", "systemd", "fields"),
    [
        ("P1D", date(2026, 1, 5), "*-*-* 19:30:00", "30 19 * * *"),
        ("P1W", date(2026, 1, 5), "Mon *-*-* 19:30:00", "30 19 * * 1"),
        ("P7D", date(2026, 1, 4), "Sun *-*-* 19:30:00", "30 19 * * 0"),
        ("P1M", date(2026, 1, 5), "*-*-05 19:30:00", "30 19 5 * *"),
        ("P3M", date(2026, 2, 5), "*-02,05,08,11-05 19:30:00", "30 19 5 2,5,8,11 *"),
        ("P1Y", date(2026, 8, 17), "*-08-17 19:30:00", "30 19 17 8 *"),
        ("P2Y", date(2026, 8, 17), "*-08-17 19:30:00", "30 19 17 8 *"),
        ("P5M", date(2026, 1, 5), "*-*-05 19:30:00", "30 19 5 * *"),
        ("P1M", date(2026, 1, 31), "*-*-28,29,30,31 19:30:00", "30 19 28,29,30,31 * *"),
        ("P10D", date(2026, 1, 5), "*-*-* 19:30:00", "30 19 * * *"),
        ("P2W", date(2026, 1, 5), "*-*-* 19:30:00", "30 19 * * *"),
        ("P1M15D", date(2026, 1, 5), "*-*-* 19:30:00", "30 19 * * *"),
    ],
)
def test_a_period_is_woken_at_each_of_its_moments_and_daily_where_a_calendar_cannot_say_it(
    every: str, starts: date, systemd: str, fields: str
) -> None:
    one = moment(every, starts, time(19, 30), ZONE)
    assert (on_calendar(one), cron(one)) == (f"{systemd} {ZONE}", fields)


@pytest.mark.parametrize(
    ("every", "starts", "at", "fields"),
    [
        ("P1D", date(2026, 1, 5), time(19, 30), "30 12 * * *"),
        ("P1W", date(2026, 1, 5), time(2, 0), "0 19 * * 0"),
        ("P1M", date(2026, 1, 5), time(2, 0), "0 19 4,5 * *"),
        ("P1M", date(2026, 1, 1), time(2, 0), "0 19 1,28,29,30,31 * *"),
    ],
)
def test_in_utc_no_moment_is_lost_at_the_edge_of_a_day(every: str, starts: date, at: time, fields: str) -> None:
    assert cron_utc(moment(every, starts, at, ZONE), date(2026, 5, 8)) == fields
