from __future__ import annotations

from sopwrap.papers.docx_looks import Look
from sopwrap.papers.docx_words import EMPTY, TICKED, plain, tidy
from sopwrap.papers.wording import box
from tests.unit.sopwrap.docx_tools import lines, made


def test_white_space_is_what_a_reader_of_the_page_sees() -> None:
    look = Look()
    parts = [(plain("\n  a \n"), look), (plain(" b"), look), ("\n", look), (plain(" \u200bc \n"), look)]
    assert "".join(text for text, _ in tidy(parts)) == "a b\nc"


def test_a_tick_box_is_the_sign_a_word_processor_has() -> None:
    assert lines(made(f"<p>{box(True)} ya {box(False)} tidak</p>")) == [f"{TICKED} ya {EMPTY} tidak"]


def test_type_follows_the_page() -> None:
    (paragraph,) = [one for one in made('<p>a <i lang="en">backup</i> <b>c</b></p>').paragraphs if one.text]
    italic = next(run for run in paragraph.runs if run.italic)
    assert italic.text == "backup"
    assert 'w:lang w:val="en-US"' in italic._element.xml
    assert [run.text for run in paragraph.runs if run.bold] == ["c"]


def test_what_is_hidden_on_the_page_is_not_written() -> None:
    assert lines(made('<p><span style="visibility:hidden">I.</span> NIP</p>')) == ["NIP"]
