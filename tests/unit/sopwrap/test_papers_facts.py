from __future__ import annotations

from dataclasses import replace

from sopwrap.case import Attachment
from sopwrap.papers import results, timing
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.paper_tools import changed, html, text


def test_a_step_without_a_standard_time_is_not_judged_and_a_merged_time_is_judged_once() -> None:
    rows = timing.control_rows(cases.finished())
    judged = [(timing.numbers(row), row.standard, row.verdict) for row in rows if row.verdict]
    assert judged == [("1", "1 (Satu) Hari", "sesuai"), ("9 dan 10", "1 (Satu) Hari", "sesuai")]
    late = changed(cases.finished(), "l10", finished_at=cases.START.replace(day=28))
    assert [row.verdict for row in timing.control_rows(late) if row.merged] == ["melampaui"]
    assert "Waktu baku terlampaui pada langkah 9 dan 10." in text(html(late, "report"))


def test_a_working_day_skips_weekends_and_the_offices_holidays() -> None:
    friday = cases.START
    zone = "Asia/Pontianak"
    day = timing.DAY
    assert timing.deadline(friday, day, zone).date().isoformat() == "2026-05-11"
    assert (
        timing.deadline(friday, 4 * day, zone, timing.holidays_of(cases.finished())).date().isoformat() == "2026-05-15"
    )
    assert timing.deadline(friday, day / 24, zone) - friday == day / 24


def test_the_report_tells_every_hindrance_and_how_it_ended() -> None:
    page = text(html(cases.finished(), "report"))
    for said in (
        "Keputusan “perbaiki” oleh Drs. H. Hadi Contoh, M.Kom.: Router inti belum tercantum",
        "langkah 2 diulang (putaran ke-2)",
        "Media HDD-01 belum dapat dipakai",
        "Menunggu Kasub Bag Umum Dan Keu selama 16 hari 20 jam",
        "Pekerjaan sistem tertahan pada web-db",
        "diulangi oleh Rina Contoh, S.Kom.: Layanan sudah dinyalakan",
        "setelah 1 (satu) kali gagal",
        "mencakup seluruh data/aset yang ditetapkan",
        "Tidak ada langkah yang melampaui waktu baku",
    ):
        assert said in page
    assert [part in page for part in ("A. PENDAHULUAN", "D. SIMPULAN DAN SARAN", "E. PENUTUP")] == [True] * 3


def test_a_medium_several_hosts_found_missing_is_one_hindrance() -> None:
    case = cases.finished()
    (seen,) = case.step("l4").rounds[0].evidence
    others = tuple(seen.model_copy(update={"host": host}) for host in ("db1", "app1"))
    first, second = case.step("l4").rounds
    rounds = (replace(first, evidence=(seen, *others)), second)
    views = tuple(replace(view, rounds=rounds) if view.step.id == "l4" else view for view in case.steps)
    many = replace(case, steps=views)
    assert text(html(many, "report")).count("Media HDD-01 belum dapat dipakai") == 1
    assert "store1, db1, app1" in text(html(many, "media_note"))


def test_one_who_judged_own_work_and_files_laid_beside_are_told() -> None:
    scan = Attachment(cases.START, "surat.pdf", cases.digest("scan"), 2048, "Surat permintaan", "operator1")
    case = replace(changed(cases.finished(), "l10", exception="Kepala cuti"), attachments=(scan,))
    page = text(html(case, "report"))
    assert "pengecualian: Kepala cuti" in page
    assert "surat.pdf (2,05 kB): Surat permintaan SHA-256 " + cases.digest("scan") in page


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
