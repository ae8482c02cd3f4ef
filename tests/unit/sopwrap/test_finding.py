from __future__ import annotations

from sopwrap.finding import fail, ok, warn


def test_a_finding_travels_as_plain_data() -> None:
    assert warn("media", "gone", "look").as_dict() == {
        "check": "media",
        "state": "warn",
        "detail": "gone",
        "hint": "look",
    }
    assert [ok("a", "b").state, fail("a", "b").state, ok("a", "b").hint] == ["ok", "fail", ""]
