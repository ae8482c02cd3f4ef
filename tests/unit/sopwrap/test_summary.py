from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sopwrap.ci import summary as module
from sopwrap.ci.summary import summary
from tests.unit.sopwrap.small_office import place
from tests.unit.sopwrap.test_outcome import held, told


def test_what_failed_comes_first_with_its_reason_and_the_commands_for_it(tmp_path: Path) -> None:
    lines = summary(held(tmp_path)).splitlines()
    assert lines[0].endswith("is held") and "1 of 2 assets went well." in lines
    rows = [line for line in lines if line.startswith(("| ❌", "| ✅"))]
    assert rows[0].startswith("| ❌ | `siakad-db` | backup in internal failed") and "Start it." in rows[0]
    assert any(line.startswith("    sopwrap case decide") and "retry" in line for line in lines)


def test_a_case_that_waits_says_for_whom(tmp_path: Path) -> None:
    here = place(tmp_path)
    here.resume()
    assert "Next: step l1, siti:" in summary(told(here, 3))


def test_a_cell_cannot_end_its_row_or_begin_a_tag(tmp_path: Path) -> None:
    found = held(tmp_path)
    odd = tuple(replace(one, message="a | b\n<img>") for one in found.actions)
    assert "a \\| b &lt;img>" in summary(replace(found, actions=odd))


def test_a_long_list_is_cut_where_all_went_well(tmp_path: Path, monkeypatch: object) -> None:
    found = held(tmp_path)
    good = next(one for one in found.actions if one.good)
    many = (*found.actions, *(replace(good, asset=f"a{number}") for number in range(module.SHOWN + 5)))
    text = summary(replace(found, actions=many))
    assert "more that went well." in text and "siakad-db" in text
