from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sopwrap import metrics
from sopwrap.case import Actor
from sopwrap.errors import SopError
from sopwrap.history import History
from sopwrap.overview import Overview, overview
from sopwrap.store_keys import QUARTER, StoreKey
from tests.unit.sopwrap.pasts import NOW, ZONE, past, told
from tests.unit.sopwrap.test_overview import ASSET, MEDIA


def figures(told_of: Overview) -> dict[tuple[str, str], float]:
    """(name, the labels' last words) → value."""
    return {
        (sample.name.removeprefix("sopwrap_"), "/".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(metrics.text(told_of))
        for sample in family.samples
    }


def test_every_figure_of_an_asset_and_its_store_is_there_in_base_units() -> None:
    history = past([10, 20, 30], free_bytes=500, store_id="ab12")
    told(history, "verify", 0)
    told(history, "restore", 0)
    found = figures(overview([ASSET], MEDIA, history, [], NOW))
    assert found["asset_last_backup_timestamp_seconds", "arsip"] == NOW.timestamp()
    assert found["asset_last_proof_timestamp_seconds", "arsip"] == NOW.timestamp() + 5
    assert (found["asset_size_bytes", "arsip"], found["asset_growth_bytes_per_day", "arsip"]) == (30, pytest.approx(10))
    assert (found["asset_rpo_seconds", "arsip"], found["asset_rto_seconds", "arsip"]) == (86400, 14400)
    assert (found["asset_backup_duration_seconds", "arsip"], found["asset_restore_duration_seconds", "arsip"]) == (5, 5)
    assert found["store_free_bytes", "web1//internal"] == 500
    assert found["asset_rule_missing", "arsip/away"] == 1 and found["asset_rule_missing", "arsip/errors"] == 0
    assert (found["asset_failing", "arsip"], found["asset_size_odd", "arsip"], found["cases", "held"]) == (0, 0, 0)


def test_a_key_tells_when_its_shares_are_to_be_tried() -> None:
    told_of = overview([ASSET], MEDIA, past([1]), [], NOW)
    held = StoreKey("external.key", ("external",), (Actor(id="rina", name="Rina"),), 1, escrowed_at=NOW)
    keys = (held, StoreKey("internal.key", ("internal",)))
    found = figures(replace(told_of, keys=keys))
    due = {name: value for name, value in found.items() if name[0] == "key_drill_due_timestamp_seconds"}
    assert due == {("key_drill_due_timestamp_seconds", "external.key"): (NOW + QUARTER).timestamp()}


def test_what_is_not_known_has_no_line_instead_of_a_zero() -> None:
    found = figures(overview([ASSET], MEDIA, History(ZONE), [], NOW))
    assert ("asset_info", "arsip/srv-a/toy/") in found
    assert not [name for name, _ in found if name in ("asset_last_backup_timestamp_seconds", "asset_size_bytes")]


def test_the_file_is_written_whole_and_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    told_of = overview([ASSET], MEDIA, past([1]), [], NOW)
    metrics.write(told_of, tmp_path / "textfile" / "sopwrap.prom")
    assert (tmp_path / "textfile" / "sopwrap.prom").read_text() == metrics.text(told_of)
    assert [path.name for path in (tmp_path / "textfile").iterdir()] == ["sopwrap.prom"]
    (tmp_path / "file").touch()
    with pytest.raises(SopError, match="cannot be written"):
        metrics.write(told_of, tmp_path / "file" / "sopwrap.prom")
