from __future__ import annotations

from datetime import date

from sopwrap.board.year import year_of
from sopwrap.history import Day

TODAY = date(2028, 2, 29)


def test_every_day_of_the_year_is_there_under_its_weekday() -> None:
    months = year_of(TODAY, {})
    assert sum(len(month.squares) for month in months) == 366
    assert [month.lead for month in months[:2]] == [5, 1], "1 January 2028 is a Saturday, 1 February a Tuesday"
    assert [one.day for month in months for one in month.squares if one.today] == [TODAY]


def test_a_day_says_what_was_done_and_what_is_still_to_come() -> None:
    told = {
        date(2028, 2, 1): Day(3, 0, ["2028-0001"]),
        date(2028, 2, 2): Day(2, 1, ["2028-0001", "2028-0002"]),
        date(2028, 2, 3): Day(0, 1, []),
    }
    days = year_of(TODAY, told, {date(2028, 2, 2), date(2028, 2, 10), date(2028, 2, 29)})[1].squares
    states = {one.day.day: (one.state, one.case) for one in days if one.state}
    assert states == {
        1: ("good", "2028-0001"),
        2: ("mixed", "2028-0002"),
        3: ("bad", None),
        29: ("planned", None),
    }, "what was planned for a past day and not done is not shown as planned"
