"""Cases of any procedure, built from its data alone: every step in turn, every form filled in, every branch on demand.

``walked`` is to every SOP what ``cases.finished`` is to one: no engine, server or clock. The people are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sopwrap.case import Actor as Person
from sopwrap.case import Asset, Case, Round, StepView
from sopwrap.filling import wanted
from sopwrap.forms import Column, Field
from sopwrap.records import Evidence
from sopwrap.sop import Procedure, Sop, Step, library
from tests.unit.sopwrap import cases

HOUR = timedelta(hours=1)
NAMES = (
    "Ahmad Contoh, S.Kom.",
    "Siti Contoh, M.T.",
    "Budi Contoh, S.T.",
    "Dewi Contoh, M.Kom.",
    "Eko Contoh",
    "Fitri Contoh",
)
NOUNS = (
    "anggrek", "bambu", "cempaka", "damar", "enau", "flamboyan", "gaharu", "jati", "kenanga", "lontar", "mahoni",
    "nangka", "pandan", "rotan", "sawo", "teratai", "ulin", "waru",
)  # fmt: skip
VALUES: dict[str, Any] = {
    "date": "2026-05-08",
    "datetime": "2026-05-08T01:30:00.000000Z",
    "number": 12,
    "duration": "PT2H",
    "yesno": True,
    "place": "/srv/pulih/contoh",
}


def every() -> Iterator[tuple[Sop, Procedure, str]]:
    """Every procedure of every shipped SOP, once for each operation it has."""
    for sop in library().values():
        for procedure in sop.procedures:
            for operation in procedure.operations:
                yield sop, procedure, operation


def walked(
    sop: Sop, procedure: Procedure, operation: str = "", *, choose: Iterable[str] = (),
    assets: tuple[Asset, ...] = cases.ASSETS[:2], until: str | None = None,
) -> Case:  # fmt: skip
    """The case at its end. A decision takes the first branch that is among ``choose``, else the first there is;
    a branch of ``choose`` is taken once, so that a loop comes back. ``until`` stops before that step."""
    operation = operation or procedure.operations[0]
    procedure = procedure.for_operation(operation)
    people = {place: person(sop, place, index) for index, place in enumerate(places(procedure))}
    rounds: dict[str, list[Round]] = {step.id: [] for step in procedure.steps}
    left, at, step = list(choose), cases.START, procedure.first
    while True:
        number = len(rounds[step.id]) + 1
        if step.id == until:
            rounds[step.id].append(Round(number, at))
            break
        edge = _branch(step, left)
        actor = people[_place(step)] if step.actors else None
        rounds[step.id].append(
            _round(procedure, step, number, at, (actor, edge.when if edge else None), (operation, assets))
        )
        at += HOUR
        if edge is None:
            break
        step = procedure.step(edge.to)
    ended = until is None
    return Case(
        id="2026-0007", sop=sop, procedure=procedure, office=_office(sop, people), operation=operation, assets=assets,
        media=cases.MEDIA, opened_at=cases.START, opened_by="operator1", state="done" if ended else "waiting",
        steps=tuple(StepView(each, tuple(rounds[each.id])) for each in procedure.steps), changed_at=at,
        closed_at=at if ended else None, demo=True,
        digest=cases.digest(f"{sop.id} {procedure.id} {operation} {list(choose)}"),
    )  # fmt: skip


def places(procedure: Procedure) -> list[str]:
    """Every lane, and every duty of a lane as ``lane.duty``: each has its own person."""
    duties = [_place(step) for step in procedure.steps if step.actors and step.duty]
    return list(dict.fromkeys([*procedure.lanes, *duties]))


def _place(step: Step) -> str:
    """Who ends a step: the last of several lanes that hand it on, the first of those an end is for."""
    lane = step.actors[0 if step.kind == "end" else -1]
    return f"{lane}.{step.duty}" if step.duty else lane


def person(sop: Sop, place: str, index: int) -> Person:
    """The invented official of a lane or duty."""
    lane, _, duty = place.partition(".")
    actor = sop.actor(lane)
    post = next((one.label for one in actor.duties if one.id == duty), actor.label)
    nip = f"19800101200501{1 + index % 2}{index + 1:03d}"
    return Person(id=f"p{index}", name=NAMES[index % len(NAMES)], nip=nip, rank="Penata (III/c)", post=post, lane=lane)


def _office(sop: Sop, people: dict[str, Person]) -> dict[str, Any]:
    found = [{key: value for key, value in one.model_dump().items() if key != "lane"} for one in people.values()]
    return {
        **cases.OFFICE, "name": "Dinas Komunikasi dan Informatika Contoh", "place": "Kota Contoh",
        "letterhead": ["PEMERINTAH KOTA CONTOH", "DINAS KOMUNIKASI DAN INFORMATIKA"], "timezone": sop.timezone,
        "people": found, "bindings": {sop.id: {lane: [one.id] for lane, one in people.items()}},
    }  # fmt: skip


def _branch(step: Step, left: list[str]) -> Any:
    """The way on: a wanted branch first (once), else the first; None at an end."""
    for edge in step.next:
        if edge.when in left:
            left.remove(edge.when)
            return edge
    return step.next[0] if step.next else None


def _round(
    procedure: Procedure, step: Step, number: int, at: datetime, done: tuple[Person | None, str | None],
    work: tuple[str, tuple[Asset, ...]],
) -> Round:  # fmt: skip
    actor, choice = done
    by_machine = step.mode == "auto" and step.kind == "process"
    stated = {"actor": actor, "stated_by": "operator1", "form": filled(procedure, step, work[0])}
    return Round(
        number=number,
        due_at=at,
        finished_at=at + HOUR / 2,
        method="machine" if by_machine else "stated",
        choice=choice,
        reason="Sudah diperiksa" if choice else "",
        evidence=tuple(_evidence(procedure, step, at, *work)),
        digest=cases.digest(f"{step.id}{number}"),
        line=int((at - cases.START) / HOUR) + 1,
        **({} if by_machine else stated),
    )


def _evidence(
    procedure: Procedure, step: Step, at: datetime, operation: str, assets: tuple[Asset, ...]
) -> Iterator[Evidence]:
    """What the machine's step leaves: whole backups, or what was brought back and compared."""
    works = [one for one in procedure.steps if one.actions and one.kind != "decision"]
    if step not in works[:1]:
        return
    for asset in assets:
        if operation == "backup":
            yield from cases.backup_of(asset, at)
        else:
            yield cases.record(asset, "restore", at)


def filled(procedure: Procedure, step: Step, operation: str) -> dict[str, dict[str, Any]]:
    """Every form the step asks for, filled in with a value of each field's kind."""
    fields = wanted(procedure, step, operation)
    return {document: {one.id: _value(one) for one in each} for document, each in fields.items()}


def _words(name: str, number: int) -> str:
    picked = cases.digest(f"{name} {number}")
    return " ".join(NOUNS[int(picked[at : at + 2], 16) % len(NOUNS)] for at in (0, 2, 4))


def _value(field: Field | Column, row: int = 0) -> Any:
    """A value of the field's kind; texts differ, so that a paper that repeats one is found out."""
    if isinstance(field, Field) and field.kind == "rows":
        return [{one.id: _value(one, number) for one in field.columns} for number in (1, 2)]
    if field.kind == "text":
        return _words(field.id, row)
    if field.kind == "lines":
        return [_words(field.id, 1), _words(field.id, 2)]
    if field.kind == "choice":
        return field.choices[0]
    if field.kind in ("asset", "point"):
        return cases.ASSETS[0].id
    return VALUES[field.kind]
