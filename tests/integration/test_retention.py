"""Points are destroyed in real stores: on the host, and at the keeper of one that takes additions only."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.tiny import KEYS, Tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """An office with one asset that keeps little; the external store is thinned out by a host of its own."""
    made = Tiny(tmp_path)
    hosts = made.folder / "inventory" / "hosts.yml"
    told = yaml.safe_load(hosts.read_text())["all"]
    stores = told["vars"]["sopwrap_stores"]
    told["hosts"]["penyimpan"] = {"ansible_connection": "local", "sopwrap_stores": {"external": stores["external"]}}
    guard = {"label": "SRV-01", "append_only": True, "path": str(tmp_path / "stores"), "mountpoint": False}
    told["hosts"]["sini"]["sopwrap_stores"] = {
        "internal": stores["internal"],
        "external": {**stores["external"], "keeper": "penyimpan", "medium": {**guard, "uuid": "u"}},
    }
    (tmp_path / "stores" / ".sopwrap-medium.json").write_text(json.dumps({"label": "SRV-01", "uuid": "u"}))
    told["hosts"]["sini"]["sopwrap_assets"] = [
        {**one, "retention": "PT1S"} for one in told["hosts"]["sini"]["sopwrap_assets"] if one["id"] == "berkas"
    ]
    hosts.write_text(yaml.safe_dump({"all": told}, sort_keys=False))
    office = made.folder / "office.yml"
    people = yaml.safe_load(office.read_text())
    people["people"].append({"id": "siti", "name": "Siti Contoh", "post": "Kepala"})
    office.write_text(yaml.safe_dump(people))
    return made


def snapshots(tiny: Tiny, store: str) -> list[dict[str, Any]]:
    """What restic itself lists."""
    command = ["restic", "-r", str(tiny.root / "stores" / store), "snapshots", "--json", "--no-lock", "--no-cache"]
    key = {"RESTIC_PASSWORD": KEYS[store], "PATH": "/usr/bin:/bin"}
    found: list[dict[str, Any]] = json.loads(
        subprocess.run(command, env=key, check=True, capture_output=True).stdout or "[]"
    )
    return found


def test_points_go_from_every_store_on_an_order_and_the_newest_stays_restorable(tiny: Tiny) -> None:
    for text in ("satu", "dua"):
        (tiny.root / "data" / "surat.txt").write_text(text)
        tiny("run", "uji/backup", "--ci")
    plan = tiny.json("retention", "plan")
    kept, doomed = (one["point"] for one in plan["points"])
    assert [bool(one["kept"]) for one in plan["points"]] == [True, False]
    said = tiny("retention", "apply", plan["plan"], "--ordered-by", "siti", "--as", "andi", "--ci")
    assert "2 of 2 copies destroyed" in said
    for store in KEYS:
        tags = {tag for one in snapshots(tiny, store) for tag in one["tags"] if tag.startswith("point:")}
        assert tags == {f"point:{kept}"}, store
    records = [one for one in tiny.records if one["action"] == "destroy"]
    assert {(one["point"], one["store"], one["outcome"]) for one in records} == {
        (doomed, "internal", "ok"),
        (doomed, "external", "ok"),
    }
    assert [one["point"] for one in tiny.json("point", "list")] == [kept]
    tiny("point", "verify", "--asset", "berkas", "--ci")
    tiny("audit", "verify")
    page = Path(tiny("retention", "report", "--format", "html").split()[0]).read_text()
    assert doomed in page and kept not in page and "Siti Contoh" in page
    assert not set(KEYS.values()) & set(page.split())
