from __future__ import annotations

from sopwrap.catalogue import catalogue
from sopwrap.papers.context import can_be_made, context, title
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases, views


def test_a_title_is_the_sops_own_where_it_has_one() -> None:
    sop = library()["majalengka"]
    case = built.walked(sop, sop.procedure("restore"), until="l4")
    assert title(case, catalogue()["notice"]) == "Status Permintaan Restore Data"
    assert title(case, catalogue()["report"]) == "Laporan Pelaksanaan restore"


def test_a_paper_of_backups_is_not_made_of_a_restore_and_no_case_makes_the_offices_papers() -> None:
    sop = library()["kaltim"]
    ways = {one: built.walked(sop, sop.procedures[0], one) for one in ("backup", "restore")}
    assert [can_be_made(case, catalogue()["backup_form"]) for case in ways.values()] == [True, False]
    assert [can_be_made(case, catalogue()["restore_form"]) for case in ways.values()] == [False, True]
    assert not any(can_be_made(case, catalogue()["schedule"]) for case in ways.values())
    assert can_be_made(views.full(), catalogue()["schedule"])


def test_a_report_names_the_papers_it_leans_on_and_no_other() -> None:
    annexes = context(cases.finished(), catalogue()["report"])["annexes"]
    assert "berita acara pelaksanaan backup data" in annexes
    assert annexes.endswith(", dan daftar backup data dan informasi")
    assert "laporan" not in annexes
