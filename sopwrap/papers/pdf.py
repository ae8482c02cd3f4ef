"""HTML to PDF/A-3b with WeasyPrint, the evidence attached, byte for byte the same for the same case."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sopwrap.case import Case
from sopwrap.papers.data import as_json


@lru_cache(maxsize=1)
def _weasyprint() -> tuple[Any, Any]:
    """The library (0.5 s to import, so only when a PDF is wanted) and one font configuration for all papers."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    return weasyprint, FontConfiguration()


def _nothing_outside(url: str, *_args: Any, **_more: Any) -> Any:
    """A paper is made from the case alone: embedded images only, nothing is fetched."""
    from weasyprint import default_url_fetcher

    if url.startswith("data:"):
        return default_url_fetcher(url)
    raise ValueError(f"papers load nothing from outside: {url}")


def as_pdf(html: str, case: Case, document: str) -> bytes:
    """Return the page as PDF/A-3b.

    The case (with every evidence record) is attached as ``CASE.json``. All times and identifiers inside
    come from the case, so two renderings of one case are equal.
    """
    weasyprint, fonts = _weasyprint()
    evidence = weasyprint.Attachment(
        string=as_json(case),
        name=f"{case.id}.json",
        description="Data kasus dan catatan bukti sopwrap",
        relationship="Source",
        created=case.changed_at,
        modified=case.changed_at,
    )
    rendered = weasyprint.HTML(string=html, url_fetcher=_nothing_outside).write_pdf(
        pdf_variant="pdf/a-3b",
        pdf_identifier=f"{document}-{case.digest}".encode(),
        pdf_tags=True,
        attachments=[evidence],
        font_config=fonts,
    )
    return bytes(rendered)
