"""The office's own names of points: unique, sorting by time, safe as the name of a file."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from sopwrap import documents
from sopwrap.case import Case
from sopwrap.naming import POINT as POINT_ID
from sopwrap.naming import Naming, named_point, point_name
from sopwrap.office_view import OfficeView
from tests.unit.sopwrap import cases, views

PATTERN = "{unit}-{asset}-{yyyymmdd}-{hhmm}-{nomor}"
OFFICE = {"naming": {"pattern": PATTERN, "unit": "diskominfo"}, "timezone": "Asia/Makassar"}
POINT = "siakad-db.20260508T160500Z.00ff10"


def test_a_point_is_called_by_the_offices_rule_on_the_offices_clock() -> None:
    assert point_name(POINT, OFFICE) == "diskominfo-siakad-db-20260509-0005-00065296"
    assert point_name(POINT, {**OFFICE, "timezone": None}) == "diskominfo-siakad-db-20260508-2305-00065296"


def test_without_a_rule_and_for_what_is_no_point_the_word_stays_as_it_is() -> None:
    assert point_name(POINT, {}) == point_name(POINT, {"naming": None}) == POINT
    assert point_name("data terbaru", OFFICE) == "data terbaru"


@pytest.mark.parametrize(
    "pattern",
    [
        PATTERN,
        "{asset}_{yyyy}-{mm}-{dd}_{hhmmss}.{nomor}",
        "{yyyymmdd}{hhmm}{asset}{nomor}",
        "B-{yyyymmdd}.{hhmmss}-{nomor}-{asset}",
    ],
)
def test_good_patterns_make_unique_names_that_sort_by_time(pattern: str) -> None:
    rule, chance = Naming(pattern=pattern, unit="u"), random.Random(1)
    start = datetime(2025, 11, 30, 15, 59, tzinfo=UTC)
    times = sorted({start + timedelta(minutes=chance.randrange(800_000)) for _ in range(3000)})
    names = [rule.name(f"web.{at:%Y%m%dT%H%M%SZ}.{chance.randrange(1 << 24):06x}", "Asia/Jakarta") for at in times]
    assert names == sorted(names)
    assert len(set(names)) == len(times)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{asset}-{yyyymmdd}-{hhmm}", "add {nomor}"),
        ("{yyyymmdd}-{hhmm}-{nomor}", "add {asset}"),
        ("{asset}-{dd}{mm}{yyyy}-{hhmm}-{nomor}", "do not sort"),
        ("{asset}-{nomor}-{yyyymmdd}-{hhmm}", "do not sort"),
        ("{asset}-{yyyymmdd}-{nomor}", "do not sort"),
        ("{asset}-{hhmm}-{yyyymmdd}-{nomor}", "do not sort"),
        ("{asset}-{mm}{dd}-{yyyy}-{hhmm}-{nomor}", "do not sort"),
        ("{asset}/{yyyymmdd}-{hhmm}-{nomor}", "signs"),
        ("{asset} {yyyymmdd}-{hhmm}-{nomor}", "signs"),
        ("-{asset}-{yyyymmdd}-{hhmm}-{nomor}", "signs"),
        ("{asset}-{yyyymmdd}:{hhmm}-{nomor}", "signs"),
        ("{asset}-{yyyymmdd}-{hhmm}-{nomor}" + "x" * 120, "characters"),
        ("{asset}-{tanggal}-{nomor}", "{tanggal}"),
        ("{asset.__class__}-{yyyymmdd}-{hhmm}-{nomor}", "no such field"),
        ("{asset!r}-{yyyymmdd}-{hhmm}-{nomor}", "no such field"),
        ("{asset:>9}-{yyyymmdd}-{hhmm}-{nomor}", "no such field"),
        ("{asset-{yyyymmdd}", "brace"),
        ("{}-{asset}", "no such field"),
    ],
)
def test_a_pattern_that_makes_no_good_names_is_refused_with_the_reason(pattern: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Naming(pattern=pattern)
    assert words in str(caught.value)


def test_a_point_is_meant_by_its_id_and_by_its_name_alone() -> None:
    for word in (POINT, point_name(POINT, OFFICE)):
        assert named_point(word, ["other.20260101T000000Z.000000", POINT], OFFICE) == POINT
    assert named_point(point_name(POINT, OFFICE), [POINT], {}) is None
    assert named_point(POINT[:-1], [POINT], OFFICE) is None


@pytest.mark.parametrize(
    "subject", [cases.finished(), views.full(), views.thinned()], ids=["case", "office", "destruction"]
)
def test_every_paper_that_names_a_point_calls_it_by_the_offices_rule(subject: Case | OfficeView) -> None:
    ours = replace(subject, office={**subject.office, **OFFICE})
    told = 0
    for document in documents.available(ours):
        page = documents.render(ours, document, "html").decode()
        assert documents.render(subject, document, "html").decode().count("diskominfo-") == 0
        for found in POINT_ID.finditer(page):
            assert point_name(found[0], OFFICE) in page, (document, found[0])
        told += "diskominfo-" in page
    assert told
