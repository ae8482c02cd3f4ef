from __future__ import annotations

from sopwrap.terminal_canvas import Canvas


def test_lines_join_where_they_meet_in_whatever_order_they_are_drawn() -> None:
    canvas = Canvas(10)
    canvas.level(1, 4, 0)
    canvas.plumb(2, 0, 2)
    canvas.plumb(4, 1, 2)
    assert canvas.rows() == ["  ╷", "╶─┼─┐", "  ╵ ╵"]


def test_a_text_stands_over_the_lines_below_it() -> None:
    canvas = Canvas(8)
    canvas.text(0, 2, "ya")
    canvas.level(0, 0, 6)
    assert canvas.rows() == ["╶─ya──╴"]


def test_nothing_is_drawn_beyond_the_width() -> None:
    canvas = Canvas(4)
    canvas.text(0, 2, "panjang")
    assert canvas.rows() == ["  pa"]


def test_a_sheet_for_a_plain_terminal_has_plain_signs_only() -> None:
    canvas = Canvas(12)
    canvas.level(0, 0, 3)
    canvas.plumb(3, 0, 1)
    canvas.text(1, 5, "╭▼╮ ╱›◄")
    assert canvas.rows(ascii_only=True) == ["---+", "   | .v. />".rstrip() + "<"]
    assert all(line.isascii() for line in canvas.rows(ascii_only=True))


def test_a_text_cannot_steer_the_terminal() -> None:
    canvas = Canvas(8)
    canvas.text(0, 0, "a\x1b[2J\n")
    assert canvas.rows() == ["a?[2J?"]


def test_a_sheet_nobody_drew_on_is_empty() -> None:
    assert Canvas(5).rows() == []
