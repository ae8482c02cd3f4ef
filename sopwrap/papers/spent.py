"""How the time of a step was spent: waiting, a person's work, the machine's work; as far as the ledger knows.

The machine's work is measured. A person's is known only where somebody said when they began (``case begin``,
``--began``); then what lies before, and every hold between, was waiting. Where nobody said so, what is left after the
machine's work is given undivided: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sopwrap.case import Round
from sopwrap.indonesian import span
from sopwrap.working_days import DAY, WorkingDays

NONE = timedelta()


@dataclass(frozen=True)
class Spent:
    """The parts of a span. ``undivided`` is a person's waiting and work together, where they cannot be told apart."""

    waiting: timedelta = NONE
    hand: timedelta = NONE
    machine: timedelta = NONE
    undivided: timedelta = NONE

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.waiting + other.waiting,
            self.hand + other.hand,
            self.machine + other.machine,
            self.undivided + other.undivided,
        )


@dataclass(frozen=True)
class Measure:
    """How spans of one step are measured: by the clock, or (``counted``) in what falls on the office's days."""

    days: WorkingDays
    counted: bool

    def of(self, begin: datetime, end: datetime) -> timedelta:
        """How long from one moment to the other; what took less than a day is told as the clock showed it."""
        by_clock = max(end - begin, NONE)
        return self.days.elapsed(begin, end) if self.counted and by_clock >= DAY else by_clock

    def words(self, took: timedelta) -> str:
        """``2 hari kerja 4 jam``, or ``2 hari 4 jam`` where every day counts."""
        told = span(took.total_seconds())
        return told.replace("hari", "hari kerja") if self.counted and not self.days.every else told


def spent(one: Round, measure: Measure) -> Spent:
    """The parts of a finished round; nothing of one that has not ended."""
    if one.finished_at is None:
        return Spent()
    worked = [(run.started_at, run.finished_at) for run in one.runs if run.origin == "run" and run.finished_at]
    machine = timedelta(seconds=one.machine_seconds)
    unseen = machine - sum((end - begin for begin, end in worked), NONE)  # told as an amount only

    def rest(begin: datetime, end: datetime) -> timedelta:
        return sum((measure.of(*gap) for gap in _gaps(begin, end, worked)), NONE)

    if one.method == "machine" or one.actor is None:
        return Spent(waiting=max(rest(one.due_at, one.finished_at) - unseen, NONE), machine=machine)
    if one.began_at is None:
        return Spent(undivided=max(rest(one.due_at, one.finished_at) - unseen, NONE), machine=machine)
    before = max(rest(one.due_at, one.began_at) - unseen, NONE)
    return Spent(waiting=before, hand=rest(one.began_at, one.finished_at), machine=machine)


def parts(took: Spent, measure: Measure) -> list[tuple[str, str]]:
    """The parts in the words of the papers; what took less than a second is left out."""
    named = [
        ("menunggu", took.waiting),
        ("kerja orang", took.hand),
        ("menunggu + kerja orang", took.undivided),
        ("kerja sistem", took.machine),
    ]
    second = timedelta(seconds=1)
    return [(name, measure.words(length)) for name, length in named if length >= second]


def _gaps(
    begin: datetime, end: datetime, taken: Iterable[tuple[datetime, datetime]]
) -> Iterable[tuple[datetime, datetime]]:
    """What is left of a span when others are taken out of it, piece by piece."""
    at = begin
    for since, until in sorted(taken):
        if at < min(since, end):
            yield at, min(since, end)
        at = max(at, min(until, end))
    if at < end:
        yield at, end
