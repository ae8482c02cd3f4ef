from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from sopwrap.papers import long_tables
from sopwrap.papers.long_tables import ROW, ROW_ID, LongTables, cut, each_part

TABLE = "<table class='grid'><thead></thead>"


def row(number: int) -> str:
    return f"{ROW}<tr><td>{number}</td></tr></tbody>"


def page(*tables: int) -> str:
    """A page of tables of so many rows, numbered throughout."""
    numbers = iter(range(1, sum(tables) + 1))
    drawn = "<h2>Tabel</h2>".join(
        TABLE + "".join(row(next(numbers)) for _ in range(count)) + "</table>" for count in tables
    )
    return f"<html><head></head><body class='x'><h1>Judul</h1>{drawn}<p>Penutup</p></body></html>"


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_tables, "LONG", 1)
    monkeypatch.setattr(long_tables, "PART", 4 * len(row(1)))
    # a collection looks at all the tests hold, each time
    monkeypatch.setattr(long_tables, "gc", SimpleNamespace(collect=lambda: None))


def parted(html: str) -> LongTables:
    tables = cut(html)
    assert tables is not None
    return tables


@dataclass
class Page:
    """What is asked of a page of WeasyPrint's: the ids on it."""

    anchors: dict[str, None]


@dataclass
class Document:
    pages: list[Page]

    def copy(self, pages: list[Page]) -> Document:
        return Document(pages)


@dataclass
class Printer:
    """Lays rows out on pages: so many each, or the whole of a row on several pages where it is said to be tall."""

    room: int
    tall: frozenset[int] = frozenset()
    written: list[list[int]] = field(default_factory=list)

    def lay_out(self, html: str) -> Document:
        numbers = [int(one.split('"')[0]) for one in html.split(f'id="{ROW_ID}')[1:]]
        pages: list[list[int]] = [[]]
        for number in numbers:
            if len(pages[-1]) == self.room:
                pages.append([])
            pages[-1].append(number)
            if number in self.tall:
                pages.append([number])
        return Document([Page(dict.fromkeys(f"{ROW_ID}{number}" for number in one)) for one in pages])

    def write(self, document: Document) -> None:
        self.written += [[int(name.removeprefix(ROW_ID)) for name in one.anchors] for one in document.pages]


@pytest.mark.parametrize("tall", [(), (5, 6, 7), tuple(range(3, 20))])
@pytest.mark.parametrize("room", [1, 2, 3, 7])
@pytest.mark.parametrize("counts", [(20,), (3, 17), (7, 1, 12)])
def test_the_pages_are_those_of_the_paper_laid_out_whole(
    counts: tuple[int, ...], room: int, tall: tuple[int, ...]
) -> None:
    tables = parted(page(*counts))
    whole, parts = Printer(room, frozenset(tall)), Printer(room, frozenset(tall))
    whole.write(whole.lay_out(tables.part(0, len(tables.rows))))
    each_part(tables, parts.lay_out, parts.write)
    assert parts.written == whole.written


def test_a_part_begins_with_the_columns_of_its_table_and_never_at_the_head_of_one() -> None:
    tables = parted(page(2, 2))
    assert [bool(one) for one in tables.openings] == [False, False, True, False, True]
    assert tables.part(2, 3).startswith("<html><head></head><body class='x'><table style=\"margin-top: 0\" class=")
    assert "Judul" not in tables.part(2, 3)


def test_what_stands_between_and_after_the_tables_is_kept_in_its_place() -> None:
    tables = parted(page(2, 2))
    whole = tables.part(0, len(tables.rows))
    for number in range(1, 5):
        whole = whole.replace(f' id="{ROW_ID}{number}"', "")
    assert whole == page(2, 2)


def test_a_short_paper_and_one_whose_tables_lie_on_pages_of_their_own_are_left_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert cut(page(5).replace("<h1>", '<section class="annex"><h1>')) is None
    assert cut("<html><body><p>Tanpa tabel</p></body></html>") is None
    monkeypatch.setattr(long_tables, "LONG", 100_000)
    assert cut(page(5)) is None
