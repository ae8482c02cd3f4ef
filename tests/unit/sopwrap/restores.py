"""Restores on a permit, as the papers of them are given: one of a case, one of an emergency."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sopwrap.partial import IssuedPermit
from sopwrap.permit_life import lives
from sopwrap.permits import Emergency, Letter, Permit, Signatory, Signed
from sopwrap.records import Evidence, Replacement, Verification
from sopwrap.restore_view import RestoreView
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.small_office import record

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
NUMBER = "3f" * 16
SIGNATURE = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"
DEED = {
    "number": NUMBER, "asset": "siakad-db", "kind": "postgresql", "point": "siakad-db.20261121T020000Z.abcdef",
    "manifest": "b" * 64, "host": "db1", "place": {"database": "siakad", "server": "/run/postgresql port 5432"},
    "executor": Signatory(id="andi", name="Andi Contoh"), "issued_at": "2026-11-21T03:00:00Z",
    "not_before": "2026-11-21T03:00:00Z", "not_after": "2026-11-22T03:00:00Z", "undo_until": "2026-11-25T03:00:00Z",
}  # fmt: skip
PERMIT = Permit.model_validate(
    DEED
    | {"letter": Letter(number="045/12/TU/2026", date="2026-11-20", sha256="a" * 64), "case": "2026-0007"}
    | {"requester": {"id": "rina", "name": "Rina Contoh"}, "approver": {"id": "siti", "name": "Siti Contoh"}}
    | {"signer": "siti", "basis": "the approver's own key"}
)
URGENT = Emergency.model_validate(
    DEED
    | {"first": {"id": "siti", "name": "Siti Contoh"}, "second": {"id": "yusuf", "name": "Yusuf Contoh"}}
    | {"reason": "Server disusupi pada malam hari."}
)
TOLD = Replacement(
    mode="replace", permit=NUMBER, services=["siakad-web.service"], lost_seconds=5400, downtime_seconds=4.5,
    safety="siakad-db.20261121T040000Z.fedcba", health="http://127.0.0.1/masuk answers", place=DEED["place"],
)  # fmt: skip


def step(action: str, outcome: str = "ok", minutes: int = 60, **told: object) -> Evidence:
    """One record on the permit."""
    begin = AT + timedelta(minutes=minutes)
    known = TOLD.model_copy(update=told)
    times = {"started_at": begin, "finished_at": begin + timedelta(seconds=20)}
    proof = Verification(method="fingerprint", ok=True, detail="") if outcome == "ok" else None
    return record(action, "siakad-db", outcome=outcome, restore=known, verify=proof, **times)


def view(*records: Evidence, emergency: bool = False) -> RestoreView:
    """The restore as its minutes tell it."""
    signed = Signed(URGENT, (SIGNATURE, SIGNATURE)) if emergency else Signed(PERMIT, (SIGNATURE,))
    (life,) = lives([IssuedPermit(AT, NUMBER, signed.text, "operator")], records)
    titles = {"siakad-db": "Basis data SIAKAD"}
    return RestoreView(life, cases.OFFICE, "d" * 64, AT + timedelta(hours=2), "Asia/Pontianak", titles=titles)


def every() -> dict[str, RestoreView]:
    """Every state a permit can be in, and an emergency."""
    refused = step("restore", "refused", 30)
    return {
        "issued": view(),
        "refused": view(refused),
        "restored": view(refused, step("restore")),
        "failed": view(step("restore", "failed", returned=True, safety=None, services=[])),
        "undone": view(step("restore"), step("undo", minutes=90)),
        "emergency": view(step("restore"), emergency=True),
    }
