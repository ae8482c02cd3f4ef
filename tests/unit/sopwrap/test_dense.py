from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest

from sopwrap import papers
from sopwrap.papers.dense import MANY, Column, parts, table
from sopwrap.papers.pdf import bare_pdf

STYLE = Path(papers.__file__).resolve().parents[1] / "templates" / "_style.css"

COLUMNS: dict[str, Column[int]] = {
    "square": Column("Kuadrat", 30, lambda one: str(one * one), "r"),
    "kind": Column("Jenis", 20, lambda one: "bilangan"),
    "odd": Column("Ganjil", 10, lambda one: "ya" if one % 2 else ""),
    "sign": Column("Paraf", 20, lambda one: " ", stays=True),
    "message": Column("Pesan", 40, lambda one: "", quiet=True),
    "nothing": Column("Keterangan", 40, lambda one: ""),
}


def test_a_paper_prints_in_full_what_is_less_than_many() -> None:
    entries = list(range(MANY - 1))
    found = parts(entries, entries[:5])
    assert found.full == tuple(enumerate(entries, 1))
    assert not found.lists
    assert found.in_full


def test_of_many_the_exceptions_are_printed_in_full_and_the_rest_is_listed_each_under_its_number() -> None:
    entries = [1000 + one for one in range(MANY)]
    found = parts(entries, [entries[7], entries[3]])
    assert found.full == ((4, entries[3]), (8, entries[7]))
    ((heading, listed),) = found.lists
    assert heading == "Daftar ringkas"
    assert [number for number, _ in listed] == [one for one in range(1, MANY + 1) if one not in (4, 8)]


def test_exceptions_that_are_many_themselves_are_listed_before_the_rest() -> None:
    entries = [1000 + one for one in range(MANY + 3)]
    found = parts(entries, entries[:MANY])
    assert not found.in_full
    assert [(heading, len(listed)) for heading, listed in found.lists] == [
        ("Daftar ringkas pengecualian", MANY),
        ("Daftar ringkas", 3),
    ]


def test_an_empty_paper_keeps_its_empty_table() -> None:
    assert parts([]).in_full


def test_what_is_the_same_of_all_is_said_once_and_every_line_has_its_number() -> None:
    found = table([(7, 2), (9, 3)], COLUMNS, ["square", "kind", "odd", "sign", "message", "nothing"])
    assert found.common == (("Jenis", "bilangan"), ("Keterangan", "–"))
    assert found.heads == ("No", "Kuadrat", "Ganjil", "Paraf")
    assert found.rows == (
        (("c", "7"), ("r", "4"), ("", "–"), ("", " ")),
        (("c", "9"), ("r", "9"), ("", "ya"), ("", " ")),
    )
    assert sum(found.widths) == pytest.approx(100, abs=0.1)


def test_lines_stand_together_five_at_a_time() -> None:
    found = table([(one, one) for one in range(12)], COLUMNS, ["square"])
    assert [len(group) for group in found.groups()] == [5, 5, 2]


@pytest.mark.parametrize("left", [15, 20, 60])
def test_a_list_begins_with_all_lines_that_stand_together_or_on_the_next_page(left: int) -> None:
    group = "<tbody class='row'>" + "<tr><td>baris</td></tr>" * 5 + "</tbody>"
    found = f"<table class='grid dense'><thead><tr><th>Butir</th></tr></thead>{group * 2}</table>"
    page = "<style>" + STYLE.read_text(encoding="utf-8") + "@page { size: 100mm 100mm; margin: 0 }</style>"
    page += f"<div style='height:{100 - left}mm'></div><p class='list'>Daftar ringkas</p>{found}"
    first = pypdf.PdfReader(io.BytesIO(bare_pdf(page))).pages[0].extract_text()
    assert ("Daftar ringkas" in first, first.count("baris")) == ((True, 10) if left == 60 else (False, 0))
