"""The five SOPs carried out by a machine in memory: hand-overs, duties, lookups, rounds for what failed, restores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sopwrap import documents
from sopwrap.case import Asset, Case
from sopwrap.engine import Opening, RunResult, open_case, run_machine_steps
from sopwrap.errors import RefusedError, UsageError
from sopwrap.formvalues import IN_PLACE
from sopwrap.ledger import Draft, open_ledger
from sopwrap.office import Office
from sopwrap.records import Replacement, Verification
from sopwrap.restoring import source
from sopwrap.sop import find
from tests.unit.sopwrap.small_office import MEDIA, Machine, Place, record

STORES = ["internal", "external"]
ASSETS = [
    Asset(id="siakad-db", kind="x", host="db1", stores=STORES, category="database", owner="A", reviewed="2026-11-01"),
    Asset(id="laman", kind="y", host="web1", stores=STORES, category="application", owner="B"),
]
GOOD = Verification(method="read", ok=True, detail="")


def office(sop: str, **lanes: str) -> Office:
    people = sorted({one for ids in lanes.values() for one in ids.split()})
    return Office.model_validate(
        {
            "format": "sopwrap.office/1",
            "name": "Kantor",
            "place": "Samarinda",
            "people": [{"id": one, "name": one.title(), "post": "Staf"} for one in people],
            "bindings": {sop: {lane.replace("__", "."): ids.split() for lane, ids in lanes.items()}},
        }
    )


def answer(actions: list[str], assets: list[str]) -> RunResult:
    """Every action does well for every asset."""
    made = {
        "backup_assets": lambda one: [
            record("backup", one, point=f"{one}-1"),
            record("copy", one, "external", point=f"{one}-1"),
        ],
        "verify_points": lambda one: [record("verify", one, point=f"{one}-1", verify=GOOD)],
        "copy_points": lambda one: [record("copy", one, "external", "unchanged", point=f"{one}-1")],
        "restore_point": lambda one: [record("restore", one, point=f"{one}-1", verify=GOOD)],
    }
    return RunResult("ok", [each for action in actions for asset in assets for each in made[action](asset)])


class Answering(Machine):
    def __call__(self, actions: list[str], assets: list[str] | None, case: Case, step: Any) -> RunResult:
        self.calls.append((actions, assets))
        wanted = [asset.id for asset in case.assets] if assets is None else assets
        if self.results:
            result = self.results.pop(0)
            assert isinstance(result, RunResult)
            return result
        return answer(actions, wanted)


def opened(
    folder: Path, name: str, people: Office, assets: list[Asset] | None = None, operation: str | None = None
) -> Place:
    ledger = open_ledger(folder, None)
    sop, procedure = find(name)
    case = open_case(ledger, Opening(sop, procedure, people, assets or ASSETS, MEDIA, "operator", operation))
    here = Place(ledger, people, case.id, Answering())
    here.resume()
    return here


def at(case: Case) -> str:
    return case.current.step.id if case.current else case.state


def test_bpsdm_sends_back_what_failed_alone_and_nobody_checks_own_work(tmp_path: Path) -> None:
    here = opened(tmp_path, "bpsdm-2024/backup", office("bpsdm-2024", ketua="kiki", anggota="ani budi"))
    assert here.machine.calls == [], "nothing runs before the order"
    found = [record("verify", "laman", outcome="failed"), record("verify", "siakad-db", verify=GOOD)]
    here.machine.results = [answer(["backup_assets"], ["siakad-db", "laman"]), RunResult("failed", found)]
    here.sign("kiki", form={"subject": "Backup"})
    here.sign("ani")
    with pytest.raises(RefusedError, match="did step l3 and may not act at l4"):
        here.decide("ani", "T")
    case = here.decide("budi", "T")
    assert case.step("l3").rounds[-1].assets == ("laman",)
    assert here.machine.calls[-1] == (["backup_assets"], ["laman"])
    here.sign("ani")
    assert here.machine.calls[-1] == (["verify_points"], None), "the second check is of everything"
    here.decide("budi", "Y")
    assert here.sign("kiki").state == "done"


def test_ditjenpp_backs_databases_up_first_and_the_web_application_then(tmp_path: Path) -> None:
    here = opened(tmp_path, "ditjenpp-2025/backup", office("ditjenpp-2025", subkoordinator="sri", jfu="jaya"))
    here.sign("sri")
    both = ["backup_assets", "verify_points"]
    assert here.machine.calls == [(both, ["siakad-db"]), (both, ["laman"])]
    here.sign("jaya")
    case = here.sign("jaya")
    assert case.state == "done", "the paper ends with SELESAI, which nobody signs"


def test_ditjenpp_without_a_database_says_so_and_goes_on(tmp_path: Path) -> None:
    here = opened(
        tmp_path, "ditjenpp-2025/backup", office("ditjenpp-2025", subkoordinator="sri", jfu="jaya"), ASSETS[1:]
    )
    case = here.sign("sri")
    assert case.step("l2").rounds[0].note == "Tidak ada aset yang menjadi sasaran langkah ini."
    assert at(case) == "l4"


def test_majalengka_runs_at_once_names_what_was_made_and_secures_it(tmp_path: Path) -> None:
    here = opened(tmp_path, "majalengka/backup", office("majalengka", pf="pipit", kabid="kabir"))
    assert here.machine.calls == [(["backup_assets"], None), (["verify_points"], None)]
    case = here.decide("pipit", "berhasil")
    assert [one.lookup for one in case.findings] == ["point_names"]
    assert "laman: laman-1" in case.findings[0].text
    here.sign("pipit")
    assert here.machine.calls[-1] == (["copy_points"], None)
    here.sign("pipit")
    assert here.sign("kabir", form={"examined": "sesuai"}).state == "done"


def restoring(tmp_path: Path) -> Place:
    people = office("majalengka", pemohon="mona", kadis="dewi", kabid="kabir", pf="pipit")
    ledger = open_ledger(tmp_path, None)
    for one in answer(["backup_assets", "verify_points"], ["laman"]).records:
        ledger.append(None, [Draft("evidence", {"record": one.as_dict(), "origin": "run", "file_sha256": None})])
    here = opened(tmp_path, "majalengka/restore", people, ASSETS[1:])
    request = {"request_letter": {"unit": "Bagian Umum", "purpose": ["Data hilang"]}}
    here.sign("mona", form=request | {"restore_request": {"incident": ["Terhapus"], "loss_understood": "ya"}})
    return here


def test_majalengka_restores_the_newest_proven_point_after_approval(tmp_path: Path) -> None:
    here = restoring(tmp_path)
    case = here.sign("dewi")
    assert case.findings[0].lookup == "catalogue_lookup"
    assert case.findings[0].facts["assets"][0]["points"][0]["point"] == "laman-1"
    here.decide("kabir", "disetujui", authority="berwenang")
    assert here.machine.calls == []
    with pytest.raises(UsageError, match=r"restore_form\.place"):
        here.sign("pipit")
    case = here.sign("pipit", form={"place": "/srv/pulih"})
    source = next(one for one in case.findings if one.lookup == "restore_source")
    assert "laman-1 (the newest proven one) into /srv/pulih" in source.text
    assert here.machine.calls == [(["restore_point"], None)]
    here.sign("pipit")
    here.sign("pipit")
    assert here.sign("mona").state == "done"


STILL = Replacement(
    mode="replace", services=["nginx.service"], idle=True, stopped_at="2026-11-21T00:00:00.000000Z",
    started_at="2026-11-21T00:00:04.000000Z", downtime_seconds=4.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "stands"),
    [({}, "l7"), ({"idle": False}, "l6"), ({"services": []}, "l6"), ({"started_at": None}, "l6")],
    ids=["proven", "somebody was connected", "no service of its own", "not started again"],
)
def test_majalengkas_service_is_switched_on_by_whoever_switched_it_off(
    changed: dict[str, Any], stands: str, tmp_path: Path
) -> None:
    here = restoring(tmp_path)
    here.sign("dewi")
    here.decide("kabir", "disetujui", authority="berwenang")
    done = record("restore", "laman", point="laman-1", verify=GOOD, restore=STILL.model_copy(update=changed))
    here.machine.results = [RunResult("ok", [done])]
    case = here.sign("pipit", form={"place": IN_PLACE})
    assert at(case) == stands
    if stands == "l7":
        assert case.step("l6").rounds[-1].method == "machine"
        page = documents.render(case, "restore_form", "html").decode()
        assert "21 November 2026 pukul" in page and "tidak ada klien terhubung" in page


def test_majalengka_ends_a_request_that_is_refused_with_a_notice(tmp_path: Path) -> None:
    here = restoring(tmp_path)
    here.sign("dewi")
    case = here.decide("kabir", "ditolak", authority="tidak berwenang")
    assert at(case) == "tolak"
    case = here.sign("mona", form={"message": ["Ditolak."]})
    assert (case.state, here.machine.calls) == ("done", [])
    assert case.form("notice") == {"message": ["Ditolak."]}


def test_a_restore_needs_a_point_and_somebody_who_approved(tmp_path: Path) -> None:
    here = restoring(tmp_path)
    assert source(here.case(), ASSETS[1], []).against == "nobody but who asked for it has had a part in this case"
    here.sign("dewi")
    assert source(here.case(), ASSETS[1], []).against == "the ledger knows no point of it"


def kaltim(tmp_path: Path, operation: str, **lanes: str) -> Place:
    bound = {
        "opd": "oka",
        "admin": "adi",
        "pengawas": "wati",
        "dc__pengelola": "lola",
        "dc__pemeriksa": "riksa",
    } | lanes
    here = opened(tmp_path, "kaltim/backup-restore", office("kaltim", **bound), ASSETS[:1], operation)
    here.sign("oka", form={"unit": "Dinas Sosial", "purpose": ["Permohonan"]})
    return here


def test_kaltim_plans_a_restore_by_the_room_and_the_time_it_takes(tmp_path: Path) -> None:
    here = kaltim(tmp_path, "restore")
    plan = STILL.model_copy(update={"needed_bytes": 2048, "free_bytes": 1024})
    known = [
        *answer(["backup_assets"], ["siakad-db"]).records,
        record("restore", "siakad-db", outcome="planned", restore=plan),
    ]
    for one in known:
        here.ledger.append(None, [Draft("evidence", {"record": one.as_dict(), "origin": "run", "file_sha256": None})])
    here.sign("adi")
    case = here.sign("wati")
    found = next(one for one in case.findings if one.lookup == "capacity_check")
    assert not found.ok and "too little room in the place of siakad-db" in found.text, (
        "it is told before anything is planned"
    )
    assert found.facts["restores"][0]["enough"] is False
    here.sign("lola", form={"plan": {"starts": "2026-11-22 20:00", "capacity": "tidak mencukupi", "place": IN_PLACE}})
    assert "ruang tidak mencukupi" in documents.render(here.case(), "plan", "html").decode()


def test_kaltim_hands_over_from_lane_to_lane_and_keeps_duties_apart(tmp_path: Path) -> None:
    here = kaltim(tmp_path, "backup")
    with pytest.raises(RefusedError, match="Wati does not fill the lane Administrator Bidang TIK"):
        here.sign("wati")
    case = here.sign("adi")
    assert at(case) == "l2", "the step goes on with the second lane"
    assert [one.actor.id for one in case.step("l2").rounds[0].handovers if one.actor] == ["adi"]
    here.sign("wati")
    with pytest.raises(RefusedError, match="Riksa does not fill the lane Pengelola TIK"):
        here.sign("riksa")
    case = here.sign("lola", form={"plan": {"starts": "2026-11-22 20:00", "capacity": "mencukupi"}})
    assert here.machine.calls == [(["backup_assets", "verify_points"], None)]
    here.sign("lola")
    assert here.machine.calls[-1] == (["verify_points"], None)
    here.sign("riksa")
    case = here.sign("oka")
    assert case.state == "done"
    assert {one.lookup for one in case.findings} == {"asset_lookup", "capacity_check", "catalogue_lookup"}


def test_kaltim_restores_into_the_planned_place(tmp_path: Path) -> None:
    here = kaltim(tmp_path, "backup")
    people = here.office
    here.sign("adi")
    here.sign("wati")
    here.sign("lola", form={"plan": {"starts": "2026-11-22 20:00", "capacity": "mencukupi"}})
    ledger, sop = here.ledger, find("kaltim/backup-restore")
    case = open_case(ledger, Opening(*sop, people, ASSETS[:1], MEDIA, "operator", "restore"))
    there = Place(ledger, people, case.id, Answering())
    there.resume()
    there.sign("oka", form={"unit": "Dinas Sosial", "purpose": ["Permohonan"]})
    there.sign("adi")
    there.sign("wati")
    plan = {"starts": "2026-11-22 20:00", "capacity": "mencukupi"}
    with pytest.raises(UsageError, match=r"plan\.place"):
        there.sign("lola", form={"plan": plan})
    case = there.sign("lola", form={"plan": plan | {"place": "siakad_pulih"}})
    assert there.machine.calls == [(["restore_point"], None)]
    assert "siakad-db-1 (the newest proven one) into siakad_pulih" in case.findings[-1].text


def test_an_office_of_one_may_check_own_work_and_the_paper_says_so(tmp_path: Path) -> None:
    here = kaltim(tmp_path, "backup", dc__pengelola="lola", dc__pemeriksa="lola")
    here.sign("adi")
    here.sign("wati")
    here.sign("lola", form={"plan": {"starts": "2026-11-22 20:00", "capacity": "mencukupi"}})
    here.sign("lola")
    case = here.sign("lola")
    assert "tidak ada orang lain yang ditetapkan" in case.step("l5").rounds[0].handovers[0].exception


def test_a_restore_of_several_assets_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    people = office("kaltim", opd="oka")
    sop, procedure = find("kaltim/backup-restore")
    with pytest.raises(UsageError, match="A restore is of one asset"):
        open_case(open_ledger(tmp_path, None), Opening(sop, procedure, people, ASSETS, MEDIA, "x", "restore"))


def test_what_the_machine_looks_up_is_written_once_a_round(tmp_path: Path) -> None:
    here = kaltim(tmp_path, "backup")
    before = len(here.ledger.entries(here.id))
    run_machine_steps(here.ledger, here.id, here.machine)
    assert len(here.ledger.entries(here.id)) == before
