"""Sends a message through every channel that wants it, and writes into the ledger what became of it.

What cannot be told is a line of the ledger and a warning; it never changes how the run itself ended. Lines stand in no
case: a case's papers carry the digest of its last line, and a message about a paper must not make it another one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sopwrap.errors import SopError, UsageError
from sopwrap.ledger import Draft
from sopwrap.notify import mail, web
from sopwrap.redaction import known_secrets, scrub

if TYPE_CHECKING:
    from sopwrap.ledger import Ledger
    from sopwrap.notify.message import Message
    from sopwrap.notify.settings import Channel
    from sopwrap.office import Office
    from sopwrap.workspace import Workspace

Papers = Callable[[list[str]], dict[str, bytes]]
"""Ids of papers → file name → PDF, of those the case can give."""


def dispatch(
    workspace: Workspace, office: Office, ledger: Ledger, message: Message, papers: Papers = lambda ids: {}
) -> list[str]:
    """Tell everybody who wants to know; return a warning for each channel that failed."""
    wanted = [channel for channel in office.notify if message.event in channel.events]
    if not wanted:
        return []
    with ThreadPoolExecutor(max_workers=8) as pool:
        ends = list(pool.map(lambda channel: _attempt(workspace, channel, message, papers), wanted))
    drafts = [
        Draft(
            "notified",
            {
                "case": message.case,
                "event": message.event,
                "channel": channel.name,
                "outcome": "failed" if failure else "sent",
                "message": failure,
            },
        )
        for channel, failure in zip(wanted, ends, strict=True)
    ]
    warnings = [f"{channel.name} was not told: {end}" for channel, end in zip(wanted, ends, strict=True) if end]
    try:
        ledger.append(None, drafts)
    except SopError as error:
        warnings.append(f"What was told is not in the ledger: {error}")
    return warnings


def _attempt(workspace: Workspace, channel: Channel, message: Message, papers: Papers) -> str:
    """Try one channel; return why it failed, without secrets, or nothing."""
    try:
        _send(workspace, channel, message, papers)
    except SopError as error:
        return scrub(str(error), known_secrets(workspace.secrets))
    except Exception as error:  # noqa: BLE001 - a fault in telling must not become one of the run
        return f"An unexpected {type(error).__name__}."
    return ""


def _send(workspace: Workspace, channel: Channel, message: Message, papers: Papers) -> None:
    if (email := channel.email) is not None:
        password = secret(workspace, email.password) if email.password else ""
        attached = papers(email.attach) if email.attach else {}
        mail.send(mail.letter(message, email, attached), email, password, workspace.folder)
        return
    send = {"webhook": web.webhook, "ping": web.ping, "apprise": web.apprise}[channel.kind]
    send(message, secret(workspace, channel.webhook or channel.ping or channel.apprise or ""))


def secret(workspace: Workspace, name: str) -> str:
    """What a file of the secrets folder says; raise UsageError when it is not there or others may read it."""
    path = workspace.secrets / name
    try:
        if path.stat().st_mode & 0o077:
            raise UsageError(f"{path} can be read by others.", f"chmod 600 {path}")
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(f"{path} cannot be read: {reason}.", "`notify` in office.yml names it.") from error
    if not text:
        raise UsageError(f"{path} is empty.", "`notify` in office.yml names it.")
    return text
