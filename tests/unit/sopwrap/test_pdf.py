from __future__ import annotations

import io

import pypdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from sopwrap import documents
from sopwrap.papers.pdf import as_pdf
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.paper_tools import html, once


def test_the_pdf_is_archival_and_carries_the_case_it_was_made_from() -> None:
    case = cases.finished()
    reader = pypdf.PdfReader(io.BytesIO(once(cases.finished, "minutes")))
    (attached,) = reader.attachments["2026-0001.json"]
    assert attached == documents.render(case, "minutes", "json")
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_data()  # type: ignore[index]


def test_a_paper_loads_nothing_from_outside() -> None:
    case = cases.finished()
    inside = html(case, "minutes").replace("<h1>", '<img src="file:///etc/hostname"><h1>')
    with pytest.raises(FatalURLFetchingError, match="hostname"):
        as_pdf(inside, case, "minutes")
