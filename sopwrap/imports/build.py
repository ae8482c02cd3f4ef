"""The tables of a file become one SOP: identity, lanes, procedures, and notes on all that is not as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sopwrap.errors import UsageError
from sopwrap.imports.columns import QUALITY, Table, find_tables
from sopwrap.imports.grid import Grid, compact, flat, slug
from sopwrap.imports.identity import Found, identity_of, read_identity
from sopwrap.imports.rows import Row, read_rows
from sopwrap.imports.steps import Ask, Steps, make_steps, named_lanes

_RESTORE = re.compile(r"\b(?:restore|pemulihan|memulihkan|restorasi)", re.IGNORECASE)
_BACKUP = re.compile(r"\b(?:back[ -]?up|pencadangan|mencadangkan|membackup|cadangan|penyalinan)", re.IGNORECASE)
_REQUEST = re.compile(r"\b(?:permohonan|permintaan|mengajukan|memohon|pemohon)\b", re.IGNORECASE)
_SCHEDULE = re.compile(
    r"\b(?:jadwal|terjadwal|berkala|setiap (?:hari|minggu|bulan)|harian|mingguan|bulanan)\b", re.IGNORECASE
)
_USUAL = {
    "step": "Kegiatan",
    "requirements": "Kelengkapan",
    "time": "Waktu",
    "output": "Output",
    "remarks": "Keterangan",
}


@dataclass
class Draft:
    """An SOP as plain data for its schema, and the notes for the file: of the head, of procedures, of their steps."""

    data: dict[str, Any]
    head: list[str] = field(default_factory=list)
    procedures: dict[str, list[str]] = field(default_factory=dict)
    steps: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def doubts(self) -> int:
        """How many places a person has to look at."""
        return len(self.head) + sum(map(len, [*self.procedures.values(), *self.steps.values()]))


def build(grids: list[Grid], name: str, ask: Ask, *, sop_id: str = "", layout: str = "") -> Draft:
    """Return the SOP that the grids of a file hold. ``name`` is the file's, for what has no other name.

    Raises UsageError where there is no procedure's table in them.
    """
    found = Found()
    tables: list[tuple[Table, list[Row]]] = []
    for grid in grids:
        here = find_tables(grid)
        read_identity(grid, here[0].head if here else len(grid.rows), found)
        for number, table in enumerate(here):
            end = here[number + 1].head if number + 1 < len(here) else len(grid.rows)
            if rows := read_rows(table, end):
                _add(tables, table, rows)
    if not tables:
        raise UsageError(
            f"{name}: no procedure's table was found.",
            "It needs a head with Kegiatan (or Aktivitas, Uraian) and Pelaksana, Waktu or Output, and rows below it.",
        )
    return _draft(tables, found, name, ask, sop_id, layout)


def _add(tables: list[tuple[Table, list[Row]]], table: Table, rows: list[Row]) -> None:
    """A table whose lanes are the last one's and whose numbers go on is that table's next page."""
    if tables:
        before, earlier = tables[-1]
        last = max((row.number for row in earlier if row.number), default=0)
        first = next((row.number for row in rows if row.number), 0)
        if list(before.lanes.values()) == list(table.lanes.values()) and first > last > 0:
            earlier.extend(rows)
            return
    tables.append((table, rows))


def _draft(tables: list[tuple[Table, list[Row]]], found: Found, name: str, ask: Ask, sop_id: str, layout: str) -> Draft:
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    identity = identity_of(found, flat(stem) or "SOP")
    actors: dict[str, str] = {}
    taken: set[str] = set()
    draft = Draft({}, head=list(found.notes))
    ids: set[str] = set()
    procedures = [
        _procedure(table, rows, identity["title"], (actors, taken, ids), draft, ask) for table, rows in tables
    ]
    first = tables[0][0]
    mutu = bool({"purpose", "definitions"} & set(found.lists)) or "in_force" in found.fields
    draft.head.append("timezone: not in the table; Asia/Jakarta (WIB) is assumed")
    if not found.letterhead:
        draft.head.append("identity.letterhead: not found")
    draft.head.append("every step is a person's (mode: human): say in `mode` and `actions` what the machine does")
    draft.data = {
        "format": "sopwrap.sop/1",
        "id": sop_id or slug(stem, set()),
        "source": name,
        "layout": layout or ("mutu" if mutu else "sop_ap"),
        "timezone": "Asia/Jakarta",
        "identity": identity,
        "sections": _sections(found),
        "labels": _labels(first, found),
        "quality_columns": first.quality_columns,
        "actors": [{"id": lane, "label": label} for lane, label in actors.items()],
        "procedures": procedures,
    }
    return draft


def _procedure(
    table: Table, rows: list[Row], title: str, known: tuple[dict[str, str], set[str], set[str]], draft: Draft, ask: Ask
) -> dict[str, Any]:
    actors, taken, ids = known
    labels = list(table.lanes.values()) or _named(rows)
    lanes: dict[str, str] = {}
    for label in dict.fromkeys(labels):
        lane = next((one for one, said in actors.items() if said == label), None) or slug(label, taken)
        lanes[lane] = actors[lane] = label
    made = make_steps(table, rows, lanes, ask)
    heading = _title(table) or title
    texts = " ".join([heading, title, *(row.text for row in rows)])
    operations, doubt = _operations(heading, texts)
    proc_id = slug("-".join(operations), ids)
    notes = draft.procedures.setdefault(proc_id, [])
    notes += [doubt] if doubt else []
    notes += [] if lanes else ["no lane was found: add them to `actors` and `lanes`"]
    trigger = _trigger(made)
    notes.append(f"trigger: {trigger['kind']} is read from the first step's words")
    draft.steps |= {(proc_id, step): texts for step, texts in made.notes.items()}
    return {
        "id": proc_id, "title": heading, "lanes": list(lanes), "trigger": trigger, "operations": operations,
        "merged_times": made.merged, "steps": made.data,
    }  # fmt: skip


def _named(rows: list[Row]) -> list[str]:
    """The labels a column Pelaksana names, in the order they come."""
    whole = [flat(row.named) for row in rows if row.named]
    return list(dict.fromkeys(label for row in rows if row.named for label in named_lanes(row.named, whole)))


def _title(table: Table) -> str:
    """The nearest line above the table that is a title, else the sheet's name where it was given one."""
    above = [flat(cell) for row in table.grid.rows[: table.head] for cell in row if cell][-1:] if table.head else []
    for line in [*above, *reversed([flat(line) for line in table.grid.heading])]:
        if (
            re.match(r"(?i)(?:[a-z0-9]{1,3}[.)]\s*)?(?:sop|standar|prosedur|alur|bagan|flow ?chart|diagram)\b", line)
            and len(line) < 150
        ):
            return line
    usual = re.fullmatch(r"(?i)(?:sheet|lembar|table|tabel)\s*\d*", table.grid.name)
    return "" if usual else table.grid.name


