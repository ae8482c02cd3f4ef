from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sopwrap.acts import sign
from sopwrap.errors import RefusedError, UsageError
from sopwrap.ledger import Draft
from sopwrap.permission import Vouch
from tests.unit.sopwrap.small_office import (
    LANES,
    Place,
    office,
    place,
    refused,
)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


@pytest.mark.parametrize("person", ["andi", "yusuf", "tamu"])
def test_a_step_is_signed_only_by_who_fills_its_lane(here: Place, person: str) -> None:
    refused(here, lambda: here.sign(person), "does not fill the lane Kepala PTID.*This step is for: siti")


def test_a_person_nobody_knows_is_told_so(here: Place) -> None:
    refused(here, lambda: here.sign("budi"), "Nobody in office.yml has the id budi", UsageError)


def test_a_decision_is_made_only_by_who_fills_its_lane(here: Place) -> None:
    here.to("l3")
    refused(here, lambda: here.decide("andi", "sesuai"), "does not fill the lane")


def test_a_step_is_signed_once(here: Place) -> None:
    here.sign("siti", "l1")
    refused(here, lambda: here.sign("siti", "l1"), r"stands at step l3 .*step l1 was done by Siti Contoh on ")


def test_a_step_that_is_not_reached_cannot_be_signed(here: Place) -> None:
    refused(here, lambda: here.sign("andi", "l8"), "stands at step l1 .*has not come to l8")
    refused(here, lambda: here.sign("andi", "l99"), "There is no step l99", UsageError)


def test_a_decision_needs_one_of_the_labels_and_a_reason(here: Place) -> None:
    here.to("l3")
    refused(here, lambda: here.decide("siti", "ya"), "ya is not a choice.*sesuai, perbaiki", UsageError)
    refused(here, lambda: here.decide("siti", "sesuai", reason=" "), "needs a reason", UsageError)
    refused(here, lambda: here.sign("siti"), "is a decision.*case decide", UsageError)


def test_a_step_without_branches_cannot_be_decided(here: Place) -> None:
    refused(here, lambda: here.decide("siti", "sesuai"), "nothing to decide at step l1", UsageError)


def test_only_assets_of_the_case_can_be_ticked(here: Place) -> None:
    here.to("l8")
    refused(here, lambda: here.sign("andi", checked=["laman", "lama"]), "lama is not an asset of case", UsageError)
    assert here.sign("andi", checked=["laman"]).step("l8").rounds[0].checked == ("laman",)


def test_a_closed_case_refuses_every_act(here: Place, tmp_path: Path) -> None:
    from sopwrap.acts import attach_evidence, release, stop

    here.to("l11")
    here.sign("andi")
    (tmp_path / "scan.pdf").write_bytes(b"x")
    vouch = Vouch("andi", "operator")
    acts: list[Callable[[], Any]] = [
        lambda: here.sign("andi"),
        lambda: here.decide("siti", "sesuai"),
        lambda: release(here.ledger, here.office, here.id, vouch, "retry", "x"),
        lambda: stop(here.ledger, here.office, here.id, vouch, "x"),
        lambda: attach_evidence(here.ledger, here.id, tmp_path / "scan.pdf", "operator"),
    ]
    for act in acts:
        refused(here, act, r"was closed on \d{4}-\d\d-\d\d \(done\)")
    assert here.resume().state == "done"


def test_a_closed_case_takes_numbers_and_scans_and_stays_closed(here: Place, tmp_path: Path) -> None:
    from sopwrap.acts import attach_paper, enter_number

    here.to("l11")
    closed = here.sign("andi")
    (tmp_path / "scan.pdf").write_bytes(b"x")
    enter_number(here.ledger, here.id, "minutes", "B-1/PTID/2026", None, "operator")
    case = attach_paper(here.ledger, here.id, tmp_path / "scan.pdf", "", "operator")
    assert (case.state, case.closed_at) == ("done", closed.closed_at)
    assert case.numbers["minutes"].number == "B-1/PTID/2026"
    assert case.attachments[-1].name == "scan.pdf"


def test_a_machine_step_cannot_be_signed_for_the_machine(here: Place) -> None:
    sign(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    act = lambda: sign(here.ledger, here.office, here.id, Vouch("andi", "operator"), "l2")  # noqa: E731
    refused(here, act, "l2 of case .* is the machine's to do first")


def test_nobody_judges_own_work_where_somebody_else_can(tmp_path: Path) -> None:
    here = place(tmp_path, people=office({**LANES, "kepala": ["siti", "andi"]}))
    here.to("l10")
    refused(here, lambda: here.decide("andi", "sesuai"), "Andi Contoh did step l9 and may not act at l10.*siti")
    assert here.decide("siti", "sesuai").step("l10").rounds[0].exception == ""


def test_who_is_alone_in_the_lane_may_judge_own_work_and_it_is_recorded(tmp_path: Path) -> None:
    here = place(tmp_path, people=office({"kepala": ["siti"], "petugas": ["siti"], "umum": ["yusuf"]}))
    here.sign("siti")
    here.decide("siti", "sesuai")
    here.decide("siti", "tersedia")
    here.sign("siti")
    here.sign("siti")
    case = here.decide("siti", "sesuai")
    assert case.step("l10").rounds[0].exception == (
        "Siti Contoh mengerjakan langkah 8 dan mengerjakan langkah 9; "
        "tidak ada orang lain yang ditetapkan untuk langkah ini"
    )
    assert case.step("l3").rounds[0].exception == ""


def test_two_people_acting_at_once_cannot_both_be_right(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from sopwrap import acts

    real = acts.vouched

    def slowly(*arguments: Any) -> Draft:
        draft = real(*arguments)
        monkeypatch.setattr(acts, "vouched", real)
        sign(here.ledger, here.office, here.id, Vouch("siti", "somebody quicker"))
        return draft

    monkeypatch.setattr(acts, "vouched", slowly)
    with pytest.raises(RefusedError, match="has changed while this was being done"):
        sign(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    assert here.ledger.verify().lines == 2
