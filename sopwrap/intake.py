"""Files that come from outside into a case: evidence of a playbook run by hand, and scanned papers."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from sopwrap.case import Case, StepView
from sopwrap.chain import canonical
from sopwrap.errors import RefusedError, UsageError
from sopwrap.flow import PROOF
from sopwrap.job_events import read_folder, records_of
from sopwrap.ledger import Ledger
from sopwrap.records import Evidence, read_lines

LARGEST = 64 * 1024 * 1024
"""Bytes. An evidence file is a few hundred bytes a record; a larger one is another file."""

CLOCKS_APART = timedelta(minutes=5)
"""How far a managed host's clock may be behind before its work seems older than the step."""


def records_for(ledger: Ledger, case: Case, view: StepView, path: Path) -> tuple[list[Evidence], str]:
    """Read an evidence file, or a job's events, for the present step; return its records and the SHA-256 of it all.

    Raise RefusedError when one of them is of another case, step or asset, older than the step, or already taken in:
    then nothing of the file is taken.
    """
    content = _read(path)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path.name} is not text.", "Give the .jsonl file the playbook left.") from None
    told = records_of(text, path.name)
    records = read_lines(text, path.name) if told is None else told
    if not records:
        raise UsageError(f"{path.name} holds no record.", "Give the .jsonl file the playbook left.")
    seen: set[str] = set()
    taken = []
    for number, record in enumerate(records, 1):
        text = canonical(record.as_dict())
        known = _known(ledger, text, seen)
        if known and record.outcome == "refused" and len(records) > 1:
            continue  # every run takes refusals in (sopwrap.refusals)
        why = _strange(case, view, record) or known
        if why:
            raise RefusedError(f"{path.name}, record {number}: {why}.", "Nothing of the file was taken in.")
        seen.add(text)
        taken.append(record)
    return taken, hashlib.sha256(content).hexdigest()


def paper(path: Path) -> dict[str, Any]:
    """Name, size (bytes) and SHA-256 (hex) of a file."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return {"name": path.name, "sha256": digest, "size": file.tell()}
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _read(path: Path) -> bytes:
    if path.is_dir():
        return read_folder(path)
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path.name} is too large to be evidence.", "Give the .jsonl file the playbook left.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _strange(case: Case, view: StepView, record: Evidence) -> str:
    """Why the record is not of this step of this case; empty when it is."""
    if record.case not in (None, case.id):
        return f"it is of case {record.case}, not {case.id}"
    if record.step not in (None, view.step.id):
        return f"it is of step {record.step}, and the case stands at {view.step.id}"
    wanted = [PROOF.get(action, action) for action in view.step.actions]
    if record.action not in wanted and not (record.action == "copy" and "backup" in wanted):
        return f"it tells of {record.action}, and step {view.step.id} is about {' and '.join(wanted)}"
    if record.asset is not None and case.asset(record.asset) is None:
        return f"{record.asset} is not an asset of case {case.id}"
    if record.started_at < view.rounds[-1].due_at - CLOCKS_APART:
        return f"it was done at {record.started_at:%Y-%m-%d %H:%M} UTC, before the case came to step {view.step.id}"
    return ""


def _known(ledger: Ledger, text: str, seen: set[str]) -> str:
    """Why the record is known already, in this file or any case; empty when it is new."""
    if text in seen:
        return "it is in the file twice"
    for entry in ledger.of_kind("evidence", containing=text):
        return f"it was already taken in ({f'case {entry.case}, ' if entry.case else ''}line {entry.seq} of the ledger)"
    return ""
