from __future__ import annotations

import pytest

from sopwrap.errors import SopError
from sopwrap.notify.message import Message
from sopwrap.notify.web import ping, webhook

MESSAGE = Message("done", "T", "t")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/y"])
def test_an_address_that_is_not_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(SopError, match="is not http or https"):
        webhook(MESSAGE, address)


def test_a_server_that_is_away_is_said_without_its_address() -> None:
    with pytest.raises(SopError, match="The ping cannot be reached") as caught:
        ping(MESSAGE, "http://127.0.0.1:1/canary")
    assert "canary" not in str(caught.value)
