from __future__ import annotations

from sopwrap.papers.dense_columns import of_case
from sopwrap.papers.results import results
from tests.unit.sopwrap import built, cases


def said(number: int, *names: str) -> list[str]:
    case = cases.finished()
    columns, result = of_case(case), results(case)[number]
    return [str(columns[name].words(result)) for name in names]


def test_a_line_tells_what_was_stored_where_and_how_it_was_proven() -> None:
    case = cases.finished()
    result = results(case)[0]
    written = result.copies[0].written
    assert said(0, "sha256", "content") == [str(written.sha256)[:16], str(written.fingerprint)[:16]]
    assert said(0, "proof", "status") == [
        "internal: dibaca kembali, cocok; eksternal (HDD-01): dibaca kembali, cocok",
        "berhasil",
    ]


def test_a_digest_of_the_content_is_told_from_one_of_the_stored_stream() -> None:
    case = cases.finished()
    files = next(one for one in results(case) if one.copies[0].written.sha256 is None)
    assert of_case(case)["hash"].words(files).endswith(" (isi)")
    assert not said(0, "hash")[0].endswith(")")


def test_a_day_is_said_once_of_a_work_that_began_and_ended_on_it() -> None:
    (time,) = said(0, "time")
    day, _, clock = time.partition(" ")
    assert clock.count(".") == 2
    assert day not in clock


def test_a_box_is_ticked_only_where_a_person_ticked() -> None:
    assert said(0, "ticked") == ["☑"]
    case = cases.until("l8")
    assert of_case(case)["ticked"].words(results(case)[0]) == "☐"


def test_what_failed_says_why_and_what_did_not_says_nothing() -> None:
    told = [said(number, "message")[0] for number in range(len(cases.ASSETS))]
    failed = [one.kind == "mariadb" for one in cases.ASSETS]
    assert [bool(one) for one in told] == failed
    assert all('lang="en"' in one for one in told if one)


def test_a_restored_asset_tells_when_its_point_was_made() -> None:
    sop, procedure, operation = next(one for one in built.every() if one[2] == "restore")
    case = built.walked(sop, procedure, operation)
    made = of_case(case)["made"]
    assert all(made.words(one) for one in results(case) if one.copies)
