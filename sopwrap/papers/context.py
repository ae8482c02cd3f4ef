"""What a template is given: the case or the office, what follows from it in words, and the helpers of the papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup

from sopwrap import indonesian
from sopwrap.case import Case, Round
from sopwrap.catalogue import Paper, catalogue
from sopwrap.destruction import DestructionView
from sopwrap.handovers import HandoverView
from sopwrap.office_view import OfficeView, Subject
from sopwrap.papers import (
    basis,
    dense,
    dense_columns,
    dense_office,
    looked_up,
    obstacles,
    people,
    recovery,
    results,
    signers,
    stated,
    thinning,
    timing,
)
from sopwrap.papers.data import data_digest
from sopwrap.restore_view import RestoreView
from sopwrap.sop import Procedure, Sop
from sopwrap.sop_view import SopView


def can_be_made(subject: Subject, paper: Paper) -> bool:
    """Whether there is something to say in this document at this moment."""
    if isinstance(subject, SopView):
        return paper.alone
    if not isinstance(subject, Case) or paper.of != "case":
        return paper.of == _KINDS[type(subject)]
    case = subject
    if case.operation not in paper.operations:
        return False
    listing = [view for view in case.steps if paper.id in view.step.documents]
    if paper.needs == "worked":
        return any(record.asset for record in case.evidence)
    if paper.needs == "reached":
        return any(view.rounds for view in listing)
    return paper.needs == "always" or bool(listing)


_KINDS: dict[type, str] = {
    Case: "case",
    OfficeView: "office",
    RestoreView: "restore",
    DestructionView: "destruction",
    HandoverView: "handover",
}


def context(subject: Subject, paper: Paper) -> dict[str, Any]:
    """Everything a document's template may use."""
    if isinstance(subject, SopView):
        return _of_sop(subject, paper)
    if isinstance(subject, RestoreView):
        return _of_restore(subject, paper)
    if isinstance(subject, DestructionView):
        return _of_destruction(subject, paper)
    if isinstance(subject, HandoverView):
        return _of_handover(subject, paper)
    return _of_office(subject, paper) if isinstance(subject, OfficeView) else _of_case(subject, paper)


def title(case: Case, paper: Paper) -> str:
    """The document's title in the SOP's own words where it has them."""
    term = case.sop.labels.get(f"term.{case.operation}", case.operation)
    return case.sop.labels.get(f"title.{paper.id}", paper.title.format(term=term))


def draft_mark(case: Case, paper: Paper) -> str:
    """What the page's head says of a paper that is not final: KONSEP, DIHENTIKAN, or nothing."""
    if paper.final == "always" or case.state == "done":
        return ""
    if case.state == "stopped":
        return "KASUS DIHENTIKAN"
    makers = [view for view in people.making_steps(case, paper.id) if view.step.kind != "wait"]
    if paper.final == "made" and any(view.state == "done" for view in makers):
        return ""
    return "KONSEP"


def _of_case(case: Case, paper: Paper) -> dict[str, Any]:
    zone = timing.zone_of(case)
    finished = [one.finished_at for one in _making_rounds(case, paper) if one.finished_at]
    return {
        "case": case, "sop": case.sop, "procedure": case.procedure, "office": case.office, "paper": paper, "zone": zone,
        "title": title(case, paper), "term": case.sop.labels.get(f"term.{case.operation}", case.operation),
        "manifest_title": title(case, catalogue()["manifest"]), "annexes": _annexes(case, paper),
        "draft": draft_mark(case, paper), "issued": case.numbers.get(paper.id), "made_at": max(finished, default=None),
        **_letterhead(case), "blocks": signers.blocks(case, paper), "basis": basis.basis(case),
        "looked_up": looked_up, "recovery": recovery, **_dense(case), "columns": lambda: dense_columns.of_case(case),
        "people": people, "timing": timing, "results": results, "obstacles": obstacles, "stated": stated,
        "words": indonesian, "charts": _charts(case.sop),
        "when": lambda moment: indonesian.short_date_time(moment, zone) if moment else "–",
        "zone_name": indonesian.zone_name(case.changed_at, zone),
    }  # fmt: skip


def _making_rounds(case: Case, paper: Paper) -> list[Round]:
    """The finished rounds that made a paper: not waits, nor numbered ends, which file what was made before."""
    views = [view for view in people.making_steps(case, paper.id) if view.step.kind != "wait"]
    made = [people.last_done(view) for view in views if view.step.kind != "end" or view.step.number is None]
    return [one for one in made if one]


def _annexes(case: Case, paper: Paper) -> str:
    """The other papers of the case's work in words, in the order an office files them: what a report leans on."""
    kinds = [one for one in catalogue().values() if one.needs in ("always", "worked") and one.final == "case"]
    names = [title(case, one).lower() for one in kinds if one.id != paper.id and can_be_made(case, one)]
    return f"{', '.join(names[:-1])}, dan {names[-1]}" if len(names) > 1 else "".join(names)


