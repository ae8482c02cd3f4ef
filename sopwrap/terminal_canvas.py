"""A sheet of character cells: lines that join where they meet, arrow heads and texts, in Unicode or plain ASCII.

Coordinates are (row, column), both from 0, the row growing downwards. Lines are kept as the directions in which
each cell is left, so that crossings and corners come out right in whatever order they are drawn.
"""

from __future__ import annotations

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8
_LINES = " ╵╶└╷│┌├╴┘─┴┐┤┬┼"
_ASCII = str.maketrans("╵╶└╷│┌├╴┘─┴┐┤┬┼╭╮╰╯╱╲‹›▼▲►◄…", "|-+||++-+-+++++..''/\\<>v^><~")


class Canvas:
    """A sheet that grows downwards as it is drawn on; what lies left of it or beyond ``width`` is not drawn."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._lines: dict[tuple[int, int], int] = {}
        self._signs: dict[tuple[int, int], str] = {}

    def level(self, row: int, start: int, end: int) -> None:
        """A line in one row, from column to column (both ends included, in either order)."""
        start, end = sorted((start, end))
        for column in range(start, end):
            self._leave((row, column), RIGHT)
            self._leave((row, column + 1), LEFT)

    def plumb(self, column: int, start: int, end: int) -> None:
        """A line in one column, from row to row (both ends included, in either order)."""
        start, end = sorted((start, end))
        for row in range(start, end):
            self._leave((row, column), DOWN)
            self._leave((row + 1, column), UP)

    def text(self, row: int, column: int, text: str) -> None:
        """Write over whatever is there; what no terminal may be sent (control signs) is written as a question mark."""
        for offset, sign in enumerate(text):
            if 0 <= column + offset < self.width:
                self._signs[row, column + offset] = sign if sign.isprintable() else "?"

    def rows(self, *, ascii_only: bool = False) -> list[str]:
        """The sheet as lines without blanks at their ends."""
        last = max((row for row, _ in [*self._signs, *self._lines]), default=-1)
        found = ["".join(self._sign(row, column) for column in range(self.width)).rstrip() for row in range(last + 1)]
        return [line.translate(_ASCII) for line in found] if ascii_only else found

    def _leave(self, cell: tuple[int, int], direction: int) -> None:
        self._lines[cell] = self._lines.get(cell, 0) | direction

    def _sign(self, row: int, column: int) -> str:
        return self._signs.get((row, column)) or _LINES[self._lines.get((row, column), 0)]
