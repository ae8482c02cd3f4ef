from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sopwrap.case import Case
from sopwrap.papers import recovery
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
