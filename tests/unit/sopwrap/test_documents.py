from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from html import unescape
from pathlib import Path

import pypdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from sopwrap import documents
from sopwrap.case import Attachment, Case, Issued, Round, StepView
from sopwrap.errors import UsageError
from sopwrap.papers import people, results, timing
from sopwrap.papers.pdf import as_pdf
from tests.unit.sopwrap import cases

ROOT = Path(__file__).resolve().parents[3]
ALL = ["sop", "order", "checklist", "media_note", "minutes", "report", "control_sheet", "manifest", "register"]
POINT = 25.4 / 72


def html(case: Case, document: str) -> str:
    return documents.render(case, document, "html").decode()


def text(page: str) -> str:
    """What a reader sees: no tags, one blank between words."""
    page = re.sub(r"<style>.*?</style>|<svg xmlns.*?</svg>", " ", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page.replace("<br>", " "))).split())


@lru_cache
def once(make: Callable[[], Case], document: str) -> bytes:
    """The PDF of an example case, rendered once for all tests that only look at it."""
    return documents.render(make(), document, "pdf")


def pages(case: Case, document: str, made: bytes | None = None) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(made or documents.render(case, document, "pdf")))
    return [page.extract_text() for page in reader.pages]


def changed(case: Case, step: str, **last_round: object) -> Case:
    """The case with its last round of one step changed."""
    views = [
        StepView(view.step, (*view.rounds[:-1], replace(view.rounds[-1], **last_round)))  # type: ignore[arg-type]
        if view.step.id == step
        else view
        for view in case.steps
    ]
    return replace(case, steps=tuple(views))


def test_every_folder_with_a_template_is_a_document() -> None:
    assert list(documents.catalogue()) == ALL
    assert documents.available(cases.finished()) == ALL


def test_a_document_is_offered_only_once_there_is_something_to_say() -> None:
    before = documents.available(cases.until("l4"))
    assert not {"media_note", "minutes", "manifest"} & set(before)
    with pytest.raises(UsageError, match="gives no document minutes"):
        documents.render(cases.until("l4"), "minutes", "html")


def test_an_unknown_document_or_format_is_refused_naming_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no document surat") as caught:
        documents.render(cases.finished(), "surat", "html")
    assert "checklist" in caught.value.hint
    with pytest.raises(UsageError, match="no format docx"):
        documents.render(cases.finished(), "minutes", "docx")


@pytest.mark.parametrize("document", ALL)
def test_the_same_case_gives_the_same_bytes(document: str) -> None:
    for fmt in ("html", "json"):
        first = documents.render(cases.finished(), document, fmt)
        assert documents.render(cases.finished(), document, fmt) == first
    assert documents.render(cases.finished(), document, "pdf") == once(cases.finished, document)


def test_the_bytes_do_not_depend_on_the_process_its_zone_its_language_or_the_hour() -> None:
    script = (
        "import hashlib; from sopwrap import documents; from tests.unit.sopwrap import cases\n"
        "for fmt in ('html', 'pdf', 'json'):\n"
        "    print(hashlib.sha256(documents.render(cases.finished(), 'minutes', fmt)).hexdigest())"
    )
    environment = {
        **os.environ,
        "TZ": "America/New_York",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "SOURCE_DATE_EPOCH": "1",
    }
    made = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    here = [documents.render(cases.finished(), "minutes", fmt) for fmt in ("html", "pdf", "json")]
    assert made.stdout.split() == [hashlib.sha256(one).hexdigest() for one in here]


@pytest.mark.parametrize("document", ALL)
def test_every_page_says_which_case_it_is_of_and_which_page_of_how_many(document: str) -> None:
    found = pages(cases.odd(), document, once(cases.odd, document))
    for number, page in enumerate(found, 1):
        assert f"Halaman {number} dari {len(found)}" in page
        assert f"Kasus 2026-0001 · {cases.digest('odd')[:12]} · CONTOH/DEMO" in page


@pytest.mark.parametrize("document", ALL)
def test_what_people_and_hosts_put_in_cannot_become_markup(document: str) -> None:
    page = html(cases.odd(), document)
    assert "<script" not in page
    assert "<b>berkas" not in page
    assert "49" not in re.findall(r"</b&gt; (\S+)", page)  # {{ 7*7 }} is not a template
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", page)


