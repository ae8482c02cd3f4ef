"""A procedure as a plain table, the way it is printed: what `sop import` reads back to the same rows.

Symbols are words and signs: Mulai, Selesai, x for a box, ◇ with its branches for a diamond; ↑ stands in a cell
that is one with the cell above it, and → with a number for a way that does not lead to the next row.
"""

from __future__ import annotations

import csv
import io

from sopwrap.imports.grid import ABOVE
from sopwrap.indonesian import long_date, standard_time
from sopwrap.sop import Edge, Procedure, Sop, Step

NAMES = {"requirements": "Kelengkapan", "time": "Waktu", "output": "Output", "remarks": "Keterangan"}
LISTS = {
    "purpose": "Tujuan", "scope": "Ruang Lingkup", "definitions": "Definisi", "users": "Pengguna",
    "legal_basis": "Dasar Hukum", "qualifications": "Kualifikasi Pelaksana", "related_sops": "Keterkaitan",
    "equipment": "Peralatan/Perlengkapan", "warnings": "Peringatan", "records": "Pencatatan dan Pendataan",
    "related_documents": "Dokumen Terkait", "references": "Referensi",
}  # fmt: skip


def as_csv(sop: Sop, procedure: Procedure) -> str:
    """The identity block and the procedure's table as CSV text."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([*_identity(sop), [procedure.title], *table_rows(sop, procedure)])
    return file.getvalue()


def table_rows(sop: Sop, procedure: Procedure) -> list[list[str]]:
    """The table alone: two rows of head, then one row for each printed step."""
    lanes = [sop.actor(lane).label for lane in procedure.lanes]
    columns: list[str] = [*sop.quality_columns]
    upper = ["No", sop.labels.get("step", "Kegiatan"), "Pelaksana", *[""] * (len(lanes) - 1)]
    names = [sop.labels.get(kind, NAMES[kind]) for kind in columns]
    apart = [kind == "remarks" for kind in columns]
    upper += [name if alone else "Mutu Baku" for name, alone in zip(names, apart, strict=True)]
    lower = ["", "", *lanes, *["" if alone else name for name, alone in zip(names, apart, strict=True)]]
    return [upper, lower, *(_row(procedure, step, columns) for step in printed(procedure))]


def printed(procedure: Procedure) -> list[Step]:
    """The steps that have a row on paper: neither gaps of the numbering nor ends without a number."""
    return [step for step in procedure.steps if step.kind != "gap" and (step.kind != "end" or step.number is not None)]


def _row(procedure: Procedure, step: Step, columns: list[str]) -> list[str]:
    merged = next((one for one in procedure.merged_times if step.id in one.steps), None)
    time = standard_time(step.time, step.time_text)
    if merged:
        time = standard_time(merged.time, merged.time_text) if step.id == merged.steps[0] else ABOVE
    cells = {"time": time, "requirements": _lines(step.requirements), "output": _lines(step.outputs)}
    cells["remarks"] = _lines(step.remarks)
    marks = [_mark(procedure, step, lane) for lane in procedure.lanes]
    number = "" if step.number is None else str(step.number)
    return [number, step.text or "", *marks, *(cells[kind] for kind in columns)]


def _mark(procedure: Procedure, step: Step, lane: str) -> str:
    if lane not in step.actors:
        return ""
    places = [procedure.lanes.index(actor) for actor in step.actors]
    order = "" if places == sorted(places) else f"{step.actors.index(lane) + 1} "
    if step.kind == "decision":
        return f"{order}◇ " + "; ".join(f"{edge.when or ''}: {_target(procedure, edge)}" for edge in step.next)
    if step.kind == "end":
        return f"{order}Selesai"
    symbol = "Mulai" if step.id == procedure.first.id else "x"
    return f"{order}{symbol}{_leap(procedure, step)}"


def _leap(procedure: Procedure, step: Step) -> str:
    """Where a box leads, when that is not the next row."""
    rows = [one.id for one in printed(procedure)]
    following = rows[rows.index(step.id) + 1] if step.id != rows[-1] else None
    return "".join(f" → {_target(procedure, edge)}" for edge in step.next if edge.to != following)


def _target(procedure: Procedure, edge: Edge) -> str:
    number = procedure.step(edge.to).number
    return "Selesai" if number is None else str(number)


def _identity(sop: Sop) -> list[list[str]]:
    """The rows above the table; what the paper leaves blank has no row."""
    one, dates = sop.identity, sop.identity.dates
    days = {
        "Tanggal Pembuatan": dates.created, "Tanggal Revisi": dates.revised, "Tanggal Efektif": dates.effective,
        "Tanggal Berlaku": dates.in_force,
    }  # fmt: skip
    head = next((each for each in one.approvers if each.role == "disahkan"), None)
    approver = [head.post, head.name or "", f"NIP {head.nip}" if head.nip else ""] if head else []
    rows = [
        *([line] for line in one.letterhead),
        ["Nomor SOP", one.number or ""],
        *([name, long_date(day)] for name, day in days.items() if day),
        ["Nomor Revisi", "" if one.revision is None else str(one.revision)],
        ["Disahkan oleh", _lines([line for line in approver if line])],
        ["Nama SOP", one.title],
    ]
    for name, heading in LISTS.items():
        said = getattr(sop.sections, name)
        texts = [said] if isinstance(said, str) else [getattr(text, "text", text) for text in said or []]
        numbered = [f"{index}. {text}" for index, text in enumerate(texts, 1)] if len(texts) > 1 else texts
        rows.append([heading, _lines(numbered)])
    return [row for row in rows if row[-1]]


def _lines(texts: list[str]) -> str:
    return "\n".join(texts)
