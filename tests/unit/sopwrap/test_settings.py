from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sopwrap.notify.settings import Channel

EMAIL = {"to": ["a@b.id"], "sender": "c@b.id", "host": "mail"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "exactly one"),
        ({"ping": "a", "webhook": "b"}, "exactly one"),
        ({"webhook": "https://token.example/x"}, "pattern"),
        ({"ping": "../../etc/passwd"}, "pattern"),
        ({"email": {**EMAIL, "to": []}}, "at least 1"),
        ({"email": {**EMAIL, "to": ["a@b.id\nBcc: x@y.id"]}}, "pattern"),
        ({"email": {**EMAIL, "user": "x"}}, "go together"),
        ({"email": {**EMAIL, "user": "x", "password": "p", "security": "none"}}, "not sent in the open"),
        ({"ping": "a", "when": ["sometimes"]}, "when"),
    ],
)
def test_a_channel_that_cannot_be_meant_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Channel.model_validate(given)


def test_people_hear_what_they_have_to_act_on_and_a_switch_hears_everything() -> None:
    assert Channel.model_validate({"email": EMAIL}).events == ("waiting", "failed", "missed")
    assert Channel.model_validate({"ping": "a"}).events == ("started", "done", "waiting", "failed", "missed")
    assert Channel.model_validate({"ping": "a", "when": ["done"]}).events == ("done",)
    assert Channel.model_validate({"apprise": "ntfy.url"}).name == "apprise ntfy.url"
