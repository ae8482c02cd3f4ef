"""The papers: an SOP, an office and a case's ledger become the documents an office signs.

A document is a folder under ``sopwrap/templates/`` with ``meta.yml`` and ``template.html.j2``; adding one
registers nothing. Rendering reads the case and nothing else, so the same case gives the same bytes, today
and in ten years: no clock, no locale, no network, no file beside the templates and the fonts.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from sopwrap import indonesian
from sopwrap.case import Case
from sopwrap.catalogue import catalogue
from sopwrap.destruction import DestructionView
from sopwrap.errors import UsageError
from sopwrap.handovers import HandoverView
from sopwrap.naming import point_name
from sopwrap.office_view import Subject
from sopwrap.papers import wording
from sopwrap.papers.context import can_be_made, context
from sopwrap.papers.signature_fields import field_name
from sopwrap.restore_view import RestoreView
from sopwrap.sop_view import SopView

FORMATS = ("pdf", "html", "docx", "json")
LOGO_TYPES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"<svg": "image/svg+xml",
    b"<?xm": "image/svg+xml",
}


def available(subject: Subject) -> list[str]:
    """The ids of the documents a case, or the office, can give at this moment."""
    return [paper.id for paper in catalogue().values() if can_be_made(subject, paper)]


def render(subject: Subject, document: str, fmt: str, *, logo: bytes | None = None) -> bytes:
    """Return one document of a case or of the office as a file's bytes.

    ``document`` is an id of ``catalogue()``, ``fmt`` one of ``FORMATS``; ``logo`` the office's coat of arms
    (PNG, JPEG or SVG). Raises UsageError for an unknown id or format, or a document the case cannot give yet.
    """
    check(subject, document, fmt)
    return printed("" if fmt == "json" else page(subject, document, logo), subject, document, fmt)


def check(subject: Subject, document: str, fmt: str) -> None:
    """Raise what `render` raises where there is no such document, or not of this subject, or not in this format."""
    if fmt not in FORMATS:
        raise UsageError(f"There is no format {fmt}.", f"Known: {', '.join(FORMATS)}.")
    if document not in catalogue():
        raise UsageError(f"There is no document {document}.", f"Known: {', '.join(catalogue())}.")
    if not can_be_made(subject, catalogue()[document]):
        possible = ", ".join(available(subject))
        raise UsageError(f"{_named(subject)} gives no document {document} (yet).", f"It gives: {possible}.")


def printed(text: str, subject: Subject, document: str, fmt: str) -> bytes:
    """The text that ``page()`` gave as a file's bytes; the data are the same whatever the page says."""
    if fmt == "json":
        from sopwrap.papers.data import as_json

        return as_json(subject)
    if fmt == "html":
        return text.encode()
    if fmt == "docx":
        from sopwrap.papers.docx_file import as_docx

        return as_docx(text, subject)
    from sopwrap.papers.pdf import as_pdf

    return as_pdf(text, subject, document)


def page(subject: Subject, document: str, logo: bytes | None = None) -> str:
    """The document as one self-contained HTML page."""
    paper = catalogue()[document]
    template = _environment().get_template(f"{document}/template.html.j2")
    return template.render(**context(subject, paper), logo=_data_uri(logo))


def _named(subject: Subject) -> str:
    if isinstance(subject, SopView):
        return f"The SOP {subject.id}"
    if isinstance(subject, RestoreView):
        return "A restore"
    if isinstance(subject, DestructionView):
        return f"The destruction {subject.id}"
    if isinstance(subject, HandoverView):
        return f"The hand-over {subject.id}"
    return f"The case {subject.id}" if isinstance(subject, Case) else "The office"


@pass_context
def _named_point(here: Context, point: str) -> str:
    """The office's name of a point, in a template."""
    return point_name(point, here["office"])


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sopwrap"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "foreign": wording.foreign, "dots": wording.dots, "short": wording.short, "css": wording.css_string,
        "size": indonesian.size, "number": indonesian.number, "counted": indonesian.counted, "span": indonesian.span,
        "period": indonesian.period, "long_date": indonesian.long_date, "iso_date": indonesian.entered_date,
        "box": wording.box, "point_name": _named_point,
    }  # fmt: skip
    environment.filters.update(filters)
    environment.globals["field_name"] = field_name
    return environment


def _data_uri(logo: bytes | None) -> str | None:
    if not logo:
        return None
    kind = next((kind for head, kind in LOGO_TYPES.items() if logo.lstrip().startswith(head)), None)
    if kind is None:
        raise UsageError(
            "The office's logo is neither PNG, JPEG nor SVG.", "Name another file under `logo` in office.yml."
        )
    return f"data:{kind};base64,{base64.b64encode(logo).decode()}"
