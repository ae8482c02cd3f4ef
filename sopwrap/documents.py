"""The papers: an SOP, an office and a case's ledger become the documents an office signs.

A document is a folder under ``sopwrap/templates/`` with ``meta.yml`` and ``template.html.j2``; adding one
registers nothing. Rendering reads the case and nothing else, so the same case gives the same bytes, today
and in ten years: no clock, no locale, no network, no file beside the templates and the fonts.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sopwrap import indonesian
from sopwrap.case import Case
from sopwrap.catalogue import Paper, catalogue
from sopwrap.errors import UsageError
from sopwrap.papers import obstacles, people, results, stated, timing, wording
from sopwrap.sop import Procedure

FORMATS = ("pdf", "html", "docx", "json")
LOGO_TYPES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"<svg": "image/svg+xml",
    b"<?xm": "image/svg+xml",
}


def available(case: Case) -> list[str]:
    """The ids of the documents this case can give at this moment."""
    return [paper.id for paper in catalogue().values() if _can_be_made(case, paper)]


def _can_be_made(case: Case, paper: Paper) -> bool:
    listing = [view for view in case.steps if paper.id in view.step.documents]
    if paper.needs == "worked":
        return any(record.asset for record in case.evidence)
    if paper.needs == "reached":
        return any(view.rounds for view in listing)
    return paper.needs == "always" or bool(listing)


def render(case: Case, document: str, fmt: str, *, logo: bytes | None = None) -> bytes:
    """Return one document of a case as a file's bytes.

    ``document`` is an id of ``catalogue()``, ``fmt`` one of ``FORMATS``; ``logo`` the office's coat of arms
    (PNG, JPEG or SVG). Raises UsageError for an unknown id or format, or a document the case cannot give yet.
    """
    if fmt not in FORMATS:
        raise UsageError(f"There is no format {fmt}.", f"Known: {', '.join(FORMATS)}.")
    if document not in catalogue():
        raise UsageError(f"There is no document {document}.", f"Known: {', '.join(catalogue())}.")
    if not _can_be_made(case, catalogue()[document]):
        possible = ", ".join(available(case))
        raise UsageError(f"The case {case.id} gives no document {document} (yet).", f"It gives: {possible}.")
    if fmt == "json":
        from sopwrap.papers.data import as_json

        return as_json(case)
    text = page(case, document, logo)
    if fmt == "html":
        return text.encode()
    if fmt == "docx":
        from sopwrap.papers.docx_file import as_docx

        return as_docx(text, case)
    from sopwrap.papers.pdf import as_pdf

    return as_pdf(text, case, document)


def page(case: Case, document: str, logo: bytes | None = None) -> str:
    """The document as one self-contained HTML page."""
    paper = catalogue()[document]
    template = _environment().get_template(f"{document}/template.html.j2")
    return template.render(**_context(case, paper), logo=_data_uri(logo))


def title(case: Case, paper: Paper) -> str:
    """The document's title in the SOP's own words where it has them."""
    term = case.sop.labels.get(f"term.{case.operation}", case.operation)
    return case.sop.labels.get(f"title.{paper.id}", paper.title.format(term=term))


def draft_mark(case: Case, paper: Paper) -> str:
    """What the page's head says of a paper that is not final: KONSEP, DIHENTIKAN, or nothing."""
    if paper.final == "always" or case.state == "done":
        return ""
    if case.state == "stopped":
        return "KASUS DIHENTIKAN"
    makers = [view for view in people.making_steps(case, paper.id) if view.step.kind != "wait"]
    if paper.final == "made" and any(view.state == "done" for view in makers):
        return ""
    return "KONSEP"


def _context(case: Case, paper: Paper) -> dict[str, Any]:
    zone = timing.zone_of(case)
    made = [
        people.last_done(view) for view in people.making_steps(case, paper.id) if view.step.kind not in ("wait", "end")
    ]
    finished = [one.finished_at for one in made if one and one.finished_at]
    return {
        "case": case, "sop": case.sop, "procedure": case.procedure, "office": case.office, "paper": paper, "zone": zone,
        "title": title(case, paper), "term": case.sop.labels.get(f"term.{case.operation}", case.operation),
        "manifest_title": title(case, catalogue()["manifest"]),
        "draft": draft_mark(case, paper), "issued": case.numbers.get(paper.id), "made_at": max(finished, default=None),
        **_letterhead(case),
        "people": people, "timing": timing, "results": results, "obstacles": obstacles, "stated": stated,
        "words": indonesian, "charts": _charts(case),
        "when": lambda moment: indonesian.short_date_time(moment, zone) if moment else "–",
        "zone_name": indonesian.zone_name(case.changed_at, zone),
    }  # fmt: skip


def _letterhead(case: Case) -> dict[str, Any]:
    """The office's own lines and address; the SOP's (another office may have written it) only for one without name."""
    office, identity = case.office, case.sop.identity
    own = office.get("letterhead") or ([office["name"]] if office.get("name") else [])
    return {
        "letterhead": own or identity.letterhead,
        "address": office.get("address") or (None if own else identity.address),
    }


def _charts(case: Case) -> Callable[[Procedure, float, float, float], list[Markup]]:
    """What a template calls to draw a procedure on sheets of a width and of the first and following heights (mm)."""

    def charts(procedure: Procedure, width: float, first: float, following: float) -> list[Markup]:
        from sopwrap.flowchart import Sheet, draw

        return [Markup(svg) for svg in draw(case.sop, procedure, Sheet(width, first, following))]

    return charts


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
        "period": indonesian.period, "long_date": indonesian.long_date, "box": wording.box,
    }  # fmt: skip
    environment.filters.update(filters)
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
