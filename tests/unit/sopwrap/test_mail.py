from __future__ import annotations

import smtplib

from sopwrap.notify.mail import _reason, letter
from sopwrap.notify.message import Message
from sopwrap.notify.settings import Email

TO = Email(to=["a@b.id", "c@b.id"], sender="cadangan@kantor.go.id", host="surat")


def test_a_letter_is_marked_as_written_by_a_machine_and_carries_its_papers() -> None:
    mail = letter(Message("done", "Judul\nBcc: x@y.id", "Isi – ✓"), TO, {"a.pdf": b"%PDF-"})
    assert (mail["To"], mail["Auto-Submitted"]) == ("a@b.id, c@b.id", "auto-generated")
    assert mail["Subject"] == "Judul Bcc: x@y.id" and mail["Bcc"] is None
    assert mail["Message-ID"].endswith("@kantor.go.id>")
    [paper] = mail.iter_attachments()
    assert (paper.get_filename(), paper.get_content_type(), paper.get_content()) == (
        "a.pdf",
        "application/pdf",
        b"%PDF-",
    )
    body = mail.get_body()
    assert body is not None and body.get_content().strip() == "Isi – ✓"


def test_a_servers_refusal_is_told_with_its_code() -> None:
    assert _reason(smtplib.SMTPAuthenticationError(535, b"Bad password.")) == "535 Bad password"
    assert _reason(TimeoutError()) == "TimeoutError"
