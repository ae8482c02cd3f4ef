from __future__ import annotations

import pytest

from sopwrap.imports.marks import is_mark, read_mark


@pytest.mark.parametrize(
    "text", ["x", "X", "v", "✓", "√", "●", "■", "□", "o", "O", "[ ]", "( )", "*", "kotak", "Proses"]
)
def test_a_sign_marks_the_lane(text: str) -> None:
    mark = read_mark(text)
    assert mark is not None
    assert mark.sure


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Mulai", "start"),
        ("( START )", "start"),
        ("Selesai", "end"),
        ("END", "end"),
        ("◇", "diamond"),
        ("belah ketupat", "diamond"),
    ],
)
def test_the_words_of_a_symbol_tell_its_kind(text: str, what: str) -> None:
    mark = read_mark(text)
    assert mark is not None
    assert getattr(mark, what)


@pytest.mark.parametrize("text", ["|", "↓", "\\downarrow", "\\rightarrow-", "-", "│", "_"])
def test_a_line_is_not_taken_for_a_symbol(text: str) -> None:
    mark = read_mark(text)
    assert mark is not None
    assert mark.line
    assert not mark.sure


def test_labels_beside_a_diamond_are_kept() -> None:
    assert (read_mark("◇ Y/T") or pytest.fail()).branches == ("Y", "T")
    assert (read_mark("◇\nBelum benar") or pytest.fail()).branches == ("Belum benar",)
    assert (read_mark("◇ Y: 5; T: 3") or pytest.fail()).ways == (("Y", "5"), ("T", "3"))
    assert (read_mark("x → 4") or pytest.fail()).ways == (("", "4"),)


def test_numbers_and_orders_are_read() -> None:
    assert (read_mark("2") or pytest.fail()).order == 2
    found = read_mark("1 Selesai") or pytest.fail()
    assert (found.order, found.end) == (1, True)


def test_words_nobody_can_place_are_no_mark() -> None:
    assert not is_mark("Formulir")
    assert is_mark("")
    assert (read_mark("Formulir lama") or pytest.fail()).odd == "Formulir lama"