def _operations(heading: str, texts: str) -> tuple[list[str], str]:
    """What a procedure does, by the words of its title, else of its steps; and the doubt about it."""
    for said, doubt in ((heading, ""), (texts, "operations: read from the steps' words")):
        found = [name for name, words in (("backup", _BACKUP), ("restore", _RESTORE)) if words.search(said)]
        if found:
            return found, doubt
    return ["backup"], "operations: neither backup nor restore is named; backup is assumed"


def _trigger(made: Steps) -> dict[str, Any]:
    first = next((one for one in made.data if one["kind"] != "gap"), {})
    said = str(first.get("text") or "")
    by = {"by": first["actors"][0]} if first.get("actors") else {}
    if _REQUEST.search(said):
        return {"kind": "request", **by}
    return {"kind": "schedule" if _SCHEDULE.search(said) else "order", **by}


def _sections(found: Found) -> dict[str, Any]:
    """The lists of the boxes; laws as references, aim and scope as one text."""
    made: dict[str, Any] = {}
    for name, texts in found.lists.items():
        if not texts:
            continue
        if name in ("legal_basis", "references"):
            made[name] = [{"text": text} for text in texts]
        else:
            made[name] = " ".join(texts) if name in ("purpose", "scope") else texts
    return made


def _labels(table: Table, found: Found) -> dict[str, str]:
    """The paper's own words for headings, where they are not the usual ones."""
    labels = {
        kind: table.headings[kind]
        for kind in ("step", *QUALITY)
        if compact(table.headings.get(kind, "")) not in ("", compact(_USUAL[kind]))
    }
    for name in ("records", "equipment", "in_force", "number"):
        if said := found.labels.get(name):
            labels[name] = said
    return labels
