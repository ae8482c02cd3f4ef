"""What the machine looked up for whoever decided, in the words of the papers (docs/reference/ledger.md: facts)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sopwrap import indonesian
from sopwrap.capacity import MARGIN
from sopwrap.case import Case
from sopwrap.naming import point_name
from sopwrap.papers.results import PLACEMENTS, medium
from sopwrap.papers.timing import zone_of

HEADINGS = {
    "asset_lookup": "Pencocokan dengan daftar aset",
    "catalogue_lookup": "Cadangan yang tersedia",
    "capacity_check": "Perkiraan kapasitas dan waktu",
    "restore_source": "Cadangan yang akan dipakai",
    "point_names": "Nama cadangan",
    "service_plan": "Layanan yang akan dihentikan sistem pada saat data diganti",
    "service_proof": "Layanan yang dihentikan dan diaktifkan kembali oleh sistem",
}
ENOUGH = {True: "mencukupi", False: "tidak mencukupi", None: "belum diketahui"}


@dataclass(frozen=True)
class Looked:
    """One lookup, the last of its name: when it was made, what it was about, and what it found, line by line."""

    at: datetime
    heading: str
    lines: list[str]


def looked_up(case: Case, *names: str) -> list[Looked]:
    """What was found by these lookups (all of them where none is named), each as it last was."""
    last = {one.lookup: one for one in case.findings}
    wanted = [name for name in names or HEADINGS if name in last]
    return [Looked(last[name].at, HEADINGS[name], _LINES[name](case, last[name].facts)) for name in wanted]


def _moment(case: Case, text: str | None) -> str:
    return indonesian.date_time(datetime.fromisoformat(text), zone_of(case)) if text else ""


def _title(case: Case, asset_id: str) -> str:
    found = case.asset(asset_id)
    return found.title if found and found.title else asset_id


def _store(case: Case, store: str) -> str:
    found = medium(case, store)
    return PLACEMENTS[found.placement] if found else store


def _assets(case: Case, facts: dict[str, Any]) -> list[str]:
    lines = []
    for one in facts["assets"]:
        owner = f"pemilik {one['owner']}" if one["owner"] else "pemilik belum tercatat"
        day = indonesian.entered_date(one["reviewed"]) if one["reviewed"] else ""
        review = f"ditinjau terakhir {day}" if day else "belum pernah ditinjau"
        due = " (perlu ditinjau kembali)" if one["review_due"] else ""
        lines.append(f"{_title(case, one['asset'])}: terdaftar, {owner}, {review}{due}")
    return lines


def _catalogue(case: Case, facts: dict[str, Any]) -> list[str]:
    lines = []
    for one in facts["assets"]:
        name = _title(case, one["asset"])
        if not one["points"]:
            lines.append(f"{name}: belum ada cadangan")
        for point in one["points"]:
            proven = (
                f"dibaca kembali {_moment(case, point['proven_at'])}" if point["proven_at"] else "belum dibaca kembali"
            )
            stores = ", ".join(_store(case, store) for store in point["stores"])
            called = point_name(point["point"], case.office)
            lines.append(f"{name}: {called}, dibuat {_moment(case, point['taken_at'])}, {stores}, {proven}")
    return lines


def _capacity(case: Case, facts: dict[str, Any]) -> list[str]:
    lines = []
    if facts["seconds"]:
        lines.append(f"perkiraan lama pekerjaan: {indonesian.span(facts['seconds'])}")
    lines += [f"{_title(case, one['asset'])}: {_size(case, one)}" for one in facts["assets"] if one.get("basis")]
    for one in facts["stores"]:
        free, needed = indonesian.size(one["free_bytes"]), indonesian.size(one["expected_bytes"])
        room = f"sisa ruang {free}, perkiraan kebutuhan {needed}"
        lines.append(f"penyimpanan {_store(case, one['store'])}: {ENOUGH[one['enough']]} ({room})")
    for one in facts.get("restores", []):
        lines.append(f"pemulihan {_title(case, one['asset'])}: {_restore(one)}")
    return [*lines, f"dapat dimulai {_moment(case, facts['proposed_start'])}"]


def _size(case: Case, one: dict[str, Any]) -> str:
    """How large an asset is, and who says so."""
    told = {"source": "diukur pada sumbernya", "history": "menurut cadangan terakhir"}[one["basis"]]
    return f"{indonesian.size(one['size_bytes'])}, {told} {_moment(case, one['told_at'])}"


def least_capacity(case: Case, store: str) -> int | None:
    """Bytes a medium in place of a store's needs for one point of all that goes there, and a margin.

    By the last look at what the assets hold; None where it was not looked up, or is not known of all of them.
    """
    last = next((one for one in reversed(case.findings) if one.lookup == "capacity_check"), None)
    sizes = [one["size_bytes"] for one in last.facts["assets"] if store in one["stores"]] if last else []
    return round(sum(sizes) * MARGIN) if sizes and None not in sizes else None


def _restore(one: dict[str, Any]) -> str:
    if one["planned_at"] is None:
        return "belum direncanakan di server"
    free, needed = indonesian.size(one["free_bytes"]), indonesian.size(one["needed_bytes"])
    took = f"; pemulihan terakhir {indonesian.span(one['seconds'])}" if one["seconds"] is not None else ""
    return f"ruang {ENOUGH[one['enough']]} (sisa {free}, perkiraan kebutuhan {needed}){took}"


def _source(case: Case, facts: dict[str, Any]) -> list[str]:
    lines = []
    for one in facts["assets"]:
        proven = f"dibaca kembali {_moment(case, one['proven_at'])}" if one["proven_at"] else "belum dibaca kembali"
        chosen = (
            f"{point_name(one['point'], case.office)}, dibuat {_moment(case, one['taken_at'])}, {proven}"
            if one["point"]
            else "tidak ada cadangan"
        )
        lines.append(f"{_title(case, one['asset'])}: {chosen}")
    return lines


def _names(case: Case, facts: dict[str, Any]) -> list[str]:
    return [f"{_title(case, one['asset'])}: {point_name(one['point'], case.office)}" for one in facts["points"]]


def _planned_services(case: Case, facts: dict[str, Any]) -> list[str]:
    return [
        f"{_title(case, one['asset'])}: {', '.join(one['services'])}"
        if one["services"]
        else f"{_title(case, one['asset'])}: belum diketahui sistem, dihentikan oleh petugas"
        for one in facts["assets"]
    ]


def _proven_services(case: Case, facts: dict[str, Any]) -> list[str]:
    lines = []
    for one in facts["assets"]:
        name = _title(case, one["asset"])
        if not one["started_at"]:
            lines.append(f"{name}: tidak dihentikan sistem, dikerjakan petugas")
            continue
        answers = ", layanan menjawab" if one["health"] else ""
        lines.append(
            f"{name}: {', '.join(one['services'])} dihentikan {_moment(case, one['stopped_at'])}, tidak ada klien"
            f" terhubung, aktif kembali {_moment(case, one['started_at'])}{answers}"
        )
    return lines


_LINES: dict[str, Callable[[Case, dict[str, Any]], list[str]]] = {
    "asset_lookup": _assets,
    "catalogue_lookup": _catalogue,
    "capacity_check": _capacity,
    "restore_source": _source,
    "point_names": _names,
    "service_plan": _planned_services,
    "service_proof": _proven_services,
}
