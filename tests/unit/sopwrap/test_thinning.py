from __future__ import annotations

from dataclasses import replace

from sopwrap.keep_rule import Keep
from sopwrap.papers.thinning import keeping, remainder, rule
from tests.unit.sopwrap import views

GONE, _, STAYS, SILENT = views.thinned().copies


def test_a_copy_went_by_the_end_of_its_retention_and_because_no_period_chose_it() -> None:
    words = "masa simpan 90 hari berakhir 28 April 2026; tidak termasuk cadangan yang disimpan lebih lama"
    assert rule(GONE, "Asia/Pontianak") == f"{words} (7 harian, 12 bulanan)"
    assert rule(replace(GONE, keep=Keep()), "Asia/Pontianak") == "masa simpan 90 hari berakhir 28 April 2026"
    assert "daftar aset" in rule(replace(GONE, ended_at=None), "Asia/Pontianak")
    assert keeping(Keep(last=3, weekly=4, yearly=1)) == "3 terakhir, 4 mingguan, 1 tahunan"


def test_a_copy_that_is_still_there_says_how_it_came() -> None:
    assert (remainder(STAYS), remainder(SILENT)) == ("tetap disimpan", "tidak ada bukti pelaksanaan")
    assert STAYS.record
    failed = STAYS.record.model_copy(update={"outcome": "failed"})
    assert remainder(replace(STAYS, record=failed)) == "gagal"
