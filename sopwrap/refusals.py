"""Refusals of restores started by hand: hosts and `ansible-playbook` keep them, the ledger takes them in.

Whoever tried a way around a permit does not attach the record of it to a case. `ansible-playbook` started in the
office leaves it there; the host keeps it itself and tells every run that comes to it. So the next run of sopwrap that
holds the office's lock looks for both. Only refusals are taken: what was done by hand is a person's to attach to its
case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from sopwrap.chain import canonical
from sopwrap.errors import SopError
from sopwrap.ledger import Draft, Ledger
from sopwrap.records import Evidence, read_lines

FOLDER = "evidence"
"""Where the collection's callback writes, seen from the folder a playbook was started in."""


TOLD = "refused-by-hosts.jsonl"
"""The file in it with what hosts told of themselves."""


def keep_told(office: Path, refusals: Sequence[Evidence]) -> None:
    """Write down what hosts have told, each record once, for the ledger to take in."""
    path = office / FOLDER / TOLD
    known = set(path.read_text(encoding="utf-8").splitlines()) if path.exists() else set()
    new = [line for line in dict.fromkeys(canonical(one.as_dict()) for one in refusals) if line not in known]
    if new:
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in new)


def take_in(ledger: Ledger, office: Path, operator: str) -> list[str]:
    """Append every refusal that the ledger does not know; return a sentence for each file that cannot be read."""
    trouble = []
    for path in sorted((office / FOLDER).glob("*.jsonl")):
        try:
            content = path.read_bytes()
            if b'"refused"' in content:
                _take(ledger, content, path.name, operator)
        except (OSError, UnicodeDecodeError) as error:
            trouble.append(f"{path} cannot be read: {error}.")
        except SopError as error:
            trouble.append(f"Nothing of {path.name} was taken in: {error}")
    return trouble


def _take(ledger: Ledger, content: bytes, name: str, operator: str) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    for record in _unknown(ledger, read_lines(content.decode("utf-8"), name)):
        told = {"record": record.as_dict(), "origin": "file", "file_sha256": sha256, "stated_by": operator}
        ledger.append(case_of(ledger, record), [Draft("evidence", told)])


def _unknown(ledger: Ledger, records: list[Evidence]) -> Iterator[Evidence]:
    """The refusals of restores that no line holds yet; one onto living data may call its place a fresh one."""
    lines = ledger.of_kind("evidence", containing='"outcome":"refused"')
    known = {canonical(entry.data["record"]) for entry in lines}
    for record in records:
        text = canonical(record.as_dict())
        if record.outcome == "refused" and record.action in ("restore", "undo", "forget") and text not in known:
            known.add(text)
            yield record


def case_of(ledger: Ledger, record: Evidence) -> str | None:
    """The case a record belongs beside: that of the permit it names, or none."""
    number = record.restore.permit if record.restore else None
    found = ledger.of_kind("permit", containing=number) if number else []
    return found[-1].case if found else None