@pytest.mark.parametrize("document", ALL)
@pytest.mark.parametrize("make", [cases.odd, cases.finished])
def test_nothing_is_printed_beyond_the_margins(document: str, make: Callable[[], Case], tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(once(make, document))
    boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    for page in boxes.split("<page ")[1:]:
        width, height = (float(one) for one in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        for xmin, ymin, xmax, ymax in re.findall(
            r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', page
        ):
            assert float(xmin) * POINT >= 17
            assert (width - float(xmax)) * POINT >= 14
            assert float(ymin) * POINT >= 4
            assert (height - float(ymax)) * POINT >= 4


def test_a_number_is_a_dotted_line_until_a_person_enters_one() -> None:
    assert "Nomor: ......" in text(html(cases.finished(), "report"))
    entered = cases.finished(numbers={"report": Issued("report", "L-7/2026", "2026-05-27")})
    assert "Nomor: L-7/2026" in text(html(entered, "report"))
    assert "Pontianak, 27 Mei 2026" in text(html(entered, "report"))


def test_a_draft_says_konsep_and_a_finished_paper_does_not() -> None:
    draft = cases.until("l9")
    assert all("KONSEP" in page for page in pages(draft, "minutes"))
    assert "KONSEP" not in html(cases.finished(), "minutes")
    assert "KONSEP" not in html(draft, "sop")
    assert "DIHENTIKAN" in html(cases.until("l9", "stopped"), "minutes")


def test_a_note_that_goes_out_in_the_middle_of_a_case_is_no_draft_once_it_is_reported() -> None:
    assert "KONSEP" in html(cases.until("l5"), "media_note")
    assert "KONSEP" not in html(cases.until("l6"), "media_note")


def test_only_a_demo_is_marked_as_one() -> None:
    assert "CONTOH/DEMO" not in html(cases.finished(demo=False), "minutes")


def test_a_box_is_ticked_by_a_persons_word_and_never_by_the_machine() -> None:
    case = cases.finished()
    assert html(case, "checklist").count("dicentang") == 6
    assert html(changed(case, "l8", checked=("siakad-db",)), "checklist").count("dicentang") == 1
    assert "dicentang" not in html(changed(case, "l8", checked=()), "checklist")
    by_machine = changed(case, "l8", checked=tuple(one.id for one in case.assets), method="machine", actor=None)
    assert "dicentang" not in html(by_machine, "checklist")


def test_the_blank_checklist_of_the_beginning_has_every_asset_and_no_tick() -> None:
    page = html(cases.until("l3"), "checklist")
    assert page.count('aria-label="kosong"') == 6
    assert page.count("belum dilaksanakan") == 6


def test_what_was_signed_with_a_key_and_what_was_stated_are_told_apart() -> None:
    page = text(html(cases.finished(), "control_sheet"))
    assert "ditandatangani dengan kunci SHA256:" in page
    assert "dinyatakan oleh Rina Contoh, S.Kom., dicatat oleh operator1" in page
    assert "dinyatakan oleh Umar Contoh, S.E., dicatat oleh operator1, surat nomor ND-07/In.15/UM/05/2026" in page
    assert "dikerjakan dan diukur sistem" in page


def test_a_signature_block_cites_only_what_was_said_about_that_very_paper() -> None:
    case = cases.finished()
    assert "“sesuai” ditandatangani dengan kunci" in (people.checker(case, "minutes").vouched or "")
    head = people.checker(case, "media_note")  # the head ordered the case, but never decided on this note
    assert (head.name, head.vouched) == ("Drs. H. Hadi Contoh, M.Kom.", None)
    sent_back = replace(case, steps=tuple(_without_second_round(view) for view in case.steps))
    assert people.maker(sent_back, "minutes").vouched is None


def _without_second_round(view: StepView) -> StepView:
    """The minutes were sent back and are due again."""
    if view.step.id != "l9":
        return view
    return StepView(view.step, (view.rounds[0], Round(number=2, due_at=view.rounds[1].due_at)))


def test_a_key_is_cited_by_the_fingerprint_ssh_keygen_prints(tmp_path: Path) -> None:
    key = tmp_path / "key.pub"
    key.write_text(cases.PEOPLE[0]["key"] + "\n")
    told = subprocess.run(["ssh-keygen", "-lf", key], capture_output=True, text=True, check=False)
    assert people.fingerprint("not a key") is None
    if told.returncode == 0:
        assert people.fingerprint(cases.PEOPLE[0]["key"]) in told.stdout.split()


def test_the_berita_acara_names_both_parties_by_their_lanes_in_the_procedure() -> None:
    page = text(html(cases.finished(), "minutes"))
    first, second = page.index("Rina Contoh"), page.index("Drs. H. Hadi Contoh")
    assert first < page.index("PIHAK PERTAMA") < second < page.index("PIHAK KEDUA")
    assert "Selasa, tanggal Dua Puluh Enam bulan Mei tahun Dua Ribu Dua Puluh Enam (26-05-2026)" in page
    for asset in cases.ASSETS:
        assert cases.digest(asset.id) in page or cases.digest(f"{asset.id} content") in page


def test_a_party_nobody_is_bound_to_is_left_to_be_written_in() -> None:
    office = {**cases.OFFICE, "people": [], "bindings": {}}
    case = replace(cases.until("l2"), office=office)
    bare = replace(case, steps=tuple(StepView(view.step) for view in case.steps))
    assert people.maker(bare, "minutes").name is None
    assert "Kepala PTID" in text(html(bare, "report"))


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


def test_no_asset_is_torn_apart_by_a_page_break() -> None:
    case = cases.many(20)
    for document in ("minutes", "manifest"):
        found = pages(case, document)
        assert len(found) > 2
        for asset in case.assets:
            where = [index for index, page in enumerate(found) if f"{asset.id}.2026" in page.replace("\n", "")]
            digest = cases.digest(asset.id) if asset.kind != "files" else cases.digest(f"{asset.id} content")
            assert where == [index for index, page in enumerate(found) if digest in page.replace("\n", "")]


@pytest.mark.parametrize("document", ["checklist", "control_sheet", "register", "report", "minutes"])
def test_a_signature_never_stands_alone_on_a_page(document: str) -> None:
    for count in (7, 11):
        last = pages(cases.finished(tuple(cases.many(count).assets)), document)[-1]
        before = last.split("Pontianak, ")[0]
        assert len(before.split()) > 25, f"{document} with {count} assets"


def test_the_sop_is_printed_in_its_own_words_without_what_is_only_for_lint() -> None:
    page = text(html(cases.finished(), "sop"))
    assert "7.6 Peraturan Pemerintah Nomor 82 Tahun 2012" in page
    assert "Nomor 71 Tahun 2019" not in page
    assert "Nomor Dokumen: LPM.In.15/SOP/12/10" in page


def test_the_other_layout_has_an_identity_page_and_the_chart() -> None:
    case = cases.finished()
    other = replace(case, sop=case.sop.model_copy(update={"layout": "sop_ap"}))
    first, *rest = pages(other, "sop")
    assert "Tanggal Efektif" in first
    assert "DASAR HUKUM" in first
    assert any("Pelaksana" in page for page in rest)


def test_the_pdf_is_archival_and_carries_the_case_it_was_made_from() -> None:
    case = cases.finished()
    reader = pypdf.PdfReader(io.BytesIO(once(cases.finished, "minutes")))
    (attached,) = reader.attachments["2026-0001.json"]
    assert attached == documents.render(case, "minutes", "json")
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_data()  # type: ignore[index]


def test_the_data_holds_every_record_as_it_travelled() -> None:
    data = json.loads(documents.render(cases.finished(), "report", "json"))
    assert data["schema"] == "sopwrap.case/1"
    records = [one for view in data["steps"] for each in view["rounds"] for one in each["evidence"]]
    assert len(records) == len(cases.finished().evidence)
    assert {one["schema"] for one in records} == {"sopwrap.evidence/1"}
    assert data["opened_at"] == "2026-05-08T01:00:00.000000Z"


def test_the_logo_is_put_into_the_paper_itself() -> None:
    logo = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    page = documents.render(cases.finished(), "minutes", "html", logo=logo).decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert documents.render(cases.finished(), "minutes", "pdf", logo=logo)
    with pytest.raises(UsageError, match="neither PNG"):
        documents.render(cases.finished(), "minutes", "html", logo=b"BM....")


def test_all_papers_of_a_case_in_both_formats_take_less_than_fifteen_seconds() -> None:
    case = cases.finished()
    began = time.process_time()
    for document in documents.available(case):
        for fmt in ("html", "pdf"):
            documents.render(case, document, fmt)
    assert time.process_time() - began < 15


def test_a_paper_loads_nothing_from_outside() -> None:
    case = cases.finished()
    inside = html(case, "minutes").replace("<h1>", '<img src="file:///etc/hostname"><h1>')
    with pytest.raises(FatalURLFetchingError, match="hostname"):
        as_pdf(inside, case, "minutes")
