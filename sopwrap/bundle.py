"""A case as one archive that can be checked years later by anybody with Python (sopwrap/bundle_check.py is in it)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from sopwrap.bundle_check import Members, canonical, pack, sha256
from sopwrap.case import Case, Entry
from sopwrap.keys import allowed_signers
from sopwrap.office import Office
from sopwrap.papers.timing import zone_of
from sopwrap.records import stamp

README = """Case {case} of {office}, exported from its ledger.

Check it: python3 check.py .        (or: python3 check.py BUNDLE.zip DIGEST, with the digest printed on a paper)

entries.jsonl    every line of the case, oldest first: docs/reference/ledger.md of sopwrap says what each field means
evidence.jsonl   the evidence records in those lines, for reading
attachments.json files laid beside the case, by name, size and SHA-256; the files themselves are with the office
documents/       the papers as they come out of these lines
issued/          PDF files that were issued to be signed, or came back signed: the ledger holds their SHA-256
allowed_signers  the keys of the office's people, with the days on which each was theirs
SHA256SUMS       every file here

What this shows: the lines were not changed since they were written, and who signed which. What it does not show: that
lines after the last one are missing (compare the digest with a paper), or whose a key is (ask the office).
"""


def bundle(entries: Sequence[Entry], case: Case, office: Office, documents: Members, folder: Path) -> bytes:
    """Return the archive; the same case, office and papers give the same bytes.

    ``documents`` are rendered papers by file name; issued and signed PDF files are looked for in ``folder``.
    """
    records = [entry.data["record"] for entry in entries if entry.kind == "evidence"]
    attached = [
        {"name": one.name, "sha256": one.sha256, "size": one.size, "note": one.note} for one in case.attachments
    ]
    members: Members = {
        "README.txt": README.format(case=case.id, office=office.name).encode(),
        "check.py": files("sopwrap").joinpath("bundle_check.py").read_bytes(),
        "entries.jsonl": _lines(_plain(entry) for entry in entries),
        "evidence.jsonl": _lines(records),
        "attachments.json": _lines([attached]),
        "allowed_signers": allowed_signers(office, zone_of(case)).encode(),
        **{f"documents/{name}": content for name, content in documents.items()},
        **_issued(case, folder),
    }
    sums = "".join(f"{sha256(members[name])}  {name}\n" for name in sorted(members))
    return pack({**members, "SHA256SUMS": sums.encode()})


def _issued(case: Case, folder: Path) -> Members:
    """The issued and signed PDF files that are still there as the ledger knows them."""
    known = {one.sha256 for one in case.issued} | {one.sha256 for one in case.signed}
    found = {path.name: path.read_bytes() for path in sorted(folder.glob("*.pdf"))} if folder.is_dir() else {}
    return {f"issued/{name}": content for name, content in found.items() if sha256(content) in known}


def _plain(entry: Entry) -> dict[str, object]:
    return {**vars(entry), "at": stamp(entry.at)}


def _lines(values: Iterable[object]) -> bytes:
    return "".join(f"{canonical(value)}\n" for value in values).encode()
