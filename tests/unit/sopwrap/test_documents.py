from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sopwrap import documents
from sopwrap.case import Case
from sopwrap.errors import UsageError
from sopwrap.papers import signers
from sopwrap.partial import Issued
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases
from tests.unit.sopwrap.paper_tools import html, once, pages, text

ROOT = Path(__file__).resolve().parents[3]
ALL = [
    "sop", "order", "checklist", "media_note", "backup_form", "minutes", "report", "control_sheet", "manifest",
    "register",
]  # fmt: skip
POINT = 25.4 / 72


@pytest.fixture(scope="module")
def fresh() -> tuple[dict[tuple[str, str], bytes], float]:
    """Every paper of the finished case by its name and format, and how many seconds of a processor they took."""
    case, began = cases.finished(), time.process_time()
    names = documents.available(case)
    made = {(document, fmt): documents.render(case, document, fmt) for document in names for fmt in ("html", "pdf")}
    return made, time.process_time() - began


def test_every_folder_with_a_template_is_a_document() -> None:
    folders = {path.parent.name for path in (ROOT / "sopwrap" / "templates").glob("*/meta.yml")}
    assert set(documents.catalogue()) == folders >= set(ALL)
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
    with pytest.raises(UsageError, match="no format odt"):
        documents.render(cases.finished(), "minutes", "odt")


@pytest.mark.parametrize("document", ALL)
def test_the_same_case_gives_the_same_bytes(document: str, fresh: tuple[dict[tuple[str, str], bytes], float]) -> None:
    made = fresh[0]
    assert documents.render(cases.finished(), document, "html") == made[document, "html"]
    assert once(cases.finished, document) == made[document, "pdf"]
    first = documents.render(cases.finished(), document, "json")
    assert documents.render(cases.finished(), document, "json") == first


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


def test_a_form_that_no_step_makes_bears_the_day_of_the_work_it_tells_of() -> None:
    case = cases.finished()
    assert max(one.finished_at for one in case.step("l7").evidence).date().isoformat() == "2026-05-25"
    assert "Tanggal:25 Mei 2026" in text(html(case, "backup_form"))
    before = cases.until("l4")
    assert "Tanggal:....." in text(html(before, "backup_form"))


def test_only_a_demo_is_marked_as_one() -> None:
    assert "CONTOH/DEMO" not in html(cases.finished(demo=False), "minutes")


def test_no_asset_is_torn_apart_by_a_page_break() -> None:
    case = cases.many(20)
    for document in ("minutes", "manifest", "backup_form"):
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


@pytest.mark.parametrize("document", ["restore_form", "restore_request", "notice", "request_letter"])
def test_a_signature_block_is_whole_on_one_page_however_many_assets_there_are(document: str) -> None:
    sop = library()["majalengka"]
    case = built.walked(sop, sop.procedure("restore"), assets=cases.many(60).assets)
    found = [page.replace("\n", " ") for page in pages(case, document)]
    assert len(found) > 2
    blocks = signers.blocks(case, documents.catalogue()[document])
    assert blocks
    for block in blocks:
        parts = [block.role, str(block.signatory.name), f"NIP {block.signatory.nip}"]
        assert [page for page in found if all(part in page for part in parts)], (block.role, document)


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


def test_the_papers_of_an_office_never_bear_the_letterhead_of_another() -> None:
    case = cases.finished()
    bare = replace(case, office={"name": "Kantor Percobaan", "place": "Kota"})
    page = documents.page(bare, "minutes")
    assert '<div class="last">Kantor Percobaan</div>' in page
    assert not [line for line in case.sop.identity.letterhead if f">{line}</div>" in page]
    assert (case.sop.identity.address or "?") not in page


def test_the_logo_is_put_into_the_paper_itself() -> None:
    logo = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    page = documents.render(cases.finished(), "minutes", "html", logo=logo).decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert documents.render(cases.finished(), "minutes", "pdf", logo=logo)
    with pytest.raises(UsageError, match="neither PNG"):
        documents.render(cases.finished(), "minutes", "html", logo=b"BM....")


def test_all_papers_of_a_case_in_both_formats_take_less_than_fifteen_seconds(
    fresh: tuple[dict[tuple[str, str], bytes], float],
) -> None:
    made, seconds = fresh
    assert {document for document, _fmt in made} == set(ALL)
    assert seconds < 15
