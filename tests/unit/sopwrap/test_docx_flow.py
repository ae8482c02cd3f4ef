from __future__ import annotations

import re
from html import unescape

import pytest
from docx.enum.section import WD_ORIENT

from sopwrap import documents
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.docx_tools import lines, made, opened
from tests.unit.sopwrap.paper_tools import html

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="10mm"><rect width="9" height="9"/></svg>'


@pytest.mark.parametrize("document", ["minutes", "checklist", "report", "order"])
def test_every_word_of_the_page_is_in_the_file(document: str) -> None:
    case = cases.finished()
    body = opened(documents.render(case, document, "docx")).element.body
    found = "".join(one.text or "" for one in body.iter() if one.tag.endswith("}t")).replace(" ", "")
    page = html(case, document).partition("<body")[2].partition("<footer")[0]
    words = unescape(re.sub(r"<[^>]+>", " ", page.partition(">")[2])).replace("\u200b", "").split()
    assert len(words) > 50
    assert [word for word in words if word not in found] == []


def test_headings_lists_and_breaks_become_lines_in_their_order() -> None:
    page = "<h1>Judul</h1><p>satu<br>dua</p><ol class='letters'><li>a<li>b</ol><ul><li>c</ul><div>x <b>y</b></div>"
    assert lines(made(page)) == ["Judul", "satu\ndua", "a. a", "b. b", "• c", "x y"]


def test_a_wide_paper_lies_on_its_side_and_a_wide_chart_turns_only_its_own_pages() -> None:
    assert made("<p>x</p>", "landscape").sections[0].orientation == WD_ORIENT.LANDSCAPE
    chart = f"<p>before</p><section class='chart wide'><div class='sheet'>{DRAWING}</div></section><p>after</p>"
    assert [one.orientation for one in made(chart).sections] == [0, 1, 0]


def test_two_wide_parts_in_a_row_and_one_at_the_end_leave_no_empty_page() -> None:
    part = "<section class='annex wide'><p>x</p></section>"
    assert [one.orientation for one in made(f"<p>a</p>{part}{part}").sections] == [0, 1, 1]


def test_a_drawing_is_shown_at_its_own_size() -> None:
    (picture,) = made(DRAWING).inline_shapes
    assert round(picture.width.mm) == 40
    assert picture._inline.docPr.get("descr") == "Diagram alir"


def test_the_coat_of_arms_stands_in_the_letterhead() -> None:
    logo = b"<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'><rect width='9' height='9'/></svg>"
    file = opened(documents.render(cases.finished(), "minutes", "docx", logo=logo))
    assert len(file.inline_shapes) + file.element.body.xml.count("<pic:pic ") >= 1
