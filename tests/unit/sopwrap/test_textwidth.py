from __future__ import annotations

from sopwrap.papers import textwidth


def test_words_longer_than_a_cell_are_cut_and_stay_in_it() -> None:
    lines = textwidth.wrap("a" * 200 + " x", 20, 8)
    assert len(lines) > 5
    assert all(textwidth.text_width(line, 8) <= 20 for line in lines)
    assert "".join(lines).replace(" ", "") == "a" * 200 + "x"


def test_a_line_is_broken_between_words_and_no_word_is_lost() -> None:
    said = "Menyampaikan Permintaan Media Penyimpanan Backup Data Dan Menunggu Tersedia"
    lines = textwidth.wrap(said, 25, 8)
    assert len(lines) > 2
    assert " ".join(lines) == said


def test_a_long_word_is_cut_after_its_slash() -> None:
    assert textwidth.wrap("Flashdisk/Hardisk", 16, 8) == ["Flashdisk/", "Hardisk"]


def test_bold_text_is_wider() -> None:
    assert textwidth.text_width("Output", 8, bold=True) > textwidth.text_width("Output", 8)
