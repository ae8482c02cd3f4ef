"""Example cases for the tests of the papers: built by hand, so that no engine, server or clock is needed.

``finished()`` is a whole case of IAIN Pontianak's SOP: the checklist went back once, the medium was missing
and waited for, one asset failed and was retried, the report went back once. The people are invented.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from sopwrap.case import Actor, Asset, Case, Round, StepView
from sopwrap.medium import Medium
from sopwrap.partial import Hold, Issued
from sopwrap.records import Evidence, Tool, Verification
from sopwrap.sop import find

START = datetime(2026, 5, 8, 1, 0, tzinfo=UTC)  # Friday, 08.00 WIB
DATA = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text(encoding="utf-8"))
PEOPLE: list[dict[str, Any]] = DATA["people"]
ASSETS = tuple(Asset(**one) for one in DATA["assets"])
MEDIA = tuple(Medium(**one) for one in DATA["media"])
OFFICE: dict[str, Any] = {**DATA["office"], "people": PEOPLE}
LANES = {ids[0]: lane for lane, ids in OFFICE["bindings"]["iain-ptk-2022"].items()}
RESTIC = {"name": "restic", "version": "0.14.0"}


def digest(text: str) -> str:
    """A stand-in for a real SHA-256: 64 hex digits that depend on ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()


def person(person_id: str, lane: str | None = None) -> Actor:
    """The person as the ledger froze them when they acted."""
    found = next(one for one in PEOPLE if one["id"] == person_id)
    public = {key: value for key, value in found.items() if key != "key"}
    return Actor(**public, lane=lane or LANES[person_id])


def record(
    asset: Asset | None, action: str, at: datetime, *, store: str | None = "internal", outcome: str = "ok", **more: Any
) -> Evidence:
    """One evidence record with believable figures; ``more`` overrides any field."""
    number = int(digest(asset.id if asset else action)[:6], 16)
    tool = Tool(**DATA["tools"].get(asset.kind if asset else "", RESTIC))
    good = outcome in ("ok", "unchanged")
    known = asset is not None and good
    ident = asset.id if asset else action
    fields: dict[str, Any] = {
        "schema_": "sopwrap.evidence/1",
        "action": action,
        "asset": asset.id if asset else None,
        "kind": asset.kind if asset else None,
        "host": asset.host if asset else "store1",
        "case": "2026-0001",
        "step": "l7",
        "started_at": at,
        "finished_at": at + timedelta(seconds=number % 50 + 1.5),
        "outcome": outcome,
        "tool": tool,
        "point": f"{ident}.20260525T0210{number % 60:02d}Z.{digest(ident)[:6]}" if known else None,
        "store": store,
        "placement": store,
        "medium": "HDD-01" if store == "external" else None,
        "store_id": digest(store or "")[:64],
        "size_bytes": number * 90 if known else None,
        "stored_bytes": number * 31 if known else None,
        "sha256": digest(ident) if known and asset and asset.kind != "files" else None,
        "fingerprint": digest(f"{ident} content") if known else None,
        "items": number % 400 if good else None,
        "verify": Verification(method="read", ok=True, detail="every part read back, SHA-256 equal") if good else None,
        "retention_until": at + timedelta(days=30) if known else None,
        "message": "done" if good else "could not connect to the database server",
        "hint": None if good else "Start it and retry.",
    }
    return Evidence(**{**fields, **more})


def backup_of(asset: Asset, at: datetime) -> list[Evidence]:
    """What a good machine step leaves for one asset: backup, copy, and the point read back in each store."""
    later = at + timedelta(minutes=1)
    return [
        record(asset, "backup", at, verify=None),
        record(
            asset,
            "copy",
            later,
            store="external",
            verify=Verification(method="tree", ok=True, detail="same trees in both stores"),
        ),
        record(asset, "verify", later, store="internal"),
        record(asset, "verify", later, store="external"),
    ]


def done(number: int, due: datetime, took: timedelta, who: str | None, method: str | None = None, **more: Any) -> Round:
    """A finished round by a person (stated unless they have a key) or, with ``who`` None, by the machine."""
    method = method or ("machine" if who is None else "signed" if who == "hadi" else "stated")
    stated = {"stated_by": "operator1"} if method == "stated" else {}
    fields = {"actor": person(who) if who else None, **stated, **more, "digest": digest(f"{due}{who}{number}")}
    return Round(number=number, due_at=due, finished_at=due + took, method=method, **fields)  # type: ignore[arg-type]


