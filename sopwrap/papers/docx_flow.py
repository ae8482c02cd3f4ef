"""The body of a paper as DOCX blocks: headings, paragraphs, lists, tables, pictures, in the order of the page."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, tostring

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from sopwrap.papers.docx_looks import Look
from sopwrap.papers.docx_pictures import as_png
from sopwrap.papers.docx_tables import HEIGHT, write_table
from sopwrap.papers.docx_words import inline, pieces, plain, tidy, write

MARGINS = {"landscape": (16.0, 15.0, 17.0, 18.0), "portrait": (17.0, 20.0, 19.0, 27.0)}  # mm: top, right, bottom, left
LONG, SHORT = 297.0, 210.0
TEXT = frozenset({"h1", "h2", "h3", "p", "li"})
PAGES = frozenset({"chart", "annex"})  # parts that begin a page of their own
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def shape(section: Any, orientation: str) -> float:
    """Set a section's page as the style sheet does; return the width between the margins in mm."""
    wide = orientation == "landscape"
    width, height = (LONG, SHORT) if wide else (SHORT, LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    top, right, bottom, left = MARGINS[orientation]
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance, section.footer_distance = Mm(7), Mm(8)
    return width - left - right


class Flow:
    """Writes the elements of one page into a document. ``width`` is the room between the margins in mm."""

    def __init__(self, document: Any, orientation: str) -> None:
        self._document = document
        self._orientation = orientation
        self._break = False  # the next paragraph begins a page
        self._turned = False  # the last section lies on its side, and what follows it has not begun yet
        self._width = shape(document.sections[0], orientation)

    def write(self, body: Element) -> None:
        """Write everything in the page's body."""
        self._fill(body, self._document, Look(), self._width)

    def _fill(self, element: Element, container: Any, look: Look, width: float) -> None:
        """Write what stands in an element: lines of text become paragraphs, blocks their own."""
        parts = [(plain(element.text), look)]
        for child in element:
            if inline(child):
                parts += pieces(child, look)
            else:
                self._line(parts, container, look)
                self._block(child, container, look, width)
                parts = []
            parts.append((plain(child.tail), look))
        self._line(parts, container, look)
        _end_with_paragraph(container)

    def _line(self, parts: list[tuple[str, Look]], container: Any, look: Look) -> None:
        if said := tidy(parts):
            self._upright(container)
            write(self._begun(container), said, look)

    def _begun(self, container: Any) -> Any:
        """The paragraph that comes next, on a new page where one is due (a break alone could make an empty one)."""
        paragraph = _paragraph(container)
        if self._break and not hasattr(container, "_tc"):
            self._break = False
            paragraph.paragraph_format.page_break_before = True
        return paragraph

    def _block(self, element: Element, container: Any, look: Look, width: float) -> None:
        classes = (element.get("class") or "").split()
        if element.tag in ("style", "script", "footer") or "rule" in classes:
            return
        if PAGES & set(classes):
            self._pages(element, container, look, "wide" in classes)
            return
        self._upright(container)
        if element.tag == "table":
            write_table(element, container, look, width, self._fill)
            _gap(container)
        elif element.tag in ("ol", "ul"):
            self._list(element, container, look, width)
        elif element.tag in ("svg", "img"):
            self._picture(element, container, width)
        elif "kop" in classes:
            self._letterhead(element, container, look, width)
        elif element.tag == "div" and (found := HEIGHT.search(element.get("style") or "")):
            write(_paragraph(container), [], replace(look, before=float(found[1]) * 2.8))
        else:
            self._fill(element, container, look.within(element), width)

    def _list(self, element: Element, container: Any, look: Look, width: float) -> None:
        lettered = "letters" in (element.get("class") or "")
        for number, item in enumerate((one for one in element if one.tag == "li"), 1):
            mark = "•" if element.tag == "ul" else f"{LETTERS[(number - 1) % 26]}." if lettered else f"{number}."
            inside = replace(look.within(item), indent=17.0)
            parts = [(f"{mark} ", inside), (plain(item.text), inside)]
            for child in item:
                parts += [*pieces(child, inside), (plain(child.tail), inside)]
            self._line(parts, container, inside)

    def _letterhead(self, element: Element, container: Any, look: Look, width: float) -> None:
        """The coat of arms beside the lines, a double rule below."""
        logo = element.find(".//img")
        lines = next(one for one in element if one.get("class") == "lines")
        table = container.add_table(0, 1)
        row = table.add_row()
        cell = row.cells[0]
        cell.width = Mm(width)
        if logo is not None:
            self._picture(logo, cell, 21.0)
            cell.paragraphs[-1].alignment = 1
        for line in lines:
            inside = look.within(lines).within(line)
            inside = replace(inside, upper=line.tag != "small")
            self._line([(plain("".join(line.itertext())), inside)], cell, inside)
        _double_rule(cell)
        _gap(container)

    def _upright(self, container: Any) -> None:
        """Begin a section of the paper's own orientation where the last one lies on its side."""
        if self._turned and not hasattr(container, "_tc"):
            self._turned = False
            shape(container.add_section(WD_SECTION.NEW_PAGE), self._orientation)

    def _pages(self, element: Element, container: Any, look: Look, wide: bool) -> None:
        """A part that begins a page; wide ones turn it."""
        turned = wide and self._orientation == "portrait"
        if turned:
            width = shape(container.add_section(WD_SECTION.NEW_PAGE), "landscape")
        else:
            width, self._break = self._width, True
        sheets = [one for one in element if one.get("class") == "sheet"]
        for number, sheet in enumerate(sheets or [element]):
            self._break = self._break or number > 0
            self._turned = False
            self._fill(sheet, container, look, width)
        self._turned = turned

    def _picture(self, element: Element, container: Any, width: float) -> None:
        """A drawing, or the coat of arms, no wider than ``width`` mm."""
        if element.tag == "svg":
            picture, across = as_png(tostring(element, encoding="unicode"))
            across = min(across, width)
        else:
            kind, _, coded = (element.get("src") or "").partition(";base64,")
            picture, across = base64.b64decode(coded), min(width, 21.0)
            if kind.endswith("svg+xml"):
                picture, _ = as_png(picture.decode())
        paragraph = self._begun(container)
        shown = paragraph.add_run().add_picture(io.BytesIO(picture), width=Mm(across))
        shown._inline.docPr.set("descr", element.get("alt") or "Diagram alir")


def _paragraph(container: Any) -> Any:
    """The empty paragraph a new cell has, else a new one."""
    paragraphs = container.paragraphs if hasattr(container, "_tc") else []
    if len(paragraphs) == 1 and not paragraphs[0].runs and len(container._tc.xpath("./w:tbl")) == 0:
        return paragraphs[0]
    return container.add_paragraph()


def _end_with_paragraph(container: Any) -> None:
    """A cell has to end with a paragraph; one after a table is made as small as it can be."""
    if hasattr(container, "_tc") and container._tc[-1].tag == qn("w:tbl"):
        write(container.add_paragraph(), [], Look(size=1.0))


def _gap(container: Any) -> None:
    """Two tables in a row would become one: a small paragraph stands between them."""
    paragraph = container.add_paragraph()
    write(paragraph, [], Look(keep=False, after=3.0))
    paragraph.paragraph_format.line_spacing = Mm(1)


def _double_rule(cell: Any) -> None:
    borders, line = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for key, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)
