from __future__ import annotations

from pathlib import Path

from sopwrap.engine import RunResult
from sopwrap.next import next_for
from sopwrap.notify.message import of_case, of_missed
from sopwrap.overview import overview
from tests.unit.sopwrap.pasts import NOW, past
from tests.unit.sopwrap.small_office import broken, place, with_backup
from tests.unit.sopwrap.test_overview import ASSET, MEDIA


def test_a_case_that_waits_tells_for_whom_and_which_command(tmp_path: Path) -> None:
    here = place(tmp_path)
    case = here.resume()
    told = of_case(case, next_for(case, here.office), "PTID")
    assert (told.event, told.case) == ("waiting", case.id)
    assert told.title == f"PTID: Kasus {case.id} menunggu di langkah l1"
    assert "Untuk: siti" in told.text and "    sopwrap case sign" in told.text
    begun = of_case(case, next_for(case, here.office), "PTID", started=True)
    assert (begun.event, begun.title) == ("started", f"PTID: Kasus {case.id} mulai dikerjakan")


def test_a_case_that_is_held_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    here = place(tmp_path)
    case = with_backup(here, RunResult("failed", [broken("laman")]))
    told = of_case(case, next_for(case, here.office), "PTID")
    assert told.event == "failed" and "tertahan di langkah l7" in told.title and "laman" in told.text


def test_what_was_missed_is_listed_with_its_age() -> None:
    history = past([5])
    history.asset("arsip").points[-1].at = "2026-05-01T01:00:00.000000Z"
    told = of_missed(overview([ASSET], MEDIA, history, [], NOW).late, ["uji/backup"], "PTID")
    assert told.title == "PTID: 2 cadangan tidak terlaksana pada waktunya" and told.case is None
    assert "arsip: cadangan terakhir 7 hari yang lalu, paling lama 1 hari" in told.text
    assert "jadwal uji/backup" in told.text
