from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sopwrap.case import Case
from sopwrap.lookups import LOOKUPS, Known, look_up
from sopwrap.papers.looked_up import HEADINGS, least_capacity, looked_up
from sopwrap.partial import LookedUp
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases

SOP = library()["kaltim"]


def case_with(name: str, step: str = "l3", operation: str = "restore", seen: bool = True) -> Case:
    """A case in which this lookup was made by the lookup itself, over two backups the ledger knows (or none)."""
    case = built.walked(SOP, SOP.procedures[0], operation)
    records = [one for asset in case.assets for one in cases.backup_of(asset, cases.START)] if seen else []
    data = look_up(name, case, case.step(step), Known(records), cases.START)
    finding = LookedUp(cases.START, step, data["lookup"], data["ok"], data["text"], data["facts"], 1)
    view = case.step(step)
    rounds = (*view.rounds[:-1], replace(view.rounds[-1], findings=(finding,)))
    steps = tuple(replace(one, rounds=rounds) if one.step.id == step else one for one in case.steps)
    return replace(case, steps=steps)


def said(name: str, **more: Any) -> str:
    (found,) = looked_up(case_with(name, **more))
    return "\n".join([found.heading, *found.lines])


@pytest.mark.parametrize("name", sorted(LOOKUPS))
def test_every_lookup_there_is_has_words_on_paper(name: str) -> None:
    for seen in (True, False):
        text = said(name, seen=seen)
        assert text.startswith(HEADINGS[name])
        assert "None" not in text


def test_what_was_found_is_told_in_the_words_of_the_papers() -> None:
    assert (
        "Basis data SIAKAD: terdaftar, pemilik Bagian Akademik, belum pernah ditinjau (perlu ditinjau kembali)"
        in said("asset_lookup")
    )
    assert "dibuat 8 Mei 2026 pukul 09.00 WITA, internal, eksternal, dibaca kembali" in said("catalogue_lookup")
    assert "belum ada cadangan" in said("catalogue_lookup", seen=False)
    assert "perkiraan lama pekerjaan" in said("capacity_check")
    assert ", menurut cadangan terakhir 8 Mei 2026 pukul 09.0" in said("capacity_check")
    assert "dapat dimulai" in said("capacity_check", seen=False)


def test_a_medium_has_to_take_one_point_of_all_that_goes_there_and_a_fifth() -> None:
    case = case_with("capacity_check")
    sizes = [cases.backup_of(one, cases.START)[0].size_bytes or 0 for one in case.assets if "external" in one.stores]
    assert least_capacity(case, "external") == round(sum(sizes) * 1.2)
    assert least_capacity(case_with("capacity_check", seen=False), "external") is None
    assert least_capacity(case_with("asset_lookup"), "external") is None


def test_only_the_lookups_asked_for_are_told_and_only_those_that_were_made() -> None:
    case = case_with("asset_lookup")
    assert looked_up(case, "capacity_check") == []
    assert [one.heading for one in looked_up(case, "capacity_check", "asset_lookup")] == [HEADINGS["asset_lookup"]]
