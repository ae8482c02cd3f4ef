"""Permits as tests need them: an approver with a key, a host that believes it, and permits for one deed."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sopwrap.permits import Permit, new_number, permit_signers, sign, stamp

PEOPLE = {
    "requester": {"id": "sari", "name": "Sari Contoh"},
    "approver": {"id": "budi", "name": "Budi Contoh"},
    "executor": {"id": "andi", "name": "Andi Contoh"},
}


class Authority:
    """Somebody who may approve: keys of the approver and of a stranger, and the list a host is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.key, self.stranger, self.office = (self._key(name) for name in ("approver", "stranger", "office"))
        self.signers = permit_signers({"budi": self._public(self.key), "office": self._public(self.office)})

    def trusted_by(self, folder: Path, host: str) -> None:
        """Do what the playbook trust_permits does, in a folder of the test."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "permit_signers").write_text(self.signers, encoding="utf-8")
        (folder / "permit_host").write_text(f"{host}\n", encoding="utf-8")
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)

    def fields(self, plan: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """All fields of a permit for what a plan's evidence record tells; keywords replace them."""
        now = datetime.now(UTC)
        return {
            "schema": "sopwrap.permit/1",
            "number": new_number(),
            "letter": {"number": "045/12/TU/2026", "date": "2026-02-01", "sha256": "a" * 64},
            "case": "K-1",
            **{key: plan[key] for key in ("asset", "kind", "point", "host")},
            "manifest": plan["restore"]["manifest"],
            "place": plan["restore"]["place"],
            **PEOPLE,
            "issued_at": stamp(now - timedelta(minutes=1)),
            "not_before": stamp(now - timedelta(minutes=1)),
            "not_after": stamp(now + timedelta(hours=1)),
            "undo_until": stamp(now + timedelta(hours=2)),
            "signer": "budi",
            "basis": "own key",
            "exception": None,
            **changed,
        }

    def permit(self, plan: dict[str, Any], key: Path | None = None, **changed: Any) -> str:
        """The text of a permit for a plan, signed by the approver or with another key."""
        return sign(Permit.model_validate(self.fields(plan, **changed)), key or self.key).text

    def _key(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
            subprocess.run(command, check=True)
        return path

    def _public(self, key: Path) -> str:
        return key.with_suffix(".pub").read_text(encoding="utf-8").strip()
