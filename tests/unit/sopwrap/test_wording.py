from __future__ import annotations

import pytest

from sopwrap.papers import wording


def test_foreign_words_are_italic_and_the_rest_is_escaped() -> None:
    assert wording.foreign("Ceklis Backup <b>") == 'Ceklis \u200b<i lang="en">Backup</i> &lt;b&gt;'
    assert wording.foreign("peladen dan serverless") == "peladen dan serverless"
    assert wording.foreign(None) == ""


def test_what_is_drawn_gets_the_same_words_as_pieces() -> None:
    assert wording.spans("Data server dan file") == [
        ("Data ", False),
        ("server", True),
        (" dan ", False),
        ("file", True),
    ]
    assert wording.spans("") == []


def test_what_nobody_entered_is_a_dotted_line() -> None:
    assert "....." in wording.dots(None)
    assert wording.dots("<L-1>") == "&lt;L-1&gt;"


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "</style>", "é…"])
def test_no_text_can_leave_its_css_string(text: str) -> None:
    said = str(wording.css_string(text))
    assert said[0] == said[-1] == '"'
    assert not set(said[1:-1]) & set('"\n<>')
    assert said.count("\\") == sum(not (sign.isascii() and (sign.isalnum() or sign in " .,:/()-")) for sign in text)


def test_a_digest_is_cited_by_its_first_digits() -> None:
    assert wording.short("0123456789abcdef") == "0123456789ab"
    assert wording.short(None) == "–"
