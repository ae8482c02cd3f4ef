"""A table as it lies in a file: rows of texts, and which cells are part of a larger one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Cell = tuple[int, int]
ABOVE = "↑"
"""What a CSV cell says that belongs to the one above it (a merged cell)."""


@dataclass(frozen=True)
class Grid:
    """Rows of equal length. ``origins`` maps a cell covered by a merged one to that cell's upper left corner.

    ``name`` is the sheet's (empty where the file has one table only), ``heading`` the lines before the table.
    """

    rows: tuple[tuple[str, ...], ...]
    origins: dict[Cell, Cell] = field(default_factory=dict)
    name: str = ""
    heading: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def above(self, row: int, column: int) -> bool:
        """True where the cell belongs to one that begins in a row above."""
        return self.origins.get((row, column), (row, column))[0] < row

    def top(self, row: int, column: int) -> str:
        """The text of the whole merged cell this one is part of."""
        origin = self.origins.get((row, column), (row, column))
        return self.rows[origin[0]][origin[1]]


def grid(rows: list[list[str]], origins: dict[Cell, Cell] | None = None, name: str = "", heading: object = ()) -> Grid:
    """Make a grid of rows that may differ in length; a cell that says `↑` belongs to the one above it."""
    width = max((len(row) for row in rows), default=0)
    even = [tuple([clean(cell) for cell in row] + [""] * (width - len(row))) for row in rows]
    covered = dict(origins or {})
    for number, row in enumerate(even):
        for column, cell in enumerate(row):
            if cell == ABOVE and number:
                covered[number, column] = covered.get((number - 1, column), (number - 1, column))
    blank = tuple(
        tuple("" if (number, column) in covered else cell for column, cell in enumerate(row))
        for number, row in enumerate(even)
    )
    lines = tuple(str(line) for line in heading) if isinstance(heading, list | tuple) else ()
    return Grid(blank, covered, name, lines)


def clean(text: object) -> str:
    """A cell's text: lines kept, blanks within them single, signs that no paper has taken out."""
    said = "" if text is None else str(text)
    said = re.sub(r"_x000D_|\r\n?|\v|\f|\x85|\u2028|\u2029", "\n", said)
    said = "".join(sign for sign in said if sign == "\n" or sign.isprintable() or sign in "\t\u00a0")
    lines = [" ".join(line.split()) for line in said.split("\n")]
    return "\n".join(line for line in lines if line)


def flat(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def compact(text: str) -> str:
    """A text for comparing headings: letters and digits alone, so that a word broken by the page (Wakt u) is whole."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def slug(text: str, taken: set[str]) -> str:
    """An id made of a text (a-z, 0-9, hyphens, at most 40), unlike those taken; it is added to them."""
    made = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:40].strip("-") or "x"
    found, number = made, 1
    while found in taken:
        number += 1
        found = f"{made}-{number}"
    taken.add(found)
    return found
