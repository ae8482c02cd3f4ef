# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let a point take the place of the living data: permit, load beside, compare, stop, safety copy, exchange, start.

What can be done while the services run is done before they are stopped. Whatever fails, whenever, ends with the data
of before in its place and the services running: see `settle.py` and, for a process that is killed, `guard.py`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import guard, permit_register, selection, services
from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import safety_copy
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job, Trace, human, unexpected
from ansible_collections.sopwrap.backup.plugins.module_utils.journal import Journal
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.permit import Deed, Permit, digest, seconds
from ansible_collections.sopwrap.backup.plugins.module_utils.point import Recovered
from ansible_collections.sopwrap.backup.plugins.module_utils.recall import equal, first
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable
from ansible_collections.sopwrap.backup.plugins.module_utils.settle import settle, tidy


@dataclass
class Course:
    """One restore on its way: what is needed at every step of it."""

    job: Job
    kind: Replaceable
    trace: Trace
    point: Recovered
    journal: Journal
    began: float = 0.0

    @property
    def pair(self) -> Pair:
        """The living data and what is beside."""
        return Pair(self.trace.asset, self.journal.mark, self.journal.notes)


def replace(job: Job, kind: Replaceable) -> None:
    """Put a point of the only asset in the place of its living data; in check mode say what that would mean."""
    trace = job.trace("restore", job.assets[0], job.assets[0]["stores"][0])
    trace.known["restore"] = {"mode": "replace"}
    trace.attempt(_plan if job.check else _replace, job, kind, trace)


def _plan(job: Job, kind: Replaceable, trace: Trace) -> None:
    trace.asset = kind.chosen(trace.asset, selection.pieces(job.target.get("pieces", [])))
    point = first(job, trace)
    facts = _facts(kind, trace, point)
    target = kind.beside(trace.asset, "00000000")
    kind.admit(trace.asset, point, target)
    caveat = kind.caveat(trace.asset, point, target)
    permit_register.require_told(job.host, elsewhere=kind.elsewhere)
    stops = ", ".join(facts["services"]) or "no service"
    free = "" if facts["free_bytes"] is None else f" of {human(facts['free_bytes'])} that are free"
    trace.close(
        "planned",
        f"{point.id} from {trace.store.name} would replace {_named(facts['place'])}: {stops} would be stopped, what was"
        f" written since {point.manifest['created_at']} would be lost, and {human(facts['needed_bytes'])}{free} are"
        f" needed beside the living data.{_changing(facts['difference'])}{f' {caveat}' if caveat else ''}",
    )


def _replace(job: Job, kind: Replaceable, trace: Trace) -> None:
    permit = Permit.read(str(job.options.get("permit") or ""))
    trace.known["restore"] |= {"permit": permit.number, "emergency": permit.emergency}
    permit_register.believe(permit, job.host, elsewhere=kind.elsewhere)
    asset = trace.asset = kind.chosen(trace.asset, _pieces(job, permit))
    point = first(job, trace)
    facts = _facts(kind, trace, point)
    deed = Deed(asset["id"], asset["kind"], job.host, facts["place"], point.id, facts["manifest"], job.case.get("case"))
    permit_register.require(permit, deed, trace.store.entries()[-1].taken_at, elsewhere=kind.elsewhere)
    job.case = {"step": None, **job.case, "case": permit.fields.get("case")}
    with journals.alone(asset["id"]):
        permit_register.use(permit)
        trace.known["restore"]["undo_until"] = permit.fields["undo_until"]
        tidied = tidy(kind, asset, utc_stamp())
        known = {"point": point.id, "permit": permit.number, "place": facts["place"]}
        known["undo_until"] = permit.fields["undo_until"]
        journal = journals.begin(asset["id"], kind.name, services=facts["services"], **known)
        with journal.held():
            course = Course(job, kind, trace, point, journal)
            with _way_back(course):
                proof = _load(course)
                _exchange(course)
        _tell(course, proof, tidied)


def _pieces(job: Job, permit: Permit) -> list[str]:
    """The pieces that are asked for: as the target says, or else as the permit, which is for exactly these."""
    return selection.pieces(job.target.get("pieces") or permit.fields["place"].get("pieces") or [])


def _facts(kind: Replaceable, trace: Trace, point: Recovered) -> dict[str, Any]:
    """Look at everything that can be known before anything is touched, and refuse what cannot work."""
    asset = trace.asset
    place, running = kind.place(asset), services.require(asset)
    room = kind.room(asset, point.manifest)
    if room.free is not None and room.free < room.needed:
        raise Problem(
            f"{human(room.needed)} are needed beside the living data, and {human(room.free)} are free.",
            "Make room there.",
            refused=True,
        )
    lost = _seconds_since(point.manifest["created_at"])
    facts = {"place": place, "manifest": digest(point.manifest), "services": running}
    facts |= {"difference": kind.difference(asset, point), "stays": kind.stays(asset, point)}
    facts |= {"needed_bytes": room.needed, "free_bytes": room.free, "lost_seconds": lost}
    trace.known["restore"] |= facts
    return facts


