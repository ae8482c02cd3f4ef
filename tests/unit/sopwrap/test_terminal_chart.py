from __future__ import annotations

from typing import Any

import pytest

from sopwrap.sop import Sop, library
from sopwrap.terminal_chart import draw

EVERY = [(sop, procedure) for sop in library().values() for procedure in sop.procedures]
NAMES = [f"{sop.id}/{procedure.id}" for sop, procedure in EVERY]


def sop_of(steps: list[dict[str, Any]], lanes: int = 2, label: str = "Pelaksana") -> Sop:
    """An SOP of one procedure; a step is a dict over sensible defaults."""
    ids = [f"a{index}" for index in range(lanes)]
    rows = [
        {"number": index, "kind": "process", "actors": ["a0"], "text": f"Langkah {index}", **step}
        for index, step in enumerate(steps, 1)
    ]
    return Sop.model_validate(
        {
            "format": "sopwrap.sop/1",
            "id": "contoh",
            "layout": "sop_ap",
            "timezone": "Asia/Jakarta",
            "identity": {"letterhead": [], "title": "Contoh"},
            "quality_columns": ["time"],
            "actors": [{"id": one, "label": f"{label} {one}"} for one in ids],
            "procedures": [
                {
                    "id": "p",
                    "title": "P",
                    "lanes": ids,
                    "trigger": {"kind": "order"},
                    "operations": ["backup"],
                    "steps": rows,
                }
            ],
        }
    )


def chart(steps: list[dict[str, Any]], width: int = 80, **more: Any) -> list[str]:
    marks = more.pop("marks", {})
    ascii_only = more.pop("ascii_only", False)
    sop = sop_of(steps, **more)
    return draw(sop, sop.procedures[0], width, marks, ascii_only=ascii_only)


LOOP = [
    {"id": "l1", "next": [{"to": "l2"}]},
    {
        "id": "l2",
        "kind": "decision",
        "actors": ["a1"],
        "next": [{"to": "l3", "when": "Y"}, {"to": "l1", "when": "Belum benar"}],
    },
    {"id": "l3", "kind": "end"},
]


@pytest.mark.parametrize(("sop", "procedure"), EVERY, ids=NAMES)
@pytest.mark.parametrize("width", [30, 60, 72, 80, 100, 132, 160])
def test_every_procedure_fits_every_width_and_tells_all_its_steps_and_branches(
    sop: Sop, procedure: Any, width: int
) -> None:
    lines = draw(sop, procedure, width)
    assert max(map(len, lines)) <= width
    said = " ".join(" ".join(lines).split())
    for step in procedure.steps:
        if step.kind != "gap" and step.number is not None:
            assert str(step.number) in said
        assert (step.text or "").split()[:1] == [] or (step.text or "").split()[0] in said
        assert all(label in said for label in step.choices if len(label) < 9)


def test_a_loop_leaves_its_diamond_and_comes_back_above_the_step_it_repeats() -> None:
    lines = chart(LOOP)
    (leaving,) = [index for index, line in enumerate(lines) if "› " in line or "›─" in line]
    assert "─ Belum benar ─┘" in lines[leaving]
    (entering,) = [
        index for index, line in enumerate(lines) if line.endswith("┐") and index < leaving and "╮" not in line
    ]
    assert lines[entering].rstrip("┐").endswith("─")
    assert "▼" in lines[entering + 1]
    assert len(lines[entering]) == len(lines[leaving])


def test_each_kind_of_step_has_its_symbol() -> None:
    text = "\n".join(chart([LOOP[0], LOOP[1], {"id": "l3", "next": [{"to": "l4"}]}, {"id": "l4", "kind": "end"}]))
    assert (text.count("╭"), text.count("╱"), text.count("‹")) == (2, 2, 1)


def test_marks_stand_beside_the_numbers() -> None:
    lines = chart(LOOP, marks={"l1": "✓", "l2": "!"})
    assert any(line.startswith(" 1 ✓ ") for line in lines)
    assert any(line.startswith(" 2 ! ") for line in lines)
    assert any(" !2 " in line for line in lines)


def test_a_plain_terminal_gets_plain_signs() -> None:
    assert all(line.isascii() for line in chart(LOOP, ascii_only=True))
    assert all(line.isascii() for line in chart(LOOP, 40, ascii_only=True))


def test_a_narrow_terminal_gets_a_list_that_says_where_each_step_leads() -> None:
    lines = chart(LOOP, 50)
    assert "     Pelaksana a1" in lines
    assert "     → Y: 3; Belum benar: 1" in lines


def test_so_many_lanes_that_no_text_would_fit_become_a_list_too() -> None:
    assert not any("┌" in line for line in chart(LOOP, 80, lanes=9))
    assert any("╭" in line for line in chart(LOOP, 132, lanes=9))


def test_ways_at_the_same_height_do_not_share_a_track() -> None:
    steps = [
        {"id": "l1", "next": [{"to": "l2"}]},
        {"id": "l2", "kind": "decision", "next": [{"to": "l3", "when": "ya"}, {"to": "l1", "when": "tidak"}]},
        {"id": "l3", "kind": "decision", "next": [{"to": "l4", "when": "ya"}, {"to": "l1", "when": "ulang"}]},
        {"id": "l4", "kind": "end"},
    ]
    lines = chart(steps)
    first, second = (next(line for line in lines if word in line) for word in ("tidak", "ulang"))
    assert second.index("┘") == first.index("┘") + 2


def test_a_step_with_three_ways_aside_draws_all_of_them() -> None:
    ways = [{"to": "l1", "when": "satu"}, {"to": "l3", "when": "dua"}, {"to": "l4", "when": "tiga"}]
    steps = [
        {"id": "l1", "next": [{"to": "l2"}]},
        {"id": "l2", "kind": "decision", "next": ways},
        {"id": "l3", "next": [{"to": "l4"}]},
        {"id": "l4", "kind": "end"},
    ]
    text = "\n".join(chart(steps))
    assert all(one in text for one in ("satu ─", " dua", "tiga ─"))


def test_a_joint_step_is_handed_from_lane_to_lane_in_the_order_of_the_paper() -> None:
    there = chart([{"id": "l1", "actors": ["a0", "a1"], "next": [{"to": "l2"}]}, {"id": "l2", "kind": "end"}])
    back = chart([{"id": "l1", "actors": ["a1", "a0"], "next": [{"to": "l2"}]}, {"id": "l2", "kind": "end"}])
    assert any("►" in line for line in there)
    assert any("◄" in line for line in back)


def test_sixty_rows_a_name_of_eighty_letters_and_a_lane_without_a_step_are_drawn() -> None:
    steps = [{"id": f"l{n}", "next": [{"to": f"l{n + 1}"}]} for n in range(1, 60)] + [{"id": "l60", "kind": "end"}]
    lines = chart(steps, 100, lanes=4, label="K" * 80)
    assert max(map(len, lines)) <= 100
    assert sum(line.strip().startswith("60") for line in lines) == 1


def test_a_time_shared_by_rows_is_told_once() -> None:
    sop = library()["iain-ptk-2022"]
    text = "\n".join(draw(sop, sop.procedures[0], 100))
    assert text.count("9–10: 1 (Satu) Hari") == 1


def test_a_lanes_name_is_broken_after_a_slash() -> None:
    sop = library()["majalengka"]
    lines = draw(sop, sop.procedure("restore"), 100)
    assert any("Fungsional/" in line for line in lines[:4])
