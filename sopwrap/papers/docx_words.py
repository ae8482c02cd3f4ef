"""Paragraphs and runs of a DOCX file: the text of an HTML element, piece by piece, with the look of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from sopwrap.papers.docx_looks import MONO_FONT, TEXT_FONT, Look

INLINE = frozenset({"a", "b", "br", "i", "small", "span", "svg"})
TICKED, EMPTY = "☒", "☐"
BLANK = re.compile(r"[ \t\r\n]+")
UNSEEN = "\u200b"  # helps WeasyPrint break lines; a word processor needs none
ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def inline(node: Element) -> bool:
    """True for what belongs into a line of text; a drawing that is no tick box does not."""
    return node.tag in INLINE and (node.tag != "svg" or node.get("class") == "box")


def pieces(element: Element, look: Look) -> Iterator[tuple[str, Look]]:
    """An inline element's text cut where its look changes; a line break is ``\\n``, a tick box its sign."""
    if "visibility:hidden" in (element.get("style") or ""):
        return
    if element.tag == "br":
        yield "\n", look
    elif element.tag == "svg":
        yield (TICKED if element.get("aria-label") == "dicentang" else EMPTY), look
    else:
        inside = look.within(element)
        yield plain(element.text), inside
        for child in element:
            yield from pieces(child, inside)
            yield plain(child.tail), inside


def plain(text: str | None) -> str:
    """The text as a reader sees it: one blank where the page has white space."""
    return BLANK.sub(" ", (text or "").replace(UNSEEN, ""))


def tidy(parts: list[tuple[str, Look]]) -> list[tuple[str, Look]]:
    """The pieces of one paragraph without blanks at its ends, around line breaks, or twice in a row."""
    found: list[tuple[str, Look]] = []
    for text, look in parts:
        before = found[-1][0] if found else "\n"
        part = text.lstrip(" ") if before.endswith((" ", "\n")) else text
        if part == "\n" and found and found[-1][0].endswith(" "):
            found[-1] = (found[-1][0].rstrip(" "), found[-1][1])
        if part:
            found.append((part, look))
    while found and not found[-1][0].strip():
        found.pop()
    return [*found[:-1], (found[-1][0].rstrip(), found[-1][1])] if found else []


def write(paragraph: Paragraph, parts: list[tuple[str, Look]], look: Look) -> None:
    """Put the pieces into a paragraph of this look."""
    shape = paragraph.paragraph_format
    paragraph.alignment = ALIGNMENTS[look.align]
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.line_spacing = 1.1
    shape.keep_with_next = look.keep or None
    if look.indent:
        shape.left_indent = Pt(look.indent)
    for text, one in parts:
        run = paragraph.add_run(text)
        set_type(run, one)


def set_type(run: Any, look: Look) -> None:
    """Give a run the type of this look; words of another language carry it, so that no spelling check marks them."""
    run.font.name = MONO_FONT if look.mono else TEXT_FONT
    run.font.size = Pt(look.size)
    run.bold, run.italic = look.bold or None, look.italic or None
    run.underline = look.underline or None
    run.font.all_caps = look.upper or None
    if look.foreign:
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-US")
        run._element.get_or_add_rPr().append(language)
