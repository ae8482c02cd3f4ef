"""Ledgers of a few lines for the tests, and a way to change their file behind their back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sopwrap.ledger import Draft, Ledger, open_ledger

ZONE = "Asia/Pontianak"


def filled(folder: Path) -> Ledger:
    ledger = open_ledger(folder)
    case = ledger.open_case({"a": 1}, ZONE).case
    other = ledger.open_case({"a": 2}, ZONE).case
    ledger.append(case, [Draft("step.done", {"note": "baik – ✓"}, "l1"), Draft("attached", {"size": 3}, "l2")])
    ledger.append(None, [Draft("evidence", {"record": {}})])
    ledger.append(other, [Draft("case.closed", {"outcome": "done", "reason": ""})])
    ledger.append(case, [Draft("decision", {"choice": "sesuai"}, "l3")])
    ledger.append(None, [Draft("evidence", {"record": {"x": 1}})])
    return ledger


def by_hand(folder: Path, statement: str, *values: Any) -> None:
    """Change the file as somebody would who has the rights to it: without the triggers."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