def _of_sop(view: SopView, paper: Paper) -> dict[str, Any]:
    return {
        "case": view, "named": f"SOP {view.id}", "sop": view.sop, "office": view.office, "paper": paper,
        "title": paper.title, "draft": "", "issued": None, "made_at": None, "words": indonesian,
        "zone": view.sop.timezone, "zone_name": indonesian.zone_name(view.changed_at, view.sop.timezone),
        "charts": _charts(view.sop), "letterhead": view.sop.identity.letterhead, "address": view.sop.identity.address,
    }  # fmt: skip


def _of_office(view: OfficeView, paper: Paper) -> dict[str, Any]:
    zone = view.zone
    return {
        "case": view, "view": view, "office": view.office, "paper": paper, "zone": zone, "title": paper.title,
        "draft": "", "issued": None, "made_at": None, "blocks": signers.office_blocks(view, paper),
        "letterhead": view.office.get("letterhead") or [view.office.get("name", "")],
        "address": view.office.get("address"), "people": people, "results": results, "words": indonesian,
        "thinning": thinning, **_dense(view), "columns": lambda: dense_office.of_register(view),
        "lines": lambda: dense_office.of_schedule(view),
        "when": lambda moment: indonesian.short_date_time(moment, zone) if moment else "–",
        "zone_name": indonesian.zone_name(view.changed_at, zone),
    }  # fmt: skip


def _of_restore(view: RestoreView, paper: Paper) -> dict[str, Any]:
    zone, life = view.zone, view.life
    done = life.undone or life.restored
    return {
        "case": view, "restore": view, "life": life, "permit": life.permit, "office": view.office, "paper": paper,
        "named": f"Izin {life.issued.number[:8]}", "zone": zone, "title": paper.title, "draft": "",
        "issued": view.issued, "made_at": done.finished_at if done else life.issued.at,
        "blocks": signers.restore_blocks(view),
        "letterhead": view.office.get("letterhead") or [view.office.get("name", "")],
        "address": view.office.get("address"), "words": indonesian, "taken_at": recovery.taken_at,
        "moment": datetime.fromisoformat,
        "when": lambda moment: indonesian.short_date_time(moment, zone) if moment else "–",
        "zone_name": indonesian.zone_name(view.changed_at, zone),
    }  # fmt: skip


def _of_destruction(view: DestructionView, paper: Paper) -> dict[str, Any]:
    return {
        "case": view, "named": f"Pemusnahan {view.id}", "office": view.office, "paper": paper, "title": paper.title,
        "draft": "", "issued": view.issued, "made_at": view.changed_at,
        "blocks": signers.destruction_blocks(view, paper),
        "zone": view.zone, "zone_name": indonesian.zone_name(view.changed_at, view.zone), "words": indonesian,
        "letterhead": view.office.get("letterhead") or [view.office.get("name", "")],
        "address": view.office.get("address"), "results": results, "thinning": thinning,
        **_dense(view), "columns": lambda: dense_office.of_destruction(view),
        "when": lambda moment: indonesian.short_date_time(moment, view.zone),
    }  # fmt: skip


def _of_handover(view: HandoverView, paper: Paper) -> dict[str, Any]:
    return {
        "case": view, "handover": view.handover, "named": f"Serah terima {view.id}", "office": view.office,
        "paper": paper, "title": paper.title, "draft": "", "issued": view.issued, "made_at": view.handover.at,
        "blocks": signers.handover_blocks(view, paper), "zone": view.zone, "people": people, "results": results,
        "zone_name": indonesian.zone_name(view.changed_at, view.zone), "words": indonesian,
        "letterhead": view.office.get("letterhead") or [view.office.get("name", "")],
        "address": view.office.get("address"),
        "when": lambda moment: indonesian.short_date_time(moment, view.zone),
    }  # fmt: skip


def _dense(subject: Subject) -> dict[str, Any]:
    """What a paper of many entries is made with; the columns and the digest are made only where one is dense."""
    return {"dense": dense, "annex_digest": lambda: data_digest(subject)}


def _letterhead(case: Case) -> dict[str, Any]:
    """The office's own lines and address; the SOP's (another office may have written it) only for one without name."""
    office, identity = case.office, case.sop.identity
    own = office.get("letterhead") or ([office["name"]] if office.get("name") else [])
    return {
        "letterhead": own or identity.letterhead,
        "address": office.get("address") or (None if own else identity.address),
    }


def _charts(sop: Sop) -> Callable[[Procedure, float, float, float], list[Markup]]:
    """What a template calls to draw a procedure on sheets of a width and of the first and following heights (mm)."""

    def charts(procedure: Procedure, width: float, first: float, following: float) -> list[Markup]:
        from sopwrap.flowchart import Sheet, draw

        return [Markup(svg) for svg in draw(sop, procedure, Sheet(width, first, following))]

    return charts
