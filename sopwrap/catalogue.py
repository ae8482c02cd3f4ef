"""The kinds of documents there are: every folder under ``sopwrap/templates`` with a ``meta.yml`` is one."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from sopwrap.forms import Field
from sopwrap.models import Model, parse


class Signer(Model):
    """One signature block: the words above it, and who signs there (see sopwrap.papers.signers)."""

    role: str
    who: Literal[
        "maker",
        "checker",
        "requester",
        "disposer",
        "waiting",
        "executor",
        "acknowledger",
        "head",
        "reviewer",
        "assessor",
        "keeper",
        "tester",
        "orderer",
        "destroyer",
        "witness",
        "giver",
        "receiver",
    ]


class Meta(Model):
    """The file ``meta.yml`` of a document.

    ``of``: what it is made from, one case, the whole office, one restore, one destruction of points, or
    one hand-over of a medium;
    ``operations``: of which cases. ``needs``: when it can be made (always; listed by a step; reached: such a step has
    begun; worked: the machine has tried at least one asset). ``final``: when it stops being a draft (never is one:
    ``always``; when the step that makes it is done: ``made``; when the case has ended: ``case``). ``alone``: it needs
    no case, the SOP is enough. ``signers``: who signs, from left to right. ``fields``: what people state in it.
    """

    title: str
    order: int
    needs: Literal["always", "listed", "reached", "worked"] = "always"
    final: Literal["always", "made", "case"] = "case"
    of: Literal["case", "office", "restore", "destruction", "handover"] = "case"
    alone: bool = False
    operations: list[Literal["backup", "restore"]] = ["backup", "restore"]
    signers: list[Signer] = []
    fields: list[Field] = []


class Paper(Meta):
    """A kind of document: what its file says, and the folder's name as its id."""

    id: str


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Paper]:
    """Every document there is a template for, by id, in the order an office files them."""
    found = []
    for folder in files("sopwrap").joinpath("templates").iterdir():
        meta = folder.joinpath("meta.yml")
        if meta.is_file():
            told = parse(meta.read_text(encoding="utf-8"), Meta, f"{folder.name}/meta.yml")
            found.append(Paper(id=folder.name, **dict(told)))
    return {paper.id: paper for paper in sorted(found, key=lambda paper: (paper.order, paper.id))}
