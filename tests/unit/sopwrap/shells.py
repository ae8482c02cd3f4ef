"""Offices with the commands typed in them; what Ansible would do is stood in for (fixtures in conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from sopwrap.cli import cli
from sopwrap.commands._evidence import keep_evidence
from sopwrap.engine import RunResult
from sopwrap.execution import Order
from sopwrap.records import Evidence
from tests.unit.sopwrap.offices import EXTERNAL, OFFICE, STORE, entry, make
from tests.unit.sopwrap.small_office import LANES, PEOPLE, record

POINT = "arsip.20260110T000000Z.abc123"


def of_point(action: str, **more: Any) -> Evidence:
    return record(action, "arsip", **more).model_copy(update={"point": POINT, "size_bytes": 2048})


class PointShell:
    """An office with one asset, and what the executor was asked and answers."""

    def __init__(self, folder: Path) -> None:
        self.workspace = make(folder, {"srv-a": {"sopwrap_assets": [entry(), entry(id="laman")]}})
        self.orders: list[Order] = []
        self.answer = RunResult("ok", [])
        self.reply: Callable[[Order], RunResult] = lambda order: self.answer
        self.listed: tuple[dict[str, Any], ...] = ()

    def keep(self, *records: Evidence) -> None:
        keep_evidence(self.workspace.ledger(), records)

    def __call__(self, *words: str, ends: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["--office", str(self.workspace.folder), *words])
        assert result.exit_code == ends, result.output
        return result


SOP: dict[str, Any] = {
    "format": "sopwrap.sop/1",
    "id": "uji",
    "layout": "sop_ap",
    "timezone": "Asia/Jakarta",
    "identity": {"letterhead": ["Kantor"], "title": "SOP Uji"},
    "quality_columns": ["time"],
    "actors": [{"id": "petugas", "label": "Petugas"}],
    "procedures": [
        {
            "id": "backup",
            "title": "Uji",
            "lanes": ["petugas"],
            "trigger": {"kind": "schedule"},
            "operations": ["backup"],
            "placements": ["internal", "external"],
            "steps": [{"id": "s1", "number": 1, "kind": "process", "actors": ["petugas"], "mode": "auto",
                       "actions": ["backup_assets", "verify_points"]}],
        }
    ],
}  # fmt: skip


class RunShell:
    """An office with three assets on two hosts, and the orders Ansible would have got."""

    def __init__(self, folder: Path) -> None:
        here = [entry(stores=["internal", "external"]), entry(id="lain", sop="lain/backup")]
        hosts = {"srv-a": {"sopwrap_assets": here}, "srv-b": {"sopwrap_assets": [entry(id="laman", sop="uji")]}}
        self.workspace = make(folder, hosts, {"internal": STORE, "external": EXTERNAL})
        people = {**OFFICE, "people": PEOPLE, "bindings": {"iain-ptk-2022": LANES}}
        (folder / "office.yml").write_text(yaml.safe_dump(people))
        self.workspace.sops.mkdir()
        (self.workspace.sops / "uji.yml").write_text(yaml.safe_dump(SOP))
        self.orders: list[Order] = []
        self.outcome = "ok"
        self.reply: Callable[[Order], RunResult] | None = None

    def answer(self, order: Order) -> RunResult:
        self.orders.append(order)
        if self.reply is not None:
            return self.reply(order)
        records = [
            record(action, asset.id, store, outcome="ok" if self.outcome == "ok" else "failed")
            for asset in order.assets
            for number, store in enumerate(asset.stores)
            for action in ("copy" if number else "backup", "verify")
        ]
        return RunResult(self.outcome, [] if self.outcome == "canceled" else records, "It broke.")  # type: ignore[arg-type]

    def __call__(self, *words: str, ends: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["--office", str(self.workspace.folder), *words])
        assert result.exit_code == ends, result.output
        return result

    @property
    def cases(self) -> list[str]:
        return self.workspace.ledger().cases()
