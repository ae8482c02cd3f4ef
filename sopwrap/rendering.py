"""Renders several documents of one case or office, side by side where that is worth it.

A paper of a thousand assets takes a processor five to ten seconds, and no two papers need each other.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

from sopwrap.case import Case
from sopwrap.documents import check, page, printed, render
from sopwrap.office_view import Subject

MANY = 100
"""Assets of a case from which its papers are rendered side by side: before, starting takes longer than it saves."""

AT_ONCE = 4
"""Papers rendered at once, at most: one of a thousand assets takes 250 MB meanwhile."""

Wanted = tuple[str, str]
"""The id of a document, and a format."""


def render_all(subject: Subject, wanted: Sequence[Wanted], logo: bytes | None = None) -> list[bytes]:
    """Return the files' bytes in the order of ``wanted``, the same as `render` gives; raise what it raises."""
    workers = min(AT_ONCE, os.cpu_count() or 1, len(wanted))
    if workers < 2 or not isinstance(subject, Case) or len(subject.assets) < MANY:
        return [render(subject, document, fmt, logo=logo) for document, fmt in wanted]
    for document, fmt in wanted:
        check(subject, document, fmt)
    if any(fmt == "pdf" for _, fmt in wanted):
        from sopwrap.papers.pdf import make_ready

        make_ready(subject)
    with ProcessPoolExecutor(workers, get_context("fork"), _Printer.begin, (subject, logo)) as pool:
        return _side_by_side(pool, wanted)


def _side_by_side(pool: Executor, wanted: Sequence[Wanted]) -> list[bytes]:
    """The longest paper first: begun last, it would keep one process busy while the others have nothing left to do."""
    documents = list(dict.fromkeys(document for document, _ in wanted))
    pages = dict(zip(documents, pool.map(_Printer.page, documents), strict=True))
    longest = sorted(dict.fromkeys(wanted), key=lambda one: len(pages[one[0]]), reverse=True)
    made = dict(zip(longest, pool.map(_Printer.one, longest, [pages[one[0]] for one in longest]), strict=True))
    return [made[one] for one in wanted]


class _Printer:
    """What a process of the pool renders from; it is handed over by forking, never written down."""

    subject: Subject
    logo: bytes | None

    @classmethod
    def begin(cls, subject: Subject, logo: bytes | None) -> None:
        cls.subject, cls.logo = subject, logo
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)  # the command itself says that it was interrupted

    @classmethod
    def page(cls, document: str) -> str:
        return page(cls.subject, document, cls.logo)

    @classmethod
    def one(cls, wanted: Wanted, text: str) -> bytes:
        return printed(text, cls.subject, *wanted)
