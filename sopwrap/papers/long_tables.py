"""A paper whose tables go on for dozens of pages, cut where a row begins, so that a few pages are laid out at a time.

WeasyPrint keeps some megabytes for every page until the file is written, and its work for a page grows with the
number of pages. A part that is laid out alone ends on a page that may not be full, so that page is left out and the
next part begins with its rows: the pages are those of the paper laid out whole.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROW = '<tbody class="row">'
ROW_ID = "baris_"
PART = 70_000
"""Characters of HTML laid out at once: about 17 pages of a table printed in full, 8 of a dense one, and 80 MB."""

LONG = 2 * PART
"""Characters of HTML from which a paper is cut at all."""

CONTINUED = '<table style="margin-top: 0"'
WRAPPER = re.compile(r"<(/?)(?:div|section)\b")


@dataclass(frozen=True)
class LongTables:
    """A page cut before each of its rows."""

    head: str
    """Everything up to and with ``<body …>``."""

    rows: tuple[str, ...]
    """First what comes before all rows, then each row with all that follows it up to the next."""

    openings: tuple[str, ...]
    """For each of ``rows`` what has to stand before it at the head of a part: its table's columns and headings.
    Empty where no part can begin, because the row before it is in another table."""

    def part(self, start: int, end: int) -> str:
        """A page of the rows from ``start`` up to and without ``end``, each to be found again by its id."""
        named = ROW.replace(">", f' id="{ROW_ID}{{}}">')
        rows = (row.replace(ROW, named.format(number)) for number, row in enumerate(self.rows[start:end], start))
        return self.head + self.openings[start] + "".join(rows)

    def after(self, start: int, size: int) -> int:
        """The row at which a part of so many characters ends."""
        end = start
        while end < len(self.rows) and size > 0:
            size -= len(self.rows[end])
            end += 1
        return end


def cut(html: str) -> LongTables | None:
    """Cut a page before its rows; None where it is short, or its tables lie in parts of other pages than the rest."""
    if len(html) < LONG or html.count(ROW) < 2:
        return None
    begin = html.index(">", html.index("<body")) + 1
    rows = re.split(f"(?={ROW})", html[begin:])
    if sum(-1 if closes else 1 for closes in WRAPPER.findall(rows[0])):
        return None
    openings, opening = [""], rows[0][rows[0].rindex("<table") :]
    for before in rows[:-1]:
        if first := "<table" in before:
            opening = before[before.rindex("<table") :]
        openings.append("" if first else opening.replace("<table", CONTINUED, 1))
    return LongTables(html[:begin], tuple(rows), tuple(openings))


def each_part(tables: LongTables, lay_out: Callable[[str], Any], write: Callable[[Any], None]) -> None:
    """Lay a paper out as several of WeasyPrint's documents and hand each to ``write``, in order; together they are
    all its pages. No part is kept after that, and what it leaves behind is thrown away at once."""
    start, size = 0, PART
    while start < len(tables.rows):
        following = _one_part(tables, start, tables.after(start, size), lay_out, write)
        start, size = (following, PART) if following > start else (start, size * 2)
        gc.collect()


def _one_part(
    tables: LongTables, start: int, end: int, lay_out: Callable[[str], Any], write: Callable[[Any], None]
) -> int:
    """Write what can be written of these rows; return the row with which the next part begins."""
    document = lay_out(tables.part(start, end))
    if end == len(tables.rows):
        write(document)
        return end
    pages, following = _full(document.pages, tables)
    if pages:
        write(document.copy(document.pages[:pages]))
    return following


def _full(pages: list[Any], tables: LongTables) -> tuple[int, int]:
    """How many pages are as they will be whatever follows, and the row the next one begins with; (0, 0) for none."""
    rows = [_rows(page) for page in pages]
    for number in range(len(pages) - 1, 0, -1):
        first = min(rows[number], default=0)
        if first and tables.openings[first] and first not in rows[number - 1]:
            return number, first
    return 0, 0


def _rows(page: Any) -> set[int]:
    return {int(name.removeprefix(ROW_ID)) for name in page.anchors if name.startswith(ROW_ID)}
