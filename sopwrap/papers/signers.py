"""Who signs a document, in which role and order: the blocks a template prints and a signing program fills.

``signers`` in a document's ``meta.yml`` says which roles there are; who each of them is follows from the procedure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sopwrap.case import Actor, Case
from sopwrap.catalogue import Paper
from sopwrap.destruction import DestructionView
from sopwrap.handovers import HandoverView
from sopwrap.office_view import OfficeView
from sopwrap.papers import people
from sopwrap.papers.people import Signatory
from sopwrap.permits import Emergency
from sopwrap.restore_view import RestoreView


@dataclass(frozen=True)
class Block:
    """One signature block: the words above it (``role``), who it is in the procedure (``who``), and the signatory."""

    role: str
    who: str
    signatory: Signatory


def blocks(case: Case, paper: Paper) -> list[Block]:
    """The signature blocks of a document from left to right, an odd last one centred; nobody stands in two of them."""
    found: list[Block] = []
    for one in paper.signers:
        for signatory in _signatories(case, paper, one.who):
            if not any(_same(signatory, each.signatory) for each in found):
                found.append(Block(one.role, one.who, signatory))
    return found


def office_blocks(view: OfficeView, paper: Paper) -> list[Block]:
    """The signature blocks of a paper of the office: whoever reviewed or judged last, and posts nobody is known for."""
    found = []
    for one in paper.signers:
        last = (
            _last_review(view) if one.who == "reviewer" else _last_assessment(view) if one.who == "assessor" else None
        )
        post = last.post if last else _POSTS[one.who].format(office=view.office.get("name") or "")
        named = (last.name, last.nip, last.rank) if last else (None, None, None)
        found.append(Block(one.role, one.who, Signatory(post, post, *named)))
    return found


def restore_blocks(view: RestoreView) -> list[Block]:
    """Who signs the minutes of a restore: who did it, and who permitted it; nobody stands there twice."""
    permit = view.life.permit
    agreeing = [permit.first, permit.second] if isinstance(permit, Emergency) else [permit.approver]
    found = [Block("Pelaksana,", "executor", _signatory(view, permit.executor.id, permit.executor.name))]
    for one in agreeing:
        if one.id == permit.executor.id:
            continue
        found.append(Block("Menyetujui,", "approver", _signatory(view, one.id, one.name)))
    return found


def _signatory(view: RestoreView, person_id: str, name: str) -> Signatory:
    known = view.person(person_id)
    post = known.get("post") or "Petugas"
    return Signatory(post, post, name, known.get("nip"), known.get("rank"), person=person_id)


def destruction_blocks(view: DestructionView, paper: Paper) -> list[Block]:
    """The signature blocks of the minutes of a destruction: who ordered it, who carried it out, who saw it."""
    people = {"orderer": [view.ordered_by], "destroyer": [view.carried_out_by], "witness": list(view.witnesses)}
    return [
        Block(one.role, one.who, Signatory(actor.post, actor.post, actor.name, actor.nip, actor.rank, person=actor.id))
        for one in paper.signers
        for actor in people[one.who]
    ]


def handover_blocks(view: HandoverView, paper: Paper) -> list[Block]:
    """The signature blocks of the minutes of a hand-over: who gives the medium away, who takes it."""
    people = {"giver": view.handover.giver, "receiver": view.handover.receiver}
    found = []
    for one in paper.signers:
        actor = people[one.who]
        told = Signatory(actor.post, actor.post, actor.name, actor.nip, actor.rank, person=actor.id)
        found.append(Block(one.role, one.who, told))
    return found


def _last_review(view: OfficeView) -> Actor | None:
    made = [one.review for one in view.holdings if one.review]
    return max(made, key=lambda one: one.at).actor if made else None


def _last_assessment(view: OfficeView) -> Actor | None:
    return view.assessments[-1].actor if view.assessments else None


_POSTS = {
    "head": "Pimpinan {office}",
    "reviewer": "Petugas peninjau",
    "assessor": "Petugas penilai",
    "keeper": "Penanggung jawab jadwal",
    "tester": "Petugas penguji",
}


def _signatories(case: Case, paper: Paper, who: str) -> list[Signatory]:
    """Who stands for a role: one person, or everybody a paper was handed on through."""
    several = people.hands(case, paper.id) if who == "maker" else []
    one = _WHO[who](case, paper.id)
    return several or ([one] if one else [])


def _same(one: Signatory, other: Signatory) -> bool:
    return (one.lane, one.name) == (other.lane, other.name)


def _requester(case: Case, document: str) -> Signatory | None:
    """Who asked for the case, where it began with a request."""
    if case.procedure.trigger.kind != "request":
        return None
    return people.signatory(case, people.ordering_step(case))


def _disposer(case: Case, document: str) -> Signatory | None:
    """Who passed the request on: the last lane that makes the disposition."""
    views = people.making_steps(case, "order")
    return people.signatory(case, views[-1]) if views else None


def _acknowledger(case: Case, document: str) -> Signatory | None:
    """The official the SOP itself names as taking note, above those of its lanes."""
    named = [one for one in case.sop.identity.approvers if one.role == "mengetahui"]
    return Signatory(named[0].post, named[0].post, named[0].name, named[0].nip) if named else None


def _executor(case: Case, document: str) -> Signatory:
    return people.executor(case)


_WHO: dict[str, Callable[[Case, str], Signatory | None]] = {
    "maker": people.maker,
    "checker": people.checker,
    "waiting": people.waiting,
    "requester": _requester,
    "disposer": _disposer,
    "executor": _executor,
    "acknowledger": _acknowledger,
}
