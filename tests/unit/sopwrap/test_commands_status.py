from __future__ import annotations

import json
from pathlib import Path

from sopwrap.commands.status import LACKS
from sopwrap.copies import PARTS
from tests.unit.sopwrap.shells import PointShell, of_point
from tests.unit.sopwrap.small_office import record


def test_status_tells_standing_age_and_proof_of_every_asset(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"), of_point("verify"))
    text = point_shell("status").stdout
    assert text.splitlines()[1].split()[:2] == ["arsip", "ok"]
    assert text.splitlines()[2].split()[:2] == ["laman", "never"]
    assert "No case is open." in text
    data = json.loads(point_shell("status", "--json").stdout)
    assert [(one["asset"], one["standing"]) for one in data["assets"]] == [("arsip", "ok"), ("laman", "never")]
    assert data["assets"][0]["rpo_seconds"] == 86400


def test_status_fails_on_a_late_asset_only_when_asked_to_check(point_shell: PointShell) -> None:
    point_shell("status", "--check", ends=1)
    point_shell.keep(of_point("backup"), record("backup", "laman").model_copy(update={"point": "laman.1"}))
    point_shell("status", "--check")


def test_status_writes_figures_for_prometheus_to_a_file_or_to_stdout(point_shell: PointShell, tmp_path: Path) -> None:
    point_shell.keep(of_point("backup"))
    assert 'sopwrap_asset_size_bytes{asset="arsip"} 2048.0' in point_shell("status", "--metrics").stdout
    assert point_shell("status", "--check", "--metrics", str(tmp_path / "x.prom"), ends=1).stdout == ""
    assert "sopwrap_asset_size_bytes" in (tmp_path / "x.prom").read_text()


def test_status_says_of_every_asset_what_of_the_rule_is_missing(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"))
    assert "offline copy, a good proof " in point_shell("status").stdout
    point_shell.keep(of_point("verify"))
    assert "lacks a copy, another medium, an off-site copy, an offline copy " in point_shell("status").stdout
    rule = json.loads(point_shell("status", "--json").stdout)["assets"][0]["rule"]
    assert rule == {"met": False, "missing": ["copies", "media", "away", "offline"], "stores": ["internal"]}


def test_every_part_of_the_rule_has_words() -> None:
    assert tuple(LACKS) == PARTS


def test_status_says_what_comes_back_when_a_place_is_gone(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"))
    gone = json.loads(point_shell("status", "--what-if", "lost=Pontianak", "--json").stdout)
    assert [(one["asset"], one["comes_back"]) for one in gone] == [("arsip", False), ("laman", False)]
    said = point_shell("status", "--what-if", "lost=Pontianak").stdout
    assert "Without Pontianak: 0 of 2 are there or come back." in said
    assert "Places: " in point_shell("status", "--what-if", "lost=Atlantis", ends=2).stderr
    assert "lost=PLACE,PERSON" in point_shell("status", "--what-if", "Pontianak", ends=2).stderr
