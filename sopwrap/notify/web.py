"""Sends a message over HTTP: a webhook gets it as JSON, a dead man's switch is pinged, Apprise speaks to the rest."""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request

from sopwrap.errors import SopError, UsageError
from sopwrap.notify.message import Message

TIMEOUT = 10.0
"""Seconds a server may take to answer."""

ENDINGS = {"started": "/start", "failed": "/fail", "missed": "/fail"}
"""Event → what is added to a ping's address (healthchecks.io and those that do as it does); the others add nothing."""


def webhook(message: Message, address: str) -> None:
    """POST the message as JSON; raise SopError unless it is taken."""
    body = {"event": message.event, "title": message.title, "text": message.text, "case": message.case, **message.data}
    data = json.dumps(body, ensure_ascii=False).encode()
    _ask(urllib.request.Request(address, data, {"Content-Type": "application/json; charset=utf-8"}), "webhook")


def ping(message: Message, address: str) -> None:
    """Ping the switch with the title as its log line; raise SopError unless it answers."""
    url = address.rstrip("/") + ENDINGS.get(message.event, "")
    _ask(urllib.request.Request(url, message.title.encode(), {"Content-Type": "text/plain; charset=utf-8"}), "ping")


def apprise(message: Message, address: str) -> None:
    """Let Apprise tell the service of an address such as ntfy://HOST/TOPIC; raise SopError unless it is taken."""
    try:
        from apprise import Apprise, NotifyType
    except ImportError:
        raise UsageError("Apprise is not installed.", "pip install 'sopwrap[notify]'") from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # what it logs can hold the address
    services = Apprise()
    if not services.add(address):
        raise SopError("Apprise does not know this kind of address.", "See the list of services of Apprise.")
    kind = NotifyType.FAILURE if message.event in ENDINGS and message.event != "started" else NotifyType.INFO
    if not services.notify(body=message.text, title=message.title, notify_type=kind):
        raise SopError("The service did not take the message.", "Try the address with the program `apprise`.")


def _ask(request: urllib.request.Request, what: str) -> None:
    request.add_header("User-Agent", "sopwrap")
    if request.type not in ("http", "https"):
        raise SopError(f"The address of the {what} is not http or https.", "Mend the file in secrets/.")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise SopError(f"The {what} answered {error.code}.", "See whether its address still holds.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise SopError(f"The {what} cannot be reached: {reason}.", "See whether its server is up.") from None
