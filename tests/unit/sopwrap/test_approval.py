"""A permit follows from the letter, the decision and the plan in the ledger, and from nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sopwrap import permits
from sopwrap.approval import Window, approval, permit, planned
from sopwrap.case import Case
from sopwrap.engine import RunResult
from sopwrap.errors import RefusedError
from sopwrap.execution import Executor, Order
from sopwrap.formvalues import IN_PLACE
from sopwrap.ledger import Draft
from sopwrap.records import Evidence, Replacement
from sopwrap.workspace import Workspace
from tests.office.permits import Authority
from tests.unit.sopwrap.small_office import Place, record
from tests.unit.sopwrap.test_engine_sops import kaltim, restoring

PLAN = record(
    "restore",
    "laman",
    outcome="planned",
    kind="y",
    point="laman-1",
    restore=Replacement(mode="replace", manifest="b" * 64, place={"paths": "/srv/laman"}),
)
WINDOW = Window(datetime(2026, 11, 21, tzinfo=UTC), timedelta(hours=24), timedelta(hours=72))


def number(here: Place, text: str = "045/12") -> Case:
    data = {"document": "request_letter", "number": text, "dated": "2026-11-20", "stated_by": "operator"}
    here.ledger.append(here.id, [Draft("number", data)])
    return here.case()


def decided(tmp_path: Path, choice: str = "disetujui") -> Place:
    here = restoring(tmp_path)
    here.sign("dewi")
    here.decide("kabir", choice, authority="berwenang" if choice == "disetujui" else "tidak berwenang")
    return here


def made(here: Place, **changed: Any) -> permits.Permit:
    case = number(here)
    plan: Evidence = planned(case, "laman", [PLAN])
    return permit(case, here.office, approval(case), plan, changed.get("executor", "pipit"), WINDOW)


def test_a_permit_names_letter_people_point_and_time(tmp_path: Path) -> None:
    here = decided(tmp_path)
    found = made(here)
    assert (found.requester.id, found.approver.id, found.executor.id) == ("mona", "kabir", "pipit")
    assert (found.letter.number, found.letter.date, len(found.letter.sha256)) == ("045/12", "2026-11-20", 64)
    assert found.letter.sha256 == here.case().step("l1").rounds[-1].digest, "the line of the ledger it was entered with"
    assert (found.point, found.place, found.host) == ("laman-1", {"paths": "/srv/laman"}, PLAN.host)
    assert (found.not_after, found.undo_until) == ("2026-11-22T00:00:00Z", "2026-11-25T00:00:00Z")


def test_who_has_no_key_is_signed_for_by_the_office_and_the_permit_says_so(tmp_path: Path) -> None:
    here = decided(tmp_path)
    found = made(here)
    assert (found.signer, found.basis) == ("office", "the approver's decision as stated in the ledger")
    keyed = [one.model_copy(update={"key": "ssh-ed25519 AAAA"}) for one in here.office.people]
    here.office = here.office.model_copy(update={"people": keyed})
    assert made(here).signer == "kabir"


def test_where_an_sop_decides_nothing_it_is_who_passed_the_letter_on(tmp_path: Path) -> None:
    here = kaltim(tmp_path, "restore")
    with pytest.raises(RefusedError, match="holds no decision"):
        approval(number(here))
    here.sign("adi")
    with pytest.raises(RefusedError, match="holds no decision"):
        approval(number(here))
    here.sign("wati")
    found = approval(number(here))
    assert (found.requester.id, found.approver.id, found.step.id) == ("oka", "wati", "l4")


@pytest.mark.parametrize("choice", ["", "ditolak"])
def test_without_a_decision_that_lets_it_go_on_there_is_no_permit(choice: str, tmp_path: Path) -> None:
    here = decided(tmp_path, choice) if choice else restoring(tmp_path)
    with pytest.raises(RefusedError, match="holds no decision"):
        approval(number(here))


def test_a_letter_without_a_number_is_no_letter(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="has no number"):
        approval(decided(tmp_path).case())


def test_only_who_fills_the_lane_may_be_named_to_do_it(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="does not fill the lane"):
        made(decided(tmp_path), executor="mona")


def test_without_a_plan_of_this_asset_there_is_no_permit(tmp_path: Path) -> None:
    case = number(decided(tmp_path))
    for asset, records in (("laman", []), ("lain", [PLAN]), ("laman", [record("restore", "laman")])):
        with pytest.raises(RefusedError, match="There is no plan"):
            planned(case, asset, records)


def test_the_hosts_read_what_the_wrapper_writes(tmp_path: Path) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils.permit import Deed, Permit

    authority = Authority(tmp_path / "keys")
    signed = permits.sign(made(decided(tmp_path)), authority.office)
    read = Permit.read(signed.text)
    read.verify(authority.signers)
    deed = Deed("laman", PLAN.kind or "", PLAN.host, {"paths": "/srv/laman"}, "laman-1", "b" * 64)
    read.admit(deed, datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp())
    assert json.loads(signed.permit.line) == read.fields


def test_a_case_restores_in_place_with_its_own_newest_permit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one nothing is given, and the host refuses."""
    here = decided(tmp_path)
    case = here.sign("pipit", form={"place": IN_PLACE})
    orders: list[Order] = []

    def carry_out(self: Executor, order: Order) -> RunResult:
        orders.append(order)
        return RunResult("ok", [])

    monkeypatch.setattr(Executor, "carry_out", carry_out)
    monkeypatch.setattr(Workspace, "ledger", lambda self: here.ledger)
    executor = Executor(Workspace(tmp_path))
    executor.perform(["restore_point"], None, case, case.step("l5").step)
    assert (orders[-1].target, orders[-1].permit) == ({"replace": True}, "")
    for text in ("first", "second"):
        here.ledger.append(here.id, [Draft("permit", {"text": text, "number": text, "stated_by": "x"})])
    here.ledger.append(None, [Draft("permit", {"text": "another case's", "number": "x", "stated_by": "x"})])
    executor.perform(["restore_point"], None, here.case(), case.step("l5").step)
    assert orders[-1].permit == "second"
