"""Sends a message by SMTP, over TLS unless the office says otherwise."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from sopwrap.errors import SopError
from sopwrap.notify.message import Message
from sopwrap.notify.settings import Email

TIMEOUT = 20.0
"""Seconds a server may take to answer."""


def letter(message: Message, to: Email, papers: Mapping[str, bytes]) -> EmailMessage:
    """The message as mail; ``papers`` is file name → PDF."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = to.sender, ", ".join(to.to), " ".join(message.title.split())
    mail["Date"], mail["Message-ID"] = formatdate(localtime=False), make_msgid(domain=to.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    for name, content in papers.items():
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail


def send(mail: EmailMessage, to: Email, password: str, folder: Path) -> None:
    """Hand the mail to the server; raise SopError when it does not take it for everybody named."""
    try:
        context = ssl.create_default_context()
        if to.ca:
            context.load_verify_locations(folder / to.ca)
        if to.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(to.host, to.port, timeout=TIMEOUT)
        with server:
            if to.security == "starttls":
                server.starttls(context=context)
            if to.user is not None:
                server.login(to.user, password)
            refused = server.send_message(mail)
    except (smtplib.SMTPException, OSError) as error:
        raise SopError(
            f"The mail server {to.host} did not take the mail: {_reason(error)}.", "See `notify`."
        ) from error
    if refused:
        raise SopError(f"The mail server {to.host} refused {', '.join(refused)}.", "See `to` under `notify`.")


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}".rstrip(".")
    return str(error).rstrip(".") or type(error).__name__
