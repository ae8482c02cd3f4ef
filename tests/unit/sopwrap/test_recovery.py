from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sopwrap.case import Case
from sopwrap.papers import recovery
from sopwrap.partial import Hold
from sopwrap.records import Replacement
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases
from tests.unit.sopwrap.paper_tools import changed, html, text


def restored(choose: tuple[str, ...] = ()) -> Case:
    sop = library()["majalengka"]
    return built.walked(sop, sop.procedure("restore"), choose=choose)


def stated(case: Case, **moments: str) -> Case:
    return changed(case, "l6", form={"restore_form": moments})


def test_the_age_of_what_was_brought_back_is_counted_to_when_the_service_was_stopped() -> None:
    case = stated(restored(), service_stopped="2026-05-25T05:10:00Z", service_started="2026-05-25T07:00:00Z")
    first, *_ = recovery.recoveries(case)
    assert first.taken_at == recovery.taken_at(first.restored.point)
    assert first.lost == datetime(2026, 5, 25, 5, 10, tzinfo=UTC) - first.taken_at  # type: ignore[operator]
    assert recovery.away(case) == timedelta(hours=1, minutes=50)


def test_nothing_is_counted_from_moments_nobody_stated_or_that_run_backwards() -> None:
    case = changed(stated(restored()), "l1", form={})
    assert recovery.away(case) is None
    assert [one.lost for one in recovery.recoveries(changed(case, "l4", form={}))] == [None, None]
    assert (
        recovery.away(stated(case, service_stopped="2026-05-25T07:00:00Z", service_started="2026-05-25T06:00:00Z"))
        is None
    )


def test_a_point_with_another_name_has_no_age() -> None:
    assert recovery.taken_at("something") is None
    assert recovery.taken_at(None) is None


def test_a_refused_request_is_told_with_its_reason() -> None:
    case = restored(("ditolak",))
    assert recovery.refusal(case) == ("ditolak", "Sudah diperiksa")
    assert "ditolak dengan alasan: Sudah diperiksa." in text(html(case, "notice"))
    assert "Permintaan restore ditolak dengan alasan: Sudah diperiksa." in text(html(case, "report"))
    assert "belum mencakup" not in text(html(case, "report"))
    assert "Kota Contoh, 8 Mei 2026" in text(html(case, "notice"))
    assert recovery.refusal(restored()) is None
    assert recovery.refusal(cases.finished()) is None


def in_place(**told: object) -> Case:
    """A case whose first asset took the place of living data."""
    case = restored()
    fields = {"mode": "replace", "permit": "a1" * 16, "place": {"database": "siakad"}, "services": ["siakad.service"],
              "lost_seconds": 10800, "downtime_seconds": 41.237, "safety": "siakad-db.20260525T050000Z.ffffff",
              "undo_until": "2026-06-01T05:00:00Z", **told}  # fmt: skip
    first, second = case.evidence
    record = first.model_copy(update={"restore": Replacement.model_validate(fields)})
    return changed(case, "l5", evidence=(record, second))


@pytest.mark.parametrize("document", ["restore_form", "minutes", "report"])
def test_a_restore_over_living_data_is_told_with_permit_safety_copy_and_measured_interruption(document: str) -> None:
    page = text(html(in_place(), document))
    for said in (
        "a1" * 16,
        "siakad.service",
        "selama 41 detik",
        "siakad-db.20260525T050000Z.ffffff",
        "01-06-2026 12.00",
    ):
        assert said in page, said
    assert "di tempat semula" not in text(html(restored(), document))


def test_the_lines_that_went_and_came_are_on_the_paper_and_that_nothing_was_left_of_them() -> None:
    lines = [f"+interface ether{number}" for number in range(50)]
    told = {"removed": 1, "added": 50, "hidden": 2, "lines": ["-mtu 1500", *lines], "cut": False}
    page = text(html(in_place(difference=told, remaining=0), "restore_form"))
    assert "1 baris dihapus, 50 baris ditambahkan, 2 di antaranya memuat sandi dan tidak ditampilkan" in page
    assert "-mtu 1500" in page and "ether38" in page
    assert "ether39" not in page and "(selebihnya ada dalam catatan bukti)" in page
    assert "data diambil kembali dan tidak berbeda lagi dari cadangan" in page
    assert "Perubahan pada" not in text(html(in_place(), "restore_form"))


def test_what_the_machine_measured_of_lost_data_goes_before_what_was_stated() -> None:
    case = stated(in_place(), service_stopped="2026-05-25T05:10:00Z")
    first, second = recovery.recoveries(case)
    assert first.lost == timedelta(hours=3)
    assert second.replaced is None
    page = text(html(case, "restore_form"))
    assert "3 jam diukur sistem" in page
    assert "paling lama 41 detik selama data diganti (diukur sistem)" in page
    assert "2 jam 59 menit dibandingkan" in page  # of the other asset: stated, so nothing is said of measuring


def test_a_failed_restore_that_was_taken_back_says_so() -> None:
    case = restored()
    told = Replacement(mode="replace", returned=True)
    bad = case.evidence[0].model_copy(update={"outcome": "failed", "restore": told})
    hold = Hold(bad.finished_at, "the server did not start", ("siakad-db",), "retry", "Diperbaiki")
    page = text(html(changed(case, "l5", evidence=(bad, *case.evidence), holds=(hold,)), "restore_form"))
    assert "tertahan pada Basis data SIAKAD; data semula telah dikembalikan ke tempatnya" in page
