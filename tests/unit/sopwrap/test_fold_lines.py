from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sopwrap.case import Entry
from sopwrap.fold_lines import actor, attachment, emergency_note, issuance, issued_permit, signed_paper

AT = datetime(2026, 11, 21, tzinfo=UTC)


def line(kind: str, **data: Any) -> Entry:
    return Entry(7, "2026-0001", AT, kind, None, data, "before", "before in the case", "digest")


def test_a_line_of_the_machine_has_no_actor() -> None:
    assert actor({"actor": None}) is None
    found = actor({"actor": {"id": "siti", "name": "Siti Contoh"}})
    assert found is not None and found.id == "siti"


def test_papers_keep_what_they_were_made_from() -> None:
    paper = {"sha256": "a" * 64, "size": 10, "stated_by": "operator"}
    assert issuance(line("paper.issued", document="minutes", **paper)).state == "before in the case"
    assert signed_paper(line("paper.signed", document="minutes", issued="b" * 64, seals=[], **paper)).seals == ()
    assert attachment(line("attached", name="surat.pdf", note="", **paper)).at == AT


def test_permits_and_emergencies_keep_their_number_and_time() -> None:
    assert issued_permit(line("permit", number="1", text="{}", stated_by="operator")).at == AT
    told = {"number": "1", "asset": "laman", "first": "A", "second": "B", "reason": "C"}
    assert emergency_note({**told, "at": "2026-11-21T00:00:00.000000Z"}).at == AT
