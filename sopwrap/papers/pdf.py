"""HTML to PDF/A-3b with WeasyPrint, the evidence attached, byte for byte the same for the same case."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from sopwrap.office_view import Subject
from sopwrap.papers.data import as_json
from sopwrap.papers.deep_calls import with_room
from sopwrap.papers.long_tables import ROW, LongTables, cut, each_part
from sopwrap.papers.signature_fields import add_fields

POINTS = 0.75
"""Points in a CSS pixel."""

LINES = "<style>tbody.row { white-space: pre-line }</style></head>"
ONLY_SHEETS = (
    "<style>@page { @top-right { content: none } @bottom-left { content: none } @bottom-right { content: none } }"
    "</style></head>"
)
ONLY_MARGINS = "<style>html { background: none }</style></head>"
SHEET = '<div style="break-after: page"></div>'


class _Sheet(NamedTuple):
    """What is kept of a page whose part is written: enough for WeasyPrint to make the bookmarks of the whole."""

    bookmarks: list[Any]
    height: float


@lru_cache(maxsize=1)
def _weasyprint() -> tuple[Any, Any, Any]:
    """The library (0.5 s to import, so only when a PDF is wanted), one font configuration for all papers, and a
    fetcher that lets only embedded images in: a paper is made from the case alone."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    return weasyprint, FontConfiguration(), URLFetcher(allowed_protocols=("data",), fail_on_errors=True)


@with_room
def as_pdf(html: str, subject: Subject, document: str) -> bytes:
    """Return the page as PDF/A-3b.

    What it was made from (a case with every evidence record, or the office's overview) is attached as ``ID.json``.
    All times and identifiers inside come from there, so two renderings are equal.
    """
    weasyprint, fonts, embedded_only = _weasyprint()
    evidence = weasyprint.Attachment(
        string=as_json(subject),
        name=f"{subject.id}.json",
        description="Data kasus dan catatan bukti sopwrap",
        relationship="Source",
        created=subject.changed_at,
        modified=subject.changed_at,
    )
    options = {
        "pdf_variant": "pdf/a-3b", "pdf_tags": True, "pdf_identifier": f"{document}-{subject.digest}".encode(),
    }  # fmt: skip
    html = _light(html)
    with _uncollected():
        if tables := cut(html):
            return _long(tables, evidence, options)
        page = weasyprint.HTML(string=html, url_fetcher=embedded_only)
        return bytes(page.write_pdf(font_config=fonts, attachments=[evidence], finisher=add_fields, **options))


def make_ready(subject: Subject) -> None:
    """Do beforehand what is done once for all papers of a subject, so that processes forked from here need not."""
    _weasyprint()
    as_json(subject)


@with_room
def bare_pdf(html: str) -> bytes:
    """The page as a plain PDF, for a picture of it: nothing attached, no archival dress."""
    weasyprint, fonts, embedded_only = _weasyprint()
    return bytes(weasyprint.HTML(string=html, url_fetcher=embedded_only).write_pdf(font_config=fonts))


def _long(tables: LongTables, evidence: Any, options: dict[str, Any]) -> bytes:
    """A paper of many pages, written part by part."""
    from sopwrap.papers.joining import join

    weasyprint, fonts, embedded_only = _weasyprint()

    def render(html: str) -> Any:
        return weasyprint.HTML(string=html, url_fetcher=embedded_only).render(font_config=fonts, **options)

    parts: list[bytes] = []
    sheets: list[_Sheet] = []

    def write(document: Any) -> None:
        attachments = [] if parts else [evidence]
        parts.append(document.write_pdf(attachments=attachments, finisher=_part_finisher(len(parts)), **options))
        sheets.extend(_Sheet(page.bookmarks, page.height) for page in document.pages)

    each_part(replace(tables, head=tables.head.replace("</head>", ONLY_SHEETS)), render, write)
    margins = render(tables.head.replace("</head>", ONLY_MARGINS) + SHEET * len(sheets))
    numbered = margins.write_pdf(**(options | {"pdf_tags": False}))
    return join(parts, numbered, margins.copy(sheets).make_bookmark_tree(POINTS, transform_pages=True))


def _part_finisher(part: int) -> Any:
    """Makes one part fit to stand beside others: signature fields, and names that no other part has."""

    def finish(document: Any, pdf: Any) -> None:
        add_fields(document, pdf)
        pdf.catalog.get("Names", {}).pop("Dests", None)
        for one in pdf.objects:
            if isinstance(one, dict) and "ID" in one:
                one["ID"].string = f"{part}-{one['ID'].string}"

    return finish


def _light(html: str) -> str:
    """The same page with line feeds in its tables' rows for ``<br>``, each of which costs as much as three words."""
    head, *rows = html.split(ROW)
    if not rows:
        return html
    light = [head.replace("</head>", LINES)]
    for row in rows:
        inside, end, after = row.partition("</tbody>")
        light.append(re.sub(r"\s+", " ", inside).replace("<br>", "\n") + end + after)
    return ROW.join(light)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: a page's boxes are hundreds of thousands of objects, and all are in use.

    What was there before is left out of the search between two parts, and memory shared with other processes shared.
    """
    enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()
