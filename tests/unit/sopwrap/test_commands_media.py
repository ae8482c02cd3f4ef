from __future__ import annotations

import json
from pathlib import Path

from sopwrap.engine import RunResult
from tests.unit.sopwrap.shells import PointShell, RunShell
from tests.unit.sopwrap.small_office import record


def test_media_are_listed_for_people_and_for_programs_and_one_is_shown(point_shell: PointShell) -> None:
    point_shell.keep(record("check_media", None, "external", medium="HDD-01", free_bytes=2048))
    listed = point_shell("media", "list").stdout
    assert "HDD-01" in listed and "Budi" in listed and "Lemari 2" in listed and "2.05 kB" in listed
    (told,) = json.loads(point_shell("media", "list", "--json").stdout)
    assert (told["label"], told["uuid"], told["form"], told["stores"]) == ("HDD-01", "6f0c", "disk", ["external"])
    assert "never handed over" in point_shell("media", "show", "HDD-01").stdout
    assert "Known: HDD-01." in point_shell("media", "show", "HDD-1", ends=2).stderr


def test_a_check_keeps_its_evidence_tells_what_is_wrong_and_ends_with_4_when_a_medium_is_missing(
    point_shell: PointShell,
) -> None:
    gone = record(
        "check_media", None, "external", outcome="refused", medium="HDD-01", message="It is not at /nowhere.",
        hint="Plug it in.",
    )  # fmt: skip
    point_shell.answer = RunResult("failed", [gone], gone.message)
    ended = point_shell("media", "check", "--ci", ends=4)
    assert point_shell.orders[0].actions == ("check_media",)
    assert "It is not at /nowhere." in ended.stdout and "Plug it in." in ended.stderr
    point_shell.answer = RunResult("ok", [record("check_media", None, "external", medium="HDD-01")])
    (told,) = json.loads(point_shell("media", "check", "--json").stdout)
    assert told["trouble"] == "" and told["seen_at"]
    assert len(point_shell.workspace.ledger().of_kind("evidence")) == 2


def test_after_a_handover_lists_and_papers_of_new_cases_name_who_has_it(run_shell: RunShell) -> None:
    said = run_shell("media", "handover", "HDD-01", "--from", "andi", "--to", "siti", "--place", "Brankas").stdout
    assert "HDD-01 went from Andi Contoh to Siti Contoh" in said
    assert "Siti Contoh" in run_shell("media", "list").stdout
    assert "Brankas" in run_shell("media", "show", "HDD-01").stdout
    number = said.split()[-1]
    made = run_shell("media", "report", "--number", "BA-12/2026", "--format", "html").stdout.strip()
    page = Path(made).read_text(encoding="utf-8")
    assert number in made and "BA-12/2026" in page and "Andi Contoh" in page and "6f0c" in page and "Brankas" in page
    assert "There is no hand-over" in run_shell("media", "report", "serah-1", ends=2).stderr
    assert "--number" in run_shell("media", "report", "--dated", "2026-01-31", ends=2).stderr
    assert (
        "handed to Siti" in run_shell("media", "handover", "HDD-01", "--from", "andi", "--to", "yusuf", ends=4).stderr
    )
    run_shell("run", "uji/backup", "--ci")
    (opened,) = run_shell.workspace.ledger().of_kind("case.opened")
    external = next(one for one in opened.data["media"] if one["label"] == "HDD-01")
    assert (external["custodian"], external["place"]) == ("Siti Contoh", "Brankas")


def test_reading_stores_back_is_kept_as_the_last_time_a_medium_was_read(point_shell: PointShell) -> None:
    point_shell.answer = RunResult("ok", [record("verify", None, "external", medium="HDD-01")])
    (told,) = json.loads(point_shell("media", "verify", "--json").stdout)
    assert point_shell.orders[0].actions == ("verify_stores",)
    assert told["read_back_at"]
