"""Short words for tests of the papers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from html import unescape

import pypdf

from sopwrap import documents
from sopwrap.case import Case, StepView


def html(case: Case, document: str) -> str:
    return documents.render(case, document, "html").decode()


def text(page: str) -> str:
    """What a reader sees: no tags, one blank between words."""
    page = re.sub(r"<style>.*?</style>|<svg xmlns.*?</svg>", " ", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page.replace("<br>", " ").replace("\u200b", ""))).split())


def changed(case: Case, step: str, **last_round: object) -> Case:
    """The case with its last round of one step changed."""
    views = [
        StepView(view.step, (*view.rounds[:-1], replace(view.rounds[-1], **last_round)))  # type: ignore[arg-type]
        if view.step.id == step
        else view
        for view in case.steps
    ]
    return replace(case, steps=tuple(views))


@lru_cache
def once(make: Callable[[], Case], document: str) -> bytes:
    """The PDF of an example case, rendered once for all tests that only look at it."""
    return documents.render(make(), document, "pdf")


def pages(case: Case, document: str, made: bytes | None = None) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(made or documents.render(case, document, "pdf")))
    return [page.extract_text() for page in reader.pages]
