"""The hash chain of the ledger, apart from any database: what a line's digest is, and when a line is wrong.

Standard library only, so that a line can be checked years later by anybody who has Python
(docs/reference/ledger.md says the same in words).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sopwrap.errors import UsageError

START = "0" * 64
"""What the first line of the ledger, and the first line of a case, names as the digest before it."""

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@dataclass(frozen=True)
class Line:
    """A row of the ledger as it is stored: every field is the stored text, ``seq`` counts from 1."""

    seq: int
    case: str | None
    at: str
    kind: str
    step: str | None
    data: str
    previous: str
    previous_in_case: str
    digest: str


@dataclass(frozen=True)
class Fault:
    """The first line that is wrong, and what is wrong with it (one sentence)."""

    seq: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """What a walk over the whole ledger found; ``head`` is the digest of the last good line."""

    lines: int
    cases: int
    head: str
    fault: Fault | None = None


def canonical(value: Any) -> str:
    """Return JSON text that is the same for the same value: keys sorted, no blanks, Unicode as it is."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError("The text holds bytes that are not UTF-8.", "Type it again in a UTF-8 terminal.") from None
    return text


def digest_of(
    case: str | None, at: str, kind: str, step: str | None, data: Any, previous: str, previous_in_case: str
) -> str:
    """Return the SHA-256 (hex) of a line: over the canonical JSON of everything in it but its own number."""
    line = {
        "case": case,
        "at": at,
        "kind": kind,
        "step": step,
        "data": data,
        "previous": previous,
        "previous_in_case": previous_in_case,
    }
    return hashlib.sha256(canonical(line).encode("utf-8")).hexdigest()


@dataclass
class _Walk:
    """Where a walk stands: the line before, and the last digest of every case."""

    seq: int = 0
    at: str = ""
    head: str = START
    heads: dict[str | None, str] = field(default_factory=dict)


def walk(lines: Iterable[Line]) -> Verdict:
    """Given all lines in the order of their numbers, check both chains; stop at the first line that is wrong."""
    so_far = _Walk()
    for line in lines:
        what = _wrong(line, so_far)
        if what:
            return Verdict(so_far.seq, _cases(so_far), so_far.head, Fault(line.seq, what))
        so_far.seq, so_far.at, so_far.head = line.seq, line.at, line.digest
        so_far.heads[line.case] = line.digest
    return Verdict(so_far.seq, _cases(so_far), so_far.head)


def _cases(so_far: _Walk) -> int:
    return len([case for case in so_far.heads if case is not None])


def _wrong(line: Line, so_far: _Walk) -> str:
    """What is wrong with this line, as the rest of a sentence; empty when nothing is."""
    if line.seq != so_far.seq + 1:
        return f"its number should be {so_far.seq + 1}: a line is missing, or was put in"
    if not isinstance(line.at, str) or not _STAMP.fullmatch(line.at):
        return f"its time {line.at!r} is not a UTC time"
    if line.at < so_far.at:
        return f"its time {line.at} is before that of the line above"
    if line.previous != so_far.head:
        return "it does not follow the line above: one of the two was changed, or a line between them was taken out"
    if line.previous_in_case != so_far.heads.get(line.case, START):
        return f"it does not follow the last line of case {line.case}"
    if line.case is not None and (line.kind == "case.opened") != (line.case not in so_far.heads):
        return f"case {line.case} has to begin with case.opened, and only once"
    return _altered(line)


def _altered(line: Line) -> str:
    try:
        data = json.loads(line.data)
        if canonical(data) != line.data:
            return "its data is not written the way the ledger writes it: it was changed"
        digest = digest_of(line.case, line.at, line.kind, line.step, data, line.previous, line.previous_in_case)
    except (ValueError, TypeError, UsageError):
        return "its data is not JSON: it was changed"
    return "" if digest == line.digest else "its digest does not match what it says: it was changed"
