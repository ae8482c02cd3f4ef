"""HTML to PDF/A-3b with WeasyPrint, the evidence attached, byte for byte the same for the same case."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sopwrap.office_view import Subject
from sopwrap.papers.data import as_json
from sopwrap.papers.signature_fields import add_fields


@lru_cache(maxsize=1)
def _weasyprint() -> tuple[Any, Any, Any]:
    """The library (0.5 s to import, so only when a PDF is wanted), one font configuration for all papers, and a
    fetcher that lets only embedded images in: a paper is made from the case alone."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    return weasyprint, FontConfiguration(), URLFetcher(allowed_protocols=("data",), fail_on_errors=True)


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
    rendered = weasyprint.HTML(string=html, url_fetcher=embedded_only).write_pdf(
        pdf_variant="pdf/a-3b",
        pdf_identifier=f"{document}-{subject.digest}".encode(),
        pdf_tags=True,
        attachments=[evidence],
        font_config=fonts,
        finisher=add_fields,
    )
    return bytes(rendered)


def bare_pdf(html: str) -> bytes:
    """The page as a plain PDF, for a picture of it: nothing attached, no archival dress."""
    weasyprint, fonts, embedded_only = _weasyprint()
    return bytes(weasyprint.HTML(string=html, url_fetcher=embedded_only).write_pdf(font_config=fonts))
