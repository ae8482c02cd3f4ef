from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from sopwrap.flowchart import Sheet, draw
from sopwrap.sop import Procedure, Sop, find

SHEET = Sheet(width=163, first=245, following=245)
SVG = "{http://www.w3.org/2000/svg}"
SOP, PROCEDURE = find("iain-ptk-2022/backup")
FIVE = {"capsule", "box", "diamond", "pentagon"}


def chart(steps: list[dict[str, Any]], lanes: int = 3, sheet: Sheet = SHEET, **procedure: Any) -> list[str]:
    """The pages of a small procedure; a step is a dict over sensible defaults."""
    ids = [f"a{index}" for index in range(lanes)]
    actors = [{"id": one, "label": f"Pelaksana {one}"} for one in ids]
    rows = [
        {"number": index, "kind": "process", "actors": [ids[0]], "text": f"Langkah {index}", **step}
        for index, step in enumerate(steps, 1)
    ]
    made = Procedure.model_validate(
        {"id": "p", "title": "P", "lanes": ids, "trigger": {"kind": "order"}, "operations": ["backup"], "steps": rows}
        | procedure
    )
    sop = SOP.model_copy(update={"actors": Sop.model_validate(_sop(actors, made)).actors, "procedures": [made]})
    return draw(sop, made, sheet)


def _sop(actors: list[dict[str, str]], procedure: Procedure) -> dict[str, Any]:
    return {**SOP.model_dump(mode="json"), "actors": actors, "procedures": [procedure.model_dump(mode="json")]}


def shapes(page: str) -> list[str]:
    """The symbols drawn on a page, by kind; arrow heads and tables are not symbols."""
    found = []
    for item in ElementTree.fromstring(page).iter():
        if item.get("fill") != "#fff" or item.get("stroke") is None:
            continue
        corners = len((item.get("points") or "").split())
        rounded = float(item.get("rx") or 0) > 0
        found.append({4: "diamond", 5: "pentagon"}.get(corners, "capsule" if rounded else "box"))
    return found


def words(page: str) -> list[str]:
    return ["".join(item.itertext()) for item in ElementTree.fromstring(page).iter(f"{SVG}text")]


def test_the_sop_of_iain_fits_a_portrait_page_with_its_symbols() -> None:
    (page,) = draw(SOP, PROCEDURE, SHEET)
    drawn = shapes(page)
    assert (drawn.count("capsule"), drawn.count("diamond"), drawn.count("box")) == (2, 3, 6)
    assert page.count("perbaiki") == 2
    assert "tidak tersedia" in page


def test_the_same_procedure_gives_the_same_drawing() -> None:
    assert draw(SOP, PROCEDURE, SHEET) == draw(SOP, PROCEDURE, SHEET)


def test_only_the_permitted_symbols_are_drawn() -> None:
    for page in draw(SOP, PROCEDURE, Sheet(200, 95, 95)):
        assert set(shapes(page)) <= FIVE


def test_a_flow_that_leaves_its_page_comes_out_of_the_pentagon_of_the_same_number() -> None:
    pages = draw(SOP, PROCEDURE, Sheet(200, 95, 95))
    assert len(pages) > 2
    numbers = [
        "".join(item.itertext())
        for page in pages
        for item in ElementTree.fromstring(page).iter(f"{SVG}text")
        if item.get("font-weight") == "bold" and "".join(item.itertext()).isdigit()
    ]
    assert len(numbers) == sum(shapes(page).count("pentagon") for page in pages)
    assert all(numbers.count(one) == 2 for one in numbers)


@pytest.mark.parametrize("height", [80, 95, 120, 165, 245])
def test_no_page_is_higher_than_its_sheet(height: float) -> None:
    for page in draw(SOP, PROCEDURE, Sheet(262, height, height)):
        found = re.search(r'height="([\d.]+)mm"', page)
        assert found and float(found[1]) <= height + 0.5


def test_rows_that_share_a_standard_time_print_it_once() -> None:
    (page,) = draw(SOP, PROCEDURE, SHEET)
    said = " ".join(words(page))
    assert said.count("1 (Satu) Hari") == 2  # row 1, and rows 9 and 10 together


def test_a_gap_in_the_numbering_is_printed_as_a_gap() -> None:
    steps = [
        {"id": "l1", "next": [{"to": "l3"}]},
        {"id": "l2", "kind": "gap", "text": None},
        {"id": "l3", "kind": "end"},
    ]
    (page,) = chart(steps)
    assert {"1", "3"} <= set(words(page))
    assert "2" not in words(page)
    assert len(shapes(page)) == 2


def test_an_end_the_paper_does_not_print_is_drawn_beside_its_decision_without_a_row() -> None:
    steps = [
        {"id": "l1", "kind": "decision", "next": [{"to": "l2", "when": "ya"}, {"to": "tolak", "when": "ditolak"}]},
        {"id": "l2", "kind": "end"},
        {"id": "tolak", "kind": "end", "number": None, "actors": ["a1"], "text": "Permintaan ditolak"},
    ]
    (page,) = chart(steps)
    assert "ditolak" in words(page)
    assert not any("Permintaan" in one for one in words(page))
    assert shapes(page).count("capsule") == 2


def test_a_joint_step_has_a_symbol_in_each_of_its_lanes() -> None:
    (page,) = chart([{"id": "l1", "actors": ["a0", "a2"], "next": [{"to": "l2"}]}, {"id": "l2", "kind": "end"}])
    assert shapes(page) == ["capsule", "capsule", "capsule"]


def test_texts_cannot_break_out_of_the_drawing() -> None:
    (page,) = chart([{"id": "l1", "kind": "end", "text": '<script>alert(1)</script> & "x"', "requirements": ["a<b"]}])
    assert "<script" not in page
    assert "<script>alert(1)</script>" in "".join(words(page)).replace(" ", "")


def test_foreign_words_are_italic() -> None:
    (page,) = draw(SOP, PROCEDURE, SHEET)
    italic = {item.text for item in ElementTree.fromstring(page).iter(f"{SVG}tspan")}
    assert "Backup" in italic
