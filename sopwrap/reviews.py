"""What an office looks through from time to time: its assets once a year, its SOPs every six months.

A review belongs to no case. It is stated: the operator enters it on the person's word, and the papers say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap import forms
from sopwrap.case import Actor, Entry
from sopwrap.catalogue import catalogue
from sopwrap.errors import UsageError
from sopwrap.formvalues import Ground
from sopwrap.ledger import Draft, Ledger
from sopwrap.office import Office
from sopwrap.sop import Sop
from sopwrap.statement import Statement

ASSET_REVIEWED, SOP_REVIEWED = "asset.reviewed", "sop.reviewed"
YEARLY = timedelta(days=365)
SOP_REVIEW = "sop_review"


@dataclass(frozen=True)
class Review:
    """One look at assets or at an SOP: when, by whom, and on whose word it was entered; ``form`` is an SOP's table."""

    at: datetime
    actor: Actor
    stated_by: str
    subjects: tuple[str, ...]
    note: str = ""
    letter: str | None = None
    form: dict[str, Any] = field(default_factory=dict)


def reviews(entries: Iterable[Entry]) -> list[Review]:
    """The reviews that lines of the ledger tell of, in their order."""
    return [
        Review(
            at=entry.at,
            actor=Actor.model_validate(entry.data["actor"]),
            stated_by=entry.data["stated_by"],
            subjects=tuple(entry.data["assets"] if entry.kind == ASSET_REVIEWED else [entry.data["sop"]]),
            note=entry.data["note"],
            letter=entry.data["letter"],
            form=entry.data.get("form", {}),
        )
        for entry in entries
    ]


def review_assets(
    ledger: Ledger, office: Office, word: Statement, assets: Sequence[str], known: Sequence[str]
) -> list[str]:
    """Write down that a person looked through these assets (``all`` for every one of ``known``); return their ids."""
    ids = list(known) if "all" in assets else list(dict.fromkeys(assets))
    if strange := [one for one in ids if one not in known]:
        raise UsageError(f"There is no asset {strange[0]} in the inventory.", "See `sopwrap asset list`.")
    ledger.append(None, [Draft(ASSET_REVIEWED, {"assets": ids, **word.told(office)})])
    return ids


def review_sop(ledger: Ledger, office: Office, word: Statement, sop: Sop, given: dict[str, Any]) -> None:
    """Write down how a person judged an SOP; ``given`` is the form of the paper ``sop_review`` as it was filled in."""
    wanted = {SOP_REVIEW: catalogue()[SOP_REVIEW].fields}
    values = forms.taken(wanted, given, Ground([], ZoneInfo(office.timezone or sop.timezone)))
    forms.complete(wanted, values)
    form = values[SOP_REVIEW]
    if form["since"] > form["until"]:
        raise UsageError(f"The period ends on {form['until']}, before it begins on {form['since']}.")
    known = [one.id for one in sop.procedures]
    if strange := [row["procedure"] for row in form["judgements"] if row["procedure"] not in known]:
        raise UsageError(f"{strange[0]} is not a procedure of {sop.id}.", f"It has: {', '.join(known)}.")
    ledger.append(None, [Draft(SOP_REVIEWED, {"sop": sop.id, "form": form, **word.told(office)})])
