from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sopwrap.acts import Word, decide, sign
from sopwrap.errors import SopError
from sopwrap.office import Office
from sopwrap.papers import people as papers
from sopwrap.permission import Vouch
from tests.unit.sopwrap.small_office import LANES, Place, office, place, refused

FOR_EVER = {
    "for": "siti",
    "by": "tamu",
    "as": "Plh",
    "from": "2020-01-01",
    "until": "2999-12-31",
    "letter": "SP-1/2026",
}


def with_orders(*orders: dict[str, Any], lanes: dict[str, list[str]] | None = None) -> Office:
    return Office.model_validate({**office(lanes).model_dump(mode="json"), "substitutes": list(orders)})


def order(**changes: Any) -> dict[str, Any]:
    return {**FOR_EVER, **changes}


def test_a_substitute_acts_under_the_officials_post_with_their_own_name_and_the_order(tmp_path: Path) -> None:
    here = place(tmp_path, people=with_orders(order()))
    actor = here.sign("tamu").step("l1").rounds[0].actor
    assert actor and actor.acting
    assert (actor.name, actor.nip, actor.post) == ("Tamu Contoh", None, "Plh. Kepala PTID")
    assert (actor.acting.official, actor.acting.letter, actor.acting.own_post) == ("siti", "SP-1/2026", "Tamu")
    case = here.case()
    block = papers.maker(case, "order")
    assert (block.post, block.name) == ("Plh. Kepala PTID", "Tamu Contoh")
    assert "selaku Plh. berdasarkan SP-1/2026" in papers.vouched(case, case.step("l1").rounds[0])


def test_what_the_order_said_then_stays_when_the_office_changes_later(tmp_path: Path) -> None:
    here = place(tmp_path, people=with_orders(order()))
    here.sign("tamu")
    here.office = office()
    actor = here.case().step("l1").rounds[0].actor
    assert actor and actor.post == "Plh. Kepala PTID"
    refused(here, lambda: here.decide("tamu", "sesuai"), "does not fill the lane")


@pytest.mark.parametrize(
    ("since", "until"), [("2020-01-01", "2020-01-31"), ("2990-01-01", "2990-01-31")], ids=["expired", "future"]
)
def test_outside_of_the_days_of_the_order_the_window_is_named(tmp_path: Path, since: str, until: str) -> None:
    here = place(tmp_path, people=with_orders(order(**{"from": since, "until": until})))
    refused(
        here,
        lambda: here.sign("tamu"),
        rf"Tamu Contoh is Plh. of Siti Contoh from {since} until {until} \(SP-1/2026\), and today is .*for: siti",
    )


def test_the_first_and_the_last_day_are_those_of_the_offices_zone(tmp_path: Path) -> None:
    people = with_orders(order(**{"from": "2026-05-08", "until": "2026-05-08"}))
    here = place(tmp_path, people=people)
    lanes, sop = ["kepala"], here.case().sop
    for moment, good in [
        (datetime(2026, 5, 7, 16, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 7, 17, 0, tzinfo=UTC), True),
        (datetime(2026, 5, 8, 16, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 5, 8, 17, 0, tzinfo=UTC), False),
    ]:
        able = [one.person.id for one in people.able(sop, lanes, moment)]
        assert ("tamu" in able) is good, moment


def test_a_clock_that_was_set_back_does_not_bring_an_old_order_back(tmp_path: Path) -> None:
    here = place(tmp_path, people=with_orders(order(until="2021-01-01")))
    then = datetime(2020, 6, 1, tzinfo=UTC)
    refused(
        here,
        lambda: sign(here.ledger, here.office, here.id, Vouch("tamu", "operator", at=then)),
        "until 2021-01-01",
    )


def test_a_substitute_does_not_hand_the_office_on(tmp_path: Path) -> None:
    here = place(tmp_path, people=with_orders(order(by="yusuf"), order(**{"for": "yusuf", "by": "tamu"})))
    refused(here, lambda: here.sign("tamu"), "does not fill the lane")


def test_who_did_the_work_does_not_judge_it_in_the_officials_name(tmp_path: Path) -> None:
    here = place(tmp_path, people=with_orders(order(by="andi")))
    here.to("l10")
    refused(here, lambda: here.decide("andi", "sesuai"), "Andi Contoh did step l9 and may not act at l10.*has to: siti")


def test_work_done_in_the_officials_name_is_not_judged_by_the_official(tmp_path: Path) -> None:
    lanes = {**LANES, "kepala": ["siti", "yusuf"], "petugas": ["siti", "andi"]}
    here = place(tmp_path, people=with_orders(order(), lanes=lanes))
    here.sign("yusuf")
    here.decide("yusuf", "sesuai")
    here.decide("andi", "tersedia")
    here.sign("tamu", checked=["all"])
    here.sign("tamu")
    refused(here, lambda: here.decide("siti", "sesuai"), "Tamu Contoh did step l9 and may not act at l10.*yusuf")


def test_a_substitute_of_who_did_the_work_does_not_judge_it_either(tmp_path: Path) -> None:
    lanes = {**LANES, "kepala": ["siti", "yusuf"], "petugas": ["siti"]}
    here = place(tmp_path, people=with_orders(order(), lanes=lanes))
    here.sign("yusuf")
    here.decide("yusuf", "sesuai")
    here.decide("siti", "tersedia")
    here.sign("siti", checked=["all"])
    here.sign("siti")
    refused(here, lambda: here.decide("tamu", "sesuai"), "Siti Contoh did step l9 and may not act.*yusuf")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"until": "2019-12-31"}, "it ends on 2019-12-31, before it begins on 2020-01-01"),
        ({"by": "siti"}, "that is the same person"),
        ({"by": "budi"}, "no person has the id budi"),
        ({"letter": ""}, "at least 1 character"),
        ({"as": "Pj"}, "'Plh' or 'Plt'"),
    ],
)
def test_an_order_that_makes_no_sense_is_told_when_the_office_is_read(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        with_orders(order(**changes))


def test_the_letter_and_its_scan_are_taken_in_with_the_act_itself(tmp_path: Path) -> None:
    here = place(tmp_path)
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(b"scanned")
    before = here.ledger.verify().lines
    sign(here.ledger, here.office, here.id, Vouch("siti", "operator", "B-1/2026", scan=scan))
    case = here.case()
    one = case.step("l1").rounds[0]
    assert here.ledger.verify().lines == before + 1
    assert one.scan and case.attachments == (one.scan,)
    assert (one.scan.name, one.scan.size, one.scan.note) == ("surat.pdf", 7, "surat nomor B-1/2026")
    assert "surat nomor B-1/2026 (pindaian SHA-256 " in papers.vouched(case, one)


def test_a_scan_of_no_letter_and_a_scan_that_is_not_there_are_refused(tmp_path: Path) -> None:
    here = place(tmp_path)
    here.to("l3")
    for vouch, told in [
        (Vouch("siti", "operator", scan=tmp_path / "x"), "no letter is named"),
        (Vouch("siti", "operator", "B-1", scan=tmp_path / "x"), "x cannot be read"),
    ]:
        refused(
            here,
            lambda vouch=vouch: decide(here.ledger, here.office, here.id, vouch, "sesuai", None, Word("Ya.")),  # type: ignore[misc]
            told,
            SopError,
        )


def test_nobody_is_asked_for_who_may_not_act(tmp_path: Path) -> None:
    from sopwrap.next import next_for

    here: Place = place(tmp_path, people=with_orders(order(), order(by="yusuf", until="2020-02-01")))
    assert next_for(here.case(), here.office).people == ("siti", "tamu")
