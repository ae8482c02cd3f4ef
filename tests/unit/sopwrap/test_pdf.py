from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

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


def objects(reader: pypdf.PdfReader) -> Iterator[Any]:
    for number in range(1, reader.trailer["/Size"]):  # type: ignore[arg-type]
        try:
            yield reader.get_object(number)
        except pypdf.errors.PdfReadError:
            continue


def test_what_pdf_a_3b_asks_for_is_there_and_what_it_forbids_is_not() -> None:
    """What can be told without a validator: ISO 19005-3, 6.1.3, 6.2.2, 6.2.11.4, 6.4, 6.6.2, 6.7.11, 6.8."""
    reader = pypdf.PdfReader(io.BytesIO(once(cases.finished, "minutes")))
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part\W+3\b", metadata)
    assert re.search(r"pdfaid:conformance\W+B\b", metadata)
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert "/DestOutputProfile" in intent.get_object()
    (associated,) = {one.idnum: one.get_object() for one in root["/AF"]}.values()
    assert associated["/AFRelationship"] == "/Source"
    assert {"/F", "/UF", "/Desc"} <= set(associated)
    assert associated["/EF"]["/F"].get_object()["/Subtype"] == "/application/json"
    assert "/Encrypt" not in reader.trailer
    assert len(reader.trailer["/ID"]) == 2  # type: ignore[arg-type]
    found = [one for one in objects(reader) if isinstance(one, pypdf.generic.DictionaryObject)]
    fonts = [one for one in found if one.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one) for one in fonts)
    assert not [one for one in found if one.get("/S") in ("/JavaScript", "/Launch") or "/SMask" in one]
    assert not [one for one in found if one.get("/ca", 1) != 1 or one.get("/CA", 1) != 1]


def test_a_paper_loads_nothing_from_outside() -> None:
    case = cases.finished()
    inside = html(case, "minutes").replace("<h1>", '<img src="file:///etc/hostname"><h1>')
    with pytest.raises(FatalURLFetchingError, match="hostname"):
        as_pdf(inside, case, "minutes")
