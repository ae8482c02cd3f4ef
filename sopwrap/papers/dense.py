"""Papers of many entries: what went as it should takes one line each, what did not comes first and in full.

Nobody reads or signs 250 pages. From MANY entries on a paper says once what is the same of all, prints the first digits
of digests, and leaves the rest to the data the paper is made from, which it carries and names with its SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MANY = 100
"""Entries a paper prints in full. A hundred are 25 pages of a manifest; ordinary offices have a few dozen."""

DIGITS = 16
"""Of a digest that is whole in the data beside the paper: nobody has two contents with the same 64 bits by chance."""

TOGETHER = 5
"""Lines that stand together, so that the eye finds its way across the page."""

ORDINARY, EXCEPTIONS = "Daftar ringkas", "Daftar ringkas pengecualian"
UNKNOWN = "–"


@dataclass(frozen=True)
class Column(Generic[T]):
    """One thing a dense table says of an entry: its heading, the millimetres it ``needs`` for one line, its words.

    ``look`` is the class of its cells; a column that ``stays`` is not said once for all where all say the same, and
    a ``quiet`` one is not told of at all where it has nothing to say.
    """

    head: str
    needs: float
    words: Callable[[T], str]
    look: str = ""
    stays: bool = False
    quiet: bool = False


NUMBER, NUMBER_NEEDS = "No", 9.0


@dataclass(frozen=True)
class Table:
    """A dense table: what is the same of all entries (heading, words), then the columns in which they differ."""

    common: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    """In hundredths of the page's width."""

    rows: tuple[tuple[tuple[str, str], ...], ...]
    """For each entry the class and the words of every cell."""

    def groups(self) -> Iterator[tuple[tuple[tuple[str, str], ...], ...]]:
        """The rows, a few at a time."""
        for begin in range(0, len(self.rows), TOGETHER):
            yield self.rows[begin : begin + TOGETHER]


Numbered = tuple[int, T]
"""An entry with its number in the paper, from 1."""


@dataclass(frozen=True)
class Parts(Generic[T]):
    """The entries of a paper: those it prints in full, and lists of the others, each under its heading."""

    full: tuple[Numbered[T], ...]
    lists: tuple[tuple[str, tuple[Numbered[T], ...]], ...] = ()

    @property
    def in_full(self) -> bool:
        """Whether the paper has its full table: not where every entry is listed."""
        return bool(self.full) or not self.lists


def parts(entries: Sequence[T], exceptions: Iterable[T] = ()) -> Parts[T]:
    """Divide the entries of a paper: all in full where they are few, else the ``exceptions`` among them alone.

    Exceptions that are many themselves are listed too, before the rest.
    """
    numbered = tuple(enumerate(entries, 1))
    if len(entries) < MANY:
        return Parts(numbered)
    known = {id(one) for one in exceptions}
    odd = tuple(one for one in numbered if id(one[1]) in known)
    rest = tuple(one for one in numbered if id(one[1]) not in known)
    full, listed = (odd, ()) if len(odd) < MANY else ((), odd)
    return Parts(full, tuple(one for one in ((EXCEPTIONS, listed), (ORDINARY, rest)) if one[1]))


def table(entries: Sequence[Numbered[T]], columns: Mapping[str, Column[T]], names: Iterable[str]) -> Table:
    """One line for each of the entries: its number, and what the columns named say of it."""
    told = [(columns[name], [columns[name].words(entry) or UNKNOWN for _, entry in entries]) for name in names]
    differing = [(one, words) for one, words in told if one.stays or len(set(words)) > 1]
    common = [(one.head, words[0]) for one, words in told if not one.stays and len(set(words)) == 1]
    quiet = {(one.head, UNKNOWN) for one, _ in told if one.quiet}
    needs = (NUMBER_NEEDS, *(one.needs for one, _ in differing))
    widths = tuple(round(100 * one / sum(needs), 2) for one in needs)
    numbers = [("c", str(number)) for number, _ in entries]
    cells = zip(numbers, *([(one.look, word) for word in words] for one, words in differing), strict=True)
    heads = (NUMBER, *(one.head for one, _ in differing))
    return Table(tuple(one for one in common if one not in quiet), heads, widths, tuple(cells))
