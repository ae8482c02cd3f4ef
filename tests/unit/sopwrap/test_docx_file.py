from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import pytest

from sopwrap import documents
from sopwrap.errors import UsageError
from sopwrap.papers.docx_file import as_docx
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.docx_tools import opened
from tests.unit.sopwrap.paper_tools import html


def test_the_archive_holds_no_time_but_the_cases_own() -> None:
    content = documents.render(cases.finished(), "minutes", "docx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = opened(content).core_properties
    assert about.created.isoformat() == "2026-05-26T07:00:00+00:00"
    assert about.identifier == cases.digest("finished")
    assert about.author == "Pusat Teknologi Informasi dan Data (PTID)"


def test_every_page_says_which_case_it_is_of_and_counts_itself() -> None:
    (section,) = opened(documents.render(cases.until("l9"), "minutes", "docx")).sections
    foot = section.footer.paragraphs[0]
    assert foot.text.startswith("Kasus 2026-0001 · ")
    assert [one for one in ("PAGE", "NUMPAGES") if f'w:instr="{one}"' in foot._p.xml] == ["PAGE", "NUMPAGES"]
    assert section.header.paragraphs[0].text == "KONSEP"


def test_without_the_libraries_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(UsageError, match="DOCX files need docx") as caught:
        as_docx(html(cases.finished(), "minutes"), cases.finished())
    assert "sopwrap[docx]" in caught.value.hint


def test_the_libraries_are_not_loaded_for_other_formats() -> None:
    script = (
        "import sys; from sopwrap import documents; from tests.unit.sopwrap import cases\n"
        "documents.render(cases.finished(), 'minutes', 'html'); print('docx' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
