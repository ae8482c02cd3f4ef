"""Evidence out of the events of a job that another runner carried out: AWX, or ansible-runner on another machine.

What is taken is a folder of ansible-runner's artifacts (``job_events/*.json``), or a file of events: JSON lines, a JSON
list, or what AWX's API answers at ``/api/v2/jobs/ID/job_events/`` (``{"results": […]}``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sopwrap.errors import UsageError
from sopwrap.events import fold
from sopwrap.records import Evidence

LARGEST = 1024 * 1024 * 1024
"""Bytes of all events together; a job of a thousand assets has a few megabytes."""


def read_folder(folder: Path) -> bytes:
    """Every event of a folder of artifacts as JSON lines, in their order; raise UsageError where there is none."""
    files = sorted(folder.glob("job_events/*.json"), key=lambda path: int(path.name.split("-")[0] or 0))
    files = [path for path in files if not path.name.endswith("-partial.json")]
    if not files:
        raise UsageError(
            f"{folder} holds no job_events, so it is no folder of artifacts.", "Name artifacts/IDENT of the runner."
        )
    if sum(path.stat().st_size for path in files) > LARGEST:
        raise UsageError(f"{folder} is too large to be the events of one job.", "Name artifacts/IDENT of the runner.")
    return b"".join(path.read_bytes().strip().replace(b"\n", b" ") + b"\n" for path in files)


def records_of(text: str, where: str) -> list[Evidence] | None:
    """The evidence in events; None where the text is something else. Raise UsageError for one that fits no schema."""
    events = _events(text)
    if events is None:
        return None
    heard = fold(events)
    if heard.odd:
        raise UsageError(f"{where}: {heard.odd}", "The runner's collection and sopwrap are of different versions.")
    return heard.records


def _events(text: str) -> list[Any] | None:
    """The events in the order they were counted."""
    try:
        told = json.loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            told = [json.loads(line) for line in lines]
        except ValueError:
            return None
    if isinstance(told, dict):
        told = told.get("results") if "results" in told else [told]
    if not isinstance(told, list) or not told or not all(isinstance(one, dict) and "event" in one for one in told):
        return None
    return sorted(told, key=lambda one: one.get("counter") or 0)
