"""A small office for the tests of the engine: IAIN Pontianak's SOP, four people, two assets, and a machine in memory.

The machine does what ``results`` tells it, in order, and every asset well once these are used up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sopwrap.acts import Word, decide, sign
from sopwrap.case import Asset, Case
from sopwrap.engine import Opening, RunResult, load_case, open_case, run_machine_steps
from sopwrap.errors import RefusedError, SopError
from sopwrap.ledger import Ledger, open_ledger
from sopwrap.medium import Medium
from sopwrap.office import Office
from sopwrap.permission import Vouch
from sopwrap.records import Evidence, Tool, Verification
from sopwrap.sop import Step, find

PEOPLE = [
    {"id": "siti", "name": "Siti Contoh", "nip": "197903152005012003", "post": "Kepala PTID"},
    {"id": "andi", "name": "Andi Contoh", "nip": "199206202019031007", "post": "Staf PTID"},
    {"id": "yusuf", "name": "Yusuf Contoh", "post": "Kasub Bag Umum"},
    {"id": "tamu", "name": "Tamu Contoh", "post": "Tamu"},
]
LANES = {"kepala": ["siti"], "petugas": ["andi"], "umum": ["yusuf"]}
ASSETS = [
    Asset(id="siakad-db", kind="postgresql", host="db1", stores=["internal", "external"]),
    Asset(id="laman", kind="files", host="web1", stores=["internal", "external"]),
]
MEDIA = [Medium(store="internal", placement="internal"), Medium(store="external", placement="external", label="HDD-01")]


def office(lanes: dict[str, list[str]] | None = None, **keys: str) -> Office:
    """The office; ``keys`` gives people their public keys."""
    return Office.model_validate(
        {
            "format": "sopwrap.office/1",
            "name": "PTID",
            "place": "Pontianak",
            "timezone": "Asia/Pontianak",
            "people": [{**one, "key": keys.get(one["id"])} for one in PEOPLE],
            "bindings": {"iain-ptk-2022": lanes or LANES},
        }
    )


def record(
    action: str, asset: str | None, store: str | None = "internal", outcome: str = "ok", **more: Any
) -> Evidence:
    """An evidence record of this moment."""
    now = datetime.now(UTC)
    data: dict[str, Any] = dict.fromkeys(Evidence.model_fields)
    data |= {
        "schema_": "sopwrap.evidence/1",
        "action": action,
        "asset": asset,
        "host": "web1",
        "started_at": now,
        "finished_at": now,
        "outcome": outcome,
        "tool": Tool(name="restic", version="0.14.0"),
        "store": store,
        "message": "Done." if outcome == "ok" else f"{action} of {asset} broke.",
    }
    return Evidence.model_validate(data | more)


def all_good(actions: list[str], assets: list[str]) -> list[Evidence]:
    """What the playbooks leave when everything goes well."""
    if actions == ["check_media"]:
        return [record("check_media", None, "external")]
    proof = Verification(method="read", ok=True, detail="")
    return [
        one
        for asset in assets
        for one in (
            record("backup", asset),
            record("copy", asset, "external", verify=Verification(method="tree", ok=True, detail="")),
            record("verify", asset, "external", verify=proof),
        )
    ]


Answer = RunResult | Callable[[list[str]], RunResult] | BaseException


@dataclass
class Machine:
    """Stands for ansible-runner: answers with ``results`` first, then well; ``calls`` keeps what it was asked."""

    results: list[Answer] = field(default_factory=list)
    calls: list[tuple[list[str], list[str] | None]] = field(default_factory=list)

    def __call__(self, actions: list[str], assets: list[str] | None, case: Case, step: Step) -> RunResult:
        self.calls.append((actions, assets))
        wanted = [asset.id for asset in case.assets] if assets is None else assets
        answer = self.results.pop(0) if self.results else RunResult("ok", all_good(actions, wanted))
        if isinstance(answer, BaseException):
            raise answer
        return answer if isinstance(answer, RunResult) else answer(wanted)


MISSING = RunResult("failed", [record("check_media", None, "external", "refused")], "The medium is missing.")


@dataclass
class Place:
    """One open case, and short words for what people do in it."""

    ledger: Ledger
    office: Office
    id: str
    machine: Machine = field(default_factory=Machine)

    def case(self) -> Case:
        """The case as it stands."""
        return load_case(self.ledger, self.id)

    def resume(self) -> Case:
        """Let the machine go on."""
        return run_machine_steps(self.ledger, self.id, self.machine)

    def sign(self, person: str, step: str | None = None, **more: Any) -> Case:
        """Sign, then let the machine go on."""
        key, letter = more.pop("key", None), more.pop("letter", None)
        word = Word(more.pop("note", ""), more.pop("checked", ()), more.pop("form", {}))
        sign(self.ledger, self.office, self.id, Vouch(person, "operator", letter, key), step, word, **more)
        return self.resume()

    def decide(
        self, person: str, choice: str, step: str | None = None, reason: str = "Sesuai keadaan.", **form: Any
    ) -> Case:
        """Decide, then let the machine go on."""
        word = Word(reason, form=form)
        decide(self.ledger, self.office, self.id, Vouch(person, "operator"), choice, step, word)
        return self.resume()

    def to(self, step: str) -> Case:
        """Bring the case the straight way to a step (l1, l3, l4, l7, l8 … l11) and let the machine stop there."""
        way: dict[str, Callable[[], Case]] = {
            "l1": self.resume,
            "l3": lambda: self.sign("siti"),
            "l4": lambda: self.decide("siti", "sesuai"),
            "l8": lambda: self.decide("andi", "tersedia"),
            "l9": lambda: self.sign("andi", checked=["all"]),
            "l10": lambda: self.sign("andi"),
            "l11": lambda: self.decide("siti", "sesuai"),
        }
        for reached, go in way.items():
            case = go()
            if reached == step or (case.current and case.current.step.id == step):
                return case
        raise AssertionError(f"{step} is not on the way")


def place(folder: Path, ledger: Ledger | None = None, people: Office | None = None) -> Place:
    """Open a case in a new office in ``folder``."""
    ledger, people = ledger or open_ledger(folder), people or office()
    sop, procedure = find("iain-ptk-2022/backup")
    case = open_case(ledger, Opening(sop, procedure, people, ASSETS, MEDIA, "operator"))
    return Place(ledger, people, case.id)


def at(case: Case) -> str:
    """The id of the step the case stands at."""
    return case.current.step.id if case.current else "-"


def broken(asset: str, **more: Any) -> Evidence:
    """The record of a backup that failed."""
    return record("backup", asset, outcome="failed", **more)


def with_backup(here: Place, *results: Answer) -> Case:
    """Bring the case to row 7 with these answers of the machine to it."""
    here.to("l4")
    here.machine.results = list(results)
    return here.decide("andi", "tersedia")


def refused(here: Place, act: Callable[[], Any], match: str, error: type[SopError] = RefusedError) -> None:
    """The act is refused with these words, and no line is written."""
    before = here.ledger.verify().lines
    with pytest.raises(error, match=match):
        act()
    assert here.ledger.verify().lines == before