def finished(assets: tuple[Asset, ...] = ASSETS, **changes: Any) -> Case:
    """The whole case described above; ``changes`` replace fields of the ``Case``."""
    sop, procedure = find("iain-ptk-2022/backup")
    rounds = _happened(assets)
    fields: dict[str, Any] = {
        "id": "2026-0001",
        "sop": sop,
        "procedure": procedure,
        "office": OFFICE,
        "operation": "backup",
        "assets": assets,
        "media": MEDIA,
        "opened_at": START,
        "opened_by": "operator1",
        "state": "done",
        "changed_at": START + timedelta(days=18, hours=6),
        "closed_at": START + timedelta(days=18, hours=6),
        "digest": digest("finished"),
        "demo": True,
        "numbers": {"minutes": Issued("minutes", "B-112/In.15/PTID/05/2026", "2026-05-26")},
        "steps": tuple(StepView(step, rounds.get(step.id, ())) for step in procedure.steps),
    }
    return Case(**{**fields, **changes})


def _happened(assets: tuple[Asset, ...]) -> dict[str, tuple[Round, ...]]:
    """The rounds of every step, as cases.yml tells them."""
    found = {}
    for step, rounds in DATA["rounds"].items():
        found[step] = tuple(_round(number, dict(each), assets) for number, each in enumerate(rounds, 1))
    return found


def _round(number: int, each: dict[str, Any], assets: tuple[Asset, ...]) -> Round:
    due, took = START + timedelta(minutes=each.pop("due")), timedelta(minutes=each.pop("took"))
    if each.get("checked"):
        each["checked"] = tuple(asset.id for asset in assets)
    if named := each.pop("evidence", None):
        each |= {"missing": _missing, "present": _present, "copies": _copies}[named](due, assets)
    return done(number, due, took, each.pop("who"), **each)


def _missing(at: datetime, _assets: tuple[Asset, ...]) -> dict[str, Any]:
    said = {"message": "the medium HDD-01 is not mounted at /media/hdd-01", "hint": "Mount it and check again."}
    return {"evidence": (record(None, "check_media", at, store="external", outcome="refused", step="l4", **said),)}


def _present(at: datetime, _assets: tuple[Asset, ...]) -> dict[str, Any]:
    said = {"message": "HDD-01 is mounted, labelled and has 812 GB free", "verify": None, "items": None}
    return {"evidence": (record(None, "check_media", at, store="external", step="l4", **said),)}


def _copies(at: datetime, assets: tuple[Asset, ...]) -> dict[str, Any]:
    """Everything goes well but the MariaDB assets, which are retried half an hour later."""
    failed = [asset for asset in assets if asset.kind == "mariadb"]
    bad = [record(asset, "backup", at, outcome="failed") for asset in failed]
    good = [one for asset in assets for one in backup_of(asset, at + timedelta(minutes=30 if asset in failed else 0))]
    message, ids = "could not connect to the database server on db1", tuple(asset.id for asset in failed)
    told = (at + timedelta(minutes=6), message, ids, "retry", "Layanan sudah dinyalakan", person("rina"))
    return {"evidence": (*bad, *good), "holds": (Hold(*told, at + timedelta(minutes=25)),) if bad else ()}


def until(step_id: str, state: str = "waiting") -> Case:
    """The same case as it stood when ``step_id`` first became due: everything after that moment has not happened."""
    case = finished()
    now = case.step(step_id).rounds[0].due_at
    steps = []
    for view in case.steps:
        past = tuple(one for one in view.rounds if one.finished_at and one.finished_at <= now)
        due = (Round(number=len(past) + 1, due_at=now),) if view.step.id == step_id else ()
        steps.append(StepView(view.step, past + due))
    return replace(
        case, steps=tuple(steps), state=state, closed_at=None, changed_at=now, numbers={}, digest=digest(step_id)
    )  # type: ignore[arg-type]


def many(count: int = 60) -> Case:
    """A finished case with ``count`` assets of long names."""
    assets = []
    for index in range(count):
        model = ASSETS[index % len(ASSETS)]
        assets.append(
            model.model_copy(
                update={"id": f"{model.id}-{index:02d}", "title": f"{model.title} unit kerja nomor {index}"}
            )
        )
    return finished(tuple(assets))


def odd() -> Case:
    """A finished case whose texts try to break the page: markup, quotes, 80-letter words, an 80-letter name."""
    name = "Prof. Dr. Ir. H. Raden Mas Panembahan Suryodiningrat Kusumawardhana-Contoh, M.Sc."
    word = "berkas_yang_namanya_panjang_sekali_tanpa_satu_spasi_pun_sampai_delapan_puluh_huruf"
    assets = (
        ASSETS[0].model_copy(update={"title": "<script>alert('x')</script> & \"kutip\"", "owner": word}),
        ASSETS[1].model_copy(update={"title": word, "id": "a" * 63}),
        *ASSETS[2:],
    )
    case = finished(assets)
    steps = []
    for view in case.steps:
        rounds = []
        for one in view.rounds:
            actor = one.actor.model_copy(update={"name": name}) if one.actor and one.actor.id == "rina" else one.actor
            rounds.append(replace(one, actor=actor, note=one.note and f"<b>{word}</b> {{{{ 7*7 }}}}"))
        steps.append(StepView(view.step, tuple(rounds)))
    return replace(case, steps=tuple(steps), digest=digest("odd"))
