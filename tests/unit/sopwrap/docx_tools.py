"""Short words for tests of DOCX files."""

from __future__ import annotations

import io
from typing import Any

from docx import Document

from sopwrap.papers.docx_file import as_docx
from tests.unit.sopwrap import cases


def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def made(body: str, orientation: str = "portrait") -> Any:
    """A document made of a page with this body."""
    page = f"<!doctype html><html><head><title>T</title></head><body class={orientation}>{body}</body></html>"
    return opened(as_docx(page, cases.finished()))


def lines(document: Any) -> list[str]:
    return [one.text for one in document.paragraphs if one.text]
