from __future__ import annotations

from datetime import timedelta

from sopwrap.board.tongue import Tongue, languages, vocabulary
from tests.unit.sopwrap.pasts import NOW


def test_every_language_has_the_same_words_and_the_offices_own_comes_first() -> None:
    first, *others = languages()
    assert first == "id"
    for other in others:
        assert vocabulary()[other].keys() == vocabulary()[first].keys()
        for key, words in vocabulary()[other].items():
            assert str(words).count("{}") == str(vocabulary()[first][key]).count("{}"), key


def test_numbers_and_times_are_said_as_the_language_says_them() -> None:
    own, other = Tongue("id", "Asia/Makassar"), Tongue("en", "Asia/Makassar")
    assert (own.size(1_460_000), other.size(2048)) == ("1,46 MB", "2.05 kB")
    assert (own.day(NOW), own.clock(NOW)) == ("8 Mei 2026", "09.00 WITA")
    assert (other.day(NOW), other.clock(NOW)) == ("8 May 2026", "09:00 WITA")
    assert own.ago(NOW - timedelta(hours=2), NOW) == "2 jam lalu"
    assert (own.ago(NOW, NOW), other.ago(NOW + timedelta(hours=1), NOW)) == ("baru saja", "just now")
    assert (own.period("P1D"), other.period("P1D"), other.period(None)) == ("1 hari", "P1D", "–")
