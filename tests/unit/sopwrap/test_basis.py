from __future__ import annotations

from dataclasses import replace

from sopwrap.papers.basis import basis
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases
from tests.unit.sopwrap.paper_tools import changed


def test_a_schedule_that_somebody_has_to_order_rests_on_the_order() -> None:
    found = basis(cases.finished())
    assert found.label == "Perintah"
    assert found.text.startswith(
        "Drs. H. Hadi Contoh, M.Kom. pada 8 Mei 2026 pukul 09.00 WIB (“Sesuai jadwal bulan Mei”)"
    )
    assert found.sentence.startswith("perintah Drs. H. Hadi")


def test_a_schedule_the_machine_begins_by_itself_rests_on_the_schedule() -> None:
    sop = library()["majalengka"]
    case = built.walked(sop, sop.procedure("backup"))
    assert basis(case).sentence == "jadwal yang ditetapkan, setiap 1 bulan"
    opened = replace(case, trigger={"kind": "schedule", "period": "2026-05-01"})
    assert basis(opened).sentence == "jadwal yang ditetapkan, setiap 1 bulan, untuk 1 Mei 2026"


def test_a_request_names_who_asked_and_the_letter() -> None:
    sop = library()["majalengka"]
    case = changed(built.walked(sop, sop.procedure("restore")), "l1", letter="005/17/2026")
    assert "surat nomor 005/17/2026" in basis(case).text
    assert basis(case).label == "Permohonan"


def test_what_has_not_been_ordered_yet_is_left_open() -> None:
    sop = library()["bpsdm-2024"]
    found = basis(built.walked(sop, sop.procedures[0], until="l1"))
    assert (found.label, found.text, found.sentence) == ("Perintah", "", "")
