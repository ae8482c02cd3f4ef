"""What the rules of `sop lint` share: what they may know of the office and the program, and what they give back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sopwrap.sop import Procedure, Sop, Step

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Known:
    """Names outside of the SOP. ``bound`` is SOP id → the lanes somebody fills (null without an office)."""

    actions: frozenset[str]
    documents: frozenset[str]
    lookups: frozenset[str]
    bound: dict[str, frozenset[str]] | None = None


@dataclass(frozen=True)
class Note:
    """A finding before its line is known: ``where`` is the path of keys and indices in the file."""

    where: Place
    level: Literal["error", "warning"]
    text: str


def each_step(sop: Sop) -> Iterator[tuple[Place, Procedure, Step]]:
    """Every step that has a row or ends a case, with its place in the file and its procedure."""
    for number, procedure in enumerate(sop.procedures):
        for index, step in enumerate(procedure.steps):
            if step.kind != "gap":
                yield ("procedures", number, "steps", index), procedure, step
