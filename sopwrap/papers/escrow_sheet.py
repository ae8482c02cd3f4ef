"""The sheet of paper on which a holder keeps a share of a key: made in memory, and no paper of any case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sopwrap.escrow import Sheet
from sopwrap.indonesian import long_date
from sopwrap.papers.pdf import bare_pdf


def page(sheet: Sheet, office: Mapping[str, Any], on: date) -> str:
    """The sheet as one HTML page."""
    environment = Environment(loader=PackageLoader("sopwrap"), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("_escrow.html.j2")
    return template.render(sheet=sheet, office=office, dated=long_date(on))


def pdf(sheet: Sheet, office: Mapping[str, Any], on: date) -> bytes:
    """The sheet as a PDF to be printed; nothing is attached to it."""
    return bare_pdf(page(sheet, office, on))