def _load(course: Course) -> dict[str, Any]:
    """Restore beside the living data, which is in use meanwhile, and compare; return the proof."""
    kind, asset, point = course.kind, course.trace.asset, course.point
    course.journal.reach(journals.LOADING)
    target = kind.beside(asset, course.journal.mark)
    kind.admit(asset, point, target)
    kind.restore(asset, point, target)
    found = kind.content(asset, target)
    difference = kind.wanted(point, target).difference(found)
    if difference:
        raise Problem(f"{point.id} is not what was backed up: {difference}.", "Restore another point.")
    return {"method": "fingerprint", "ok": True, "detail": equal(found)}


def _exchange(course: Course) -> None:
    """Everything that is done while the services are stopped, and their start."""
    job, kind, asset, journal = course.job, course.kind, course.trace.asset, course.journal
    guard.set_up(journal, kind, asset)
    journal.reach(journals.STOPPING, answered=services.answers(asset))
    course.began = time.monotonic()
    course.trace.known["restore"]["stopped_at"] = journal.times[journals.STOPPING]
    kind.pause(asset)
    services.stop(journal.services)
    kind.require_idle(asset)
    course.trace.known["restore"]["idle"] = True
    safety = safety_copy(job, kind, asset) if kind.alive(asset) else None
    journal.reach(journals.SWAPPING, notes=kind.note(course.pair), safety=safety)
    kind.swap(course.pair)
    journal.reach(journals.SWAPPED)
    _look_again(course)
    start(course)
    journal.reach(journals.DONE)


def _look_again(course: Course) -> None:
    """Ask the living data once more, where a difference can be told: nothing may be left of it."""
    left = course.kind.difference(course.trace.asset, course.point)
    if left is None:
        return
    course.trace.known["restore"]["remaining"] = left["removed"] + left["added"]
    if course.trace.known["restore"]["remaining"]:
        raise Problem(f"After the exchange {course.point.id} and what lives differ in lines.", "Restore another point.")


def start(course: Course) -> None:
    """Start the services again and ask whether they answer; measure how long they were down."""
    trouble = course.kind.resume(course.trace.asset) + services.start(course.journal.services)
    if trouble:
        raise Problem(f"After the exchange {' and '.join(trouble)}.", "Look into its journal.")
    proven = services.require_health(course.trace.asset)
    known = {"health": proven, "downtime_seconds": round(time.monotonic() - course.began, 3)}
    known["started_at"] = utc_stamp()
    course.trace.known["restore"] |= {**known, "safety": course.journal.safety}


@contextmanager
def _way_back(course: Course) -> Iterator[None]:
    """When the block fails, bring the state of before back and say so together with the reason."""
    try:
        yield
    except BaseException as failure:
        returned = return_to_before(course)
        if isinstance(failure, Exception):
            problem = failure if isinstance(failure, Problem) else unexpected(failure)
            raise Problem(f"{problem.message} {returned}", problem.hint, refused=problem.refused) from failure
        course.trace.close("failed", f"The restore was interrupted. {returned}", "Ask for a new permit, then restore.")
        raise


def return_to_before(course: Course) -> str:
    """Settle a restore that failed; return the sentence about it."""
    try:
        said = settle(course.journal, course.kind, course.trace.asset)
    except Problem as problem:
        return f"{problem.message} {problem.hint or ''}".strip()
    course.trace.known["restore"]["returned"] = True
    if course.began:
        down = round(time.monotonic() - course.began, 3)
        course.trace.known["restore"] |= {"downtime_seconds": down, "started_at": utc_stamp()}
    running = f", and {', '.join(course.journal.services)} run again" if course.journal.services else ""
    return f"Then {said}{running}."


def _tell(course: Course, proof: dict[str, Any], tidied: list[str]) -> None:
    trace, journal = course.trace, course.journal
    known = trace.known["restore"]
    down = f", after {known['downtime_seconds']} s without {', '.join(journal.services)}" if journal.services else ""
    trace.close(
        "ok",
        " ".join(
            [
                f"{course.point.id} from {trace.store.name} has taken the place of {_named(known['place'])}{down};"
                f" until {journal.undo_until} this can be taken back.",
                *tidied,
            ]
        ),
        verify=proof,
    )


def _changing(difference: dict[str, Any] | None) -> str:
    if difference is None:
        return ""
    if not difference["removed"] + difference["added"]:
        return " Nothing would change."
    return f" It would remove {difference['removed']} lines and add {difference['added']}."


def _seconds_since(stamp: str) -> int:
    return int(time.time() - seconds(stamp))


def _named(place: dict[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in sorted(place.items()))
