"""The rules of `sop lint` that read words: of checks, of laws, of actors, and names of other parts of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import yaml

from sopwrap.lint_types import Known, Note, Place, each_step
from sopwrap.sop import Sop, Step

CHECK = re.compile(
    r"\b(?:memeriksa|diperiksa|pemeriksaan|memverifikasi|verifikasi|diverifikasi|mengoreksi|dikoreksi|mengecek|"
    r"pengecekan|memastikan|meneliti|memvalidasi|validasi)\b",
    re.IGNORECASE,
)
_TITLE = (
    r"Kepala|Kadis|Kabid|Kabag|Kasubbag|Kasubag|Kasub|Kasubid|Kasi|Ketua|Sekretaris|Direktur|Rektor|Dekan|Lurah|Camat|"
    r"Bupati|Koordinator|Subkoordinator|Administrator|Bendahara|Supervisor|Manajer"
)
OFFICIAL = re.compile(rf"\b(?:{_TITLE})\b\.?(?:[ ](?:[A-Z][\w.]*|dan(?= [A-Z])))*")


def check_without_no(sop: Sop, known: Known) -> Iterator[Note]:
    """A check that cannot fail: no second way on."""
    for place, _, step in each_step(sop):
        if len(step.next) > 1:
            continue
        if step.kind == "decision":
            yield Note(
                (*place, "next"), "warning", f"The decision {step.id} has one way on only: where does a no lead?"
            )
        elif CHECK.search(step.text or ""):
            yield Note((*place, "text"), "warning", f"Step {step.id} checks something and has no way for a no.")


def repealed_law(sop: Sop, known: Known) -> Iterator[Note]:
    """A law that was replaced, or changed by one that is not cited."""
    for name in ("legal_basis", "references"):
        cited = getattr(sop.sections, name)
        everything = "\n".join(one.text for one in cited)
        for number, reference in enumerate(cited):
            where: Place = ("sections", name, number)
            for law in laws():
                if re.search(law["pattern"], reference.text, re.IGNORECASE) and not re.search(
                    law["new"], everything, re.I
                ):
                    yield Note(where, "warning", f"{law['name']} was {law['state']} by {law['by']}.")
            if reference.replaced_by and not any(re.search(law["pattern"], reference.text, re.I) for law in laws()):
                yield Note(where, "warning", f"The law was replaced by {reference.replaced_by}.")


@lru_cache(maxsize=1)
def laws() -> list[dict[str, str]]:
    """The laws known not to stand as cited (sopwrap/laws.yml)."""
    found: list[dict[str, str]] = yaml.safe_load(files("sopwrap").joinpath("laws.yml").read_text(encoding="utf-8"))
    return found


def actor_in_text(sop: Sop, known: Known) -> Iterator[Note]:
    """An activity that begins with who does it; the rules for SOPs want the bare verb (Permenpan RB 35/2012)."""
    for place, _, step in each_step(sop):
        names = [name for actor in sop.actors for name in (actor.label, *actor.aliases)]
        begins = [name for name in names if re.match(re.escape(name) + r"\b", step.text or "", re.IGNORECASE)]
        if begins:
            text = f"The activity of step {step.id} begins with its actor ({max(begins, key=len)}); a verb is enough."
            yield Note((*place, "text"), "warning", text)


def unknown_actor(sop: Sop, known: Known) -> Iterator[Note]:
    """An activity that names an official who is neither a lane nor an alias of one."""
    names = [name.casefold() for actor in sop.actors for name in (actor.label, *actor.aliases)]
    for place, _, step in each_step(sop):
        for found in OFFICIAL.finditer(step.text or ""):
            said = found[0].casefold().rstrip(".")
            if not any(said in name or name in said for name in names):
                text = f"Step {step.id} names {found[0]}, who is no lane: add it to the `aliases` of one."
                yield Note((*place, "text"), "warning", text)


def unknown_name(sop: Sop, known: Known) -> Iterator[Note]:
    """An action that is no playbook, a document that is no template, a lookup that does not exist."""
    for place, _, step in each_step(sop):
        for kind, names, there in (
            ("action", _actions(step), known.actions),
            ("document", step.documents, known.documents),
            ("lookup", [*step.lookups, *([step.proven_by] if step.proven_by else [])], known.lookups),
        ):
            for name in names:
                if name not in there:
                    text = f"Step {step.id}: there is no {kind} {name}. Known: {', '.join(sorted(there))}."
                    yield Note((*place, f"{kind}s"), "error", text)


def _actions(step: Step) -> list[str]:
    return [*step.actions, *(name for names in step.actions_by_operation.values() for name in names)]
