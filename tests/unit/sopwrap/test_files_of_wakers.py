from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
import yaml

from sopwrap.timetable.files import WAKERS, Entry, Plan, unit_word
from sopwrap.timetable.moments import moment

PLAN = Plan(
    office="Kantor\nContoh",
    folder=Path('/srv/kantor "satu" 50%'),
    program="/opt/sopwrap/bin/sopwrap",
    account="cadangan",
    zone="Asia/Makassar",
    entries=[
        Entry("majalengka/backup every P1D", moment("P1D", date(2026, 1, 5), time(19, 0), "Asia/Makassar")),
        Entry("iain-ptk-2022/backup every P1M", moment("P1M", date(2026, 1, 5), time(1, 0), "Asia/Makassar")),
    ],
    today=date(2026, 5, 8),
)


@pytest.mark.parametrize("waker", WAKERS)
def test_every_schedule_and_the_watchdog_are_in_the_files(waker: str) -> None:
    text = "".join(WAKERS[waker](PLAN).values())
    assert "majalengka/backup every P1D" in text and "iain-ptk-2022/backup every P1M" in text
    assert "run --due --ci" in text and "status --check --notify" in text


def test_units_catch_up_spread_and_try_again_when_the_office_is_locked() -> None:
    files = WAKERS["systemd"](PLAN)
    assert set(files) == {
        f"sopwrap-kantor-satu-50-{part}.{kind}" for part in ("due", "watch") for kind in ("service", "timer")
    }
    timer = files["sopwrap-kantor-satu-50-due.timer"]
    assert timer.count("OnCalendar=") == 2 and "Persistent=true" in timer and "RandomizedDelaySec=" in timer
    service = files["sopwrap-kantor-satu-50-due.service"]
    assert (
        "User=cadangan" in service
        and "RestartPreventExitStatus=1 2 4 5" in service
        and "SuccessExitStatus=3" in service
    )
    assert "User=" not in "".join(WAKERS["systemd"](replace(PLAN, account=None)).values())


@pytest.mark.parametrize("waker", ["gitlab", "github"])
def test_pipelines_are_yaml_with_the_folder_as_it_is(waker: str) -> None:
    [text] = WAKERS[waker](PLAN).values()
    told = yaml.safe_load(text)
    place = told if waker == "github" else told["sopwrap-due"]
    assert (place.get("env") or place["variables"])["SOPWRAP_OFFICE"] == str(PLAN.folder)


def test_cron_has_odd_folders_quoted_and_its_percent_signs_escaped() -> None:
    [text] = WAKERS["cron"](PLAN).values()
    assert "'/srv/kantor \"satu\" 50\\%' run --due" in text


def test_a_word_of_a_unit_stays_one_word() -> None:
    assert unit_word('/a b"c%d$e\\f') == '"/a b\\"c%%d$$e\\\\f"'


def test_offices_wake_at_different_minutes() -> None:
    minutes = {replace(PLAN, folder=Path(f"/srv/{number}")).minute for number in range(50)}
    assert len(minutes) > 8 and all(0 <= minute < 15 for minute in minutes)
