from __future__ import annotations

from dataclasses import replace

from sopwrap.partial import Attachment
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.paper_tools import changed, html, text


def test_the_report_tells_every_hindrance_and_how_it_ended() -> None:
    page = text(html(cases.finished(), "report"))
    for said in (
        "Keputusan “perbaiki” oleh Drs. H. Hadi Contoh, M.Kom.: Router inti belum tercantum",
        "langkah 2 diulang (putaran ke-2)",
        "Media HDD-01 belum dapat dipakai",
        "Menunggu Kasub Bag Umum Dan Keu selama 16 hari 20 jam",
        "Pekerjaan sistem tertahan pada Basis data laman",
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
