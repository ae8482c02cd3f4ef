from __future__ import annotations

import pytest

from sopwrap import documents, indonesian
from sopwrap.papers import results
from sopwrap.partial import LookedUp
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.paper_tools import changed, html, text


def test_an_asset_without_a_copy_in_every_store_is_not_called_done() -> None:
    case = cases.finished()
    kept = tuple(one for one in case.step("l7").evidence if not (one.asset == "arsip" and one.store == "external"))
    half = changed(case, "l7", evidence=kept)
    assert {one.asset.id: one.status for one in results.results(half)}["arsip"] == "sebagian"
    assert "belum mencakup seluruh data/aset yang ditetapkan: Arsip surat (sebagian)" in text(html(half, "report"))
    assert "5 (lima) dari 6 (enam) data/aset berhasil" in text(html(half, "minutes"))


def test_a_copy_that_does_not_read_back_is_not_called_done() -> None:
    case = cases.finished()
    bad = cases.record(case.assets[0], "verify", cases.START, outcome="failed", point=case.step("l7").evidence[1].point)
    broken = changed(case, "l7", evidence=(*case.step("l7").evidence, bad))
    assert results.results(broken)[0].status == "gagal diverifikasi"


@pytest.mark.parametrize("document", ["report", "backup_form", "checklist", "minutes"])
def test_how_an_asset_was_taken_is_warned_of_on_the_paper(document: str) -> None:
    case = cases.finished()
    told = {"warnings": ["unencrypted", "unsaved"]}
    records = [one.model_copy(update=told if one.asset == "siakad-db" else {}) for one in case.step("l7").evidence]
    page = text(html(changed(case, "l7", evidence=tuple(records)), document))
    assert page.count("Perhatian: diambil tanpa enkripsi: sandi dan isinya dapat terbaca di jaringan") == 1
    assert "belum disimpan di perangkat" in page
    assert "Perhatian:" not in text(html(case, document))


def test_a_kind_is_named_by_what_it_is_about_and_by_itself_where_nothing_says() -> None:
    named = [results.kind_words(one) for one in cases.ASSETS]
    assert named == ["basis data"] * 3 + ["aplikasi", "sistem operasi", "konfigurasi perangkat jaringan"]
    assert results.kind_words(cases.ASSETS[0].model_copy(update={"category": None})) == "postgresql"
    for document in documents.available(cases.finished()):
        assert "network_config" not in text(html(cases.finished(), document)), document


def test_the_media_note_reports_what_was_missing_and_tells_of_what_came_where_it_says_so() -> None:
    page = text(html(cases.finished(), "media_note"))
    report, provided = page.split("C. KETERANGAN PENYEDIAAN")
    assert "belum dapat dipakai" in report
    assert "25-05-2026" not in report
    assert "25-05-2026" in provided
    assert "Belum ada pemeriksaan sistem" not in page


def test_the_media_note_asks_for_the_room_that_was_looked_up_and_leaves_dots_where_it_was_not() -> None:
    def line(found: tuple[LookedUp, ...]) -> str:
        page = text(html(changed(cases.finished(), "l5", findings=found), "media_note"))
        return page.split("Kapasitas paling sedikit")[1].split("Dibutuhkan tanggal")[0]

    sizes = [{"asset": one.id, "stores": ["external"], "size_bytes": 10**6} for one in cases.ASSETS]
    told = LookedUp(cases.START, "l5", "capacity_check", True, "", {"assets": sizes}, 1)
    assert "eksternal (HDD-01): 7,20 MB (perkiraan sistem untuk satu cadangan, ditambah seperlima)" in line((told,))
    assert "perkiraan" not in line(()) and "....." in line(())


def test_the_backup_form_tells_what_all_stores_took_in_where_they_told() -> None:
    case = cases.finished()
    added = results.total_added(results.results(case))
    assert added == sum(one.stored_bytes or 0 for one in case.step("l7").evidence if one.action in ("backup", "copy"))
    assert f"ruang penyimpanan bertambah {indonesian.size(added)}" in text(html(case, "backup_form"))
    untold = changed(
        case, "l7", evidence=tuple(one.model_copy(update={"stored_bytes": None}) for one in case.step("l7").evidence)
    )
    assert results.total_added(results.results(untold)) is None
    assert "bertambah" not in text(html(untold, "backup_form"))


def test_the_minutes_tell_a_span_of_time_only_where_there_is_one() -> None:
    case = cases.finished()
    moment = {"started_at": cases.START, "finished_at": cases.START}
    short = changed(case, "l7", evidence=tuple(one.model_copy(update=moment) for one in case.step("l7").evidence))
    spans = [text(html(one, "minutes")).split("Waktu pelaksanaan")[1].split("Hasil")[0] for one in (case, short)]
    assert [" sampai dengan " in span for span in spans] == [True, False]
    assert spans[1].count("pukul") == 1
