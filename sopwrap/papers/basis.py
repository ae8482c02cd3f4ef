"""What a case rests on, in the words of the papers: the order, the request, or the schedule it began with."""

from __future__ import annotations

from dataclasses import dataclass

from sopwrap.case import Case
from sopwrap.indonesian import date_time, entered_date, period
from sopwrap.papers import people
from sopwrap.papers.timing import zone_of

LABELS = {"order": "Perintah", "request": "Permohonan", "schedule": "Jadwal"}


@dataclass(frozen=True)
class Basis:
    """``label`` names the kind of ground; ``text`` says who gave it, when and on what letter; empty until known."""

    label: str
    text: str

    @property
    def sentence(self) -> str:
        """The same in the middle of a sentence: ``perintah Drs. … pada 8 Mei 2026 …``; empty until known."""
        return f"{self.label.lower()} {self.text}" if self.text else ""


def basis(case: Case) -> Basis:
    """The ground of the case. A schedule whose first step a person has to order rests on that order."""
    kind, view = case.procedure.trigger.kind, people.ordering_step(case)
    if kind == "schedule" and view.step.mode == "human":
        kind = "order"
    done = people.last_done(view)
    if kind == "schedule":
        every, day = case.procedure.trigger.every, case.trigger.get("period")
        told = f", setiap {period(every)}" if every else ""
        return Basis(LABELS[kind], f"yang ditetapkan{told}{f', untuk {entered_date(day)}' if day else ''}")
    if done is None or done.actor is None or done.finished_at is None:
        return Basis(LABELS[kind], "")
    letter = f", surat nomor {done.letter}" if done.letter else ""
    note = f" (“{done.note}”)" if done.note else ""
    told = f"{done.actor.name} pada {date_time(done.finished_at, zone_of(case))}{letter}{note}"
    return Basis(LABELS[kind], f"{told}; {people.vouched(case, done, brief=True)}")
