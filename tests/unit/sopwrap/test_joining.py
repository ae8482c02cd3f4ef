"""A long paper written in parts beside the same paper written whole."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pypdfium2
import pytest

from sopwrap.papers import long_tables
from sopwrap.papers.pdf import as_pdf
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.paper_tools import html

PART = 9_000


@pytest.fixture(scope="module")
def both() -> tuple[pypdf.PdfReader, pypdf.PdfReader]:
    """The backup form of two dozen assets, written whole and in parts of three pages and less."""
    case = cases.many(24)
    page = html(case, "backup_form")
    whole = as_pdf(page, case, "backup_form")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_tables, "LONG", 1)
        patch.setattr(long_tables, "PART", PART)
        parts = as_pdf(page, case, "backup_form")
        assert as_pdf(page, case, "backup_form") == parts
    return pypdf.PdfReader(io.BytesIO(whole)), pypdf.PdfReader(io.BytesIO(parts))


Both = tuple[pypdf.PdfReader, pypdf.PdfReader]


def test_every_page_looks_as_it_does_in_the_paper_written_whole_and_has_its_number(both: Both) -> None:
    whole, parts = both
    assert len(whole.pages) > 3

    def seen(reader: pypdf.PdfReader) -> list[bytes]:
        reader.stream.seek(0)
        pages = pypdfium2.PdfDocument(reader.stream.read())
        return [page.render(scale=0.7).to_pil().tobytes() for page in pages]

    assert seen(parts) == seen(whole)
    assert f"2 dari {len(whole.pages)}" in parts.pages[1].extract_text()


def test_bookmarks_signature_fields_attachment_and_archival_dress_are_those_of_the_whole(both: Both) -> None:
    whole, parts = both

    def headings(reader: pypdf.PdfReader, found: list[Any]) -> list[Any]:
        return [
            headings(reader, one) if isinstance(one, list) else (one.title, reader.get_destination_page_number(one))
            for one in found
        ]

    assert headings(parts, parts.outline) == headings(whole, whole.outline)
    assert sorted(parts.get_fields() or {}) == sorted(whole.get_fields() or {}) != []
    assert parts.attachments == whole.attachments
    assert parts.metadata == whole.metadata
    ours, theirs = parts.trailer["/Root"], whole.trailer["/Root"]  # type: ignore[index]
    assert ours["/Metadata"].get_data() == theirs["/Metadata"].get_data()  # type: ignore[index]
    assert ours["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"  # type: ignore[index]
    assert parts.trailer["/ID"][0] == whole.trailer["/ID"][0]  # type: ignore[index]


def test_tags_lead_from_every_page_to_the_document_and_no_heading_cell_has_anothers_name(both: Both) -> None:
    """PDF 32000-1, 14.7.4.4: a page's entry in the parent tree holds one element for each marked piece of the page."""
    _, parts = both
    root: Any = parts.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    numbers = root["/ParentTree"]["/Nums"]
    tree = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert len(tree) * 2 == len(numbers)
    for page in parts.pages:
        for element in tree[page["/StructParents"]]:
            assert element.get_object()["/Pg"].get_object() == page
    document = root["/K"][0]
    elements, names = list(document["/K"]), []
    assert {one["/P"].indirect_reference for one in elements} == {document.indirect_reference}
    while elements:
        one = elements.pop()
        if isinstance(one.get_object(), pypdf.generic.DictionaryObject):
            names += [one["/ID"]] if "/ID" in one else []
            elements += one.get("/K", [])
    assert len(names) == len(set(names)) > 20


def test_what_stands_in_the_margins_is_an_artifact(both: Both) -> None:
    for page in both[1].pages:
        content: Any = page.get_contents()
        assert content.get_data().rstrip().endswith(b"EMC")
        assert b"/Artifact BMC\nq /" in content.get_data()
