"""A ledger as it is after years: as many lines as one asks for, chained as the ledger chains them, in seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from sopwrap.chain import START, canonical, digest_of
from sopwrap.ledger import open_ledger
from sopwrap.ledger_database import lines
from sopwrap.records import Evidence, evidence, stamp

Told = tuple[str | None, datetime, str, str | None, dict[str, Any]]
"""(case, time, kind, step, data): a line before it is chained."""


def fill(folder: Path, count: int, assets: list[str], until: datetime) -> None:
    """Write a ledger of about ``count`` lines into ``folder``: a case a day that ends at ``until``."""
    ledger = open_ledger(folder)
    with ledger._write() as connection:
        connection.execute(insert(lines), list(_chained(_told(count, assets, until))))


def _told(count: int, assets: list[str], until: datetime) -> Iterator[Told]:
    days = max(1, count // (3 * len(assets) + 4))
    for number in range(days):
        begun = until - timedelta(days=days - 1 - number, hours=2)
        case = f"{begun:%Y}-{number + 1:04d}"
        yield case, begun, "case.opened", None, {"procedure": "backup", "sop": {"id": "uji", "filler": "x" * 20_000}}
        yield case, begun, "run.started", "s1", {"actions": ["backup_assets", "verify_points"], "assets": None}
        for place, asset in enumerate(assets):
            for record in _records(case, asset, place, begun):
                yield case, begun, "evidence", "s1", {"record": record, "origin": "run", "file_sha256": None}
        yield case, begun, "run.finished", "s1", {"outcome": "ok", "message": "All came back."}
        yield case, begun, "case.closed", None, {"outcome": "done", "reason": ""}


def _records(case: str, asset: str, place: int, begun: datetime) -> Iterator[dict[str, Any]]:
    point = f"{asset}.{begun:%Y%m%dT%H%M%SZ}.{hashlib.sha256(asset.encode()).hexdigest()[:6]}"
    base: dict[str, Any] = dict.fromkeys(("schema", *(name for name in Evidence.model_fields if name != "schema_")))
    base |= {"schema": "sopwrap.evidence/1", "asset": asset, "kind": "toy", "host": f"srv-{place % 100:03d}"}
    base |= {"case": case, "step": "s1", "started_at": stamp(begun), "finished_at": stamp(begun + timedelta(seconds=3))}
    base |= {"outcome": "ok", "point": point, "size_bytes": 10_000_000 + place, "stored_bytes": 20_000, "rows": 1000}
    base |= {"message": f"Backed up {asset}.", "tool": {"name": "restic", "version": "0.14.0"}, "items": 12}
    proof = {"method": "read", "ok": True, "detail": "every part was read back, SHA-256 equal"}
    done = (("backup", "internal", None), ("copy", "external", proof), ("verify", "external", proof))
    for action, store, verify in done:
        place_of = {"store": store, "placement": store, "store_id": f"{store}-id"}
        made = {**base, **place_of, "action": action, "verify": verify}
        yield evidence({**made, "free_bytes": 10**12 - place}).as_dict()


def _chained(told: Iterator[Told]) -> Iterator[dict[str, Any]]:
    previous, heads = START, {}
    for seq, (case, at, kind, step, data) in enumerate(told, 1):
        before = heads.get(case, START)
        digest = digest_of(case, stamp(at), kind, step, data, previous, before)
        row = (seq, case, stamp(at), kind, step, canonical(data), previous, before, digest)
        yield dict(zip(lines.c.keys(), row, strict=True))
        previous = heads[case] = digest


def main() -> None:
    """Fill the folder named on the command line (for trying things out)."""
    import sys

    folder, count, assets = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    fill(folder, count, [f"asset-{number:04d}" for number in range(assets)], datetime.now(UTC))


if __name__ == "__main__":
    main()
