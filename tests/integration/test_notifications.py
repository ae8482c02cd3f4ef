"""Messages through real servers: SMTP with STARTTLS and a password, HTTP, and Apprise's ntfy."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from sopwrap.execution import Executor
from tests.office.process import program
from tests.unit.sopwrap.shells import RunShell

PASSWORD = "canary-of-the-mail-server"


@pytest.fixture
def run_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunShell:
    """An office with an SOP of the machine alone; every order ends with ``outcome``."""
    made = RunShell(tmp_path / "office")
    monkeypatch.setattr(Executor, "carry_out", lambda self, order: made.answer(order))
    return made


class Mailroom(Controller):
    """A mail server of one user that speaks TLS only; keeps what it is given."""

    def __init__(self, certificate: Path, key: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.mails: list[EmailMessage] = []
        rules: dict[str, Any] = {"tls_context": context, "require_starttls": True, "authenticator": self._known}
        super().__init__(self, hostname="127.0.0.1", port=0, auth_required=True, auth_require_tls=True, **rules)

    @staticmethod
    def _known(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        good = (data.login, data.password) == (b"cadangan", PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.mails.append(mail)  # type: ignore[arg-type]
        return "250 OK"

    def _trigger_server(self) -> None:
        """It asks itself whether it is there, at the port it was given: none, so tell it the one it got."""
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    made = (folder / "cert.pem", folder / "key.pem")
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=surat"]
    words += ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(made[0]), "-keyout", str(made[1])]
    subprocess.run([program("openssl"), *words], check=True, capture_output=True)
    return made


@pytest.fixture
def mailroom(certificate: tuple[Path, Path]) -> Iterator[Mailroom]:
    room = Mailroom(*certificate)
    room.start()
    yield room
    room.stop()


class Web:
    """An HTTP server that keeps what it is asked; ``answer`` is the status it gives."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self.answer = 200
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                web.asked.append((self.path, body))
                self.send_response(web.answer)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def configure(shell: RunShell, notify: list[dict[str, Any]], **secrets: str) -> None:
    """Write ``notify`` into office.yml, and files into the secrets folder."""
    shell.workspace.secrets.mkdir(mode=0o700, exist_ok=True)
    for name, text in secrets.items():
        path = shell.workspace.secrets / name
        path.touch(mode=0o600)
        path.write_text(text)
    path = shell.workspace.folder / "office.yml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), "notify": notify}))


def told(shell: RunShell) -> list[tuple[str, str]]:
    """(event, outcome) of every line about a message."""
    return [(line.data["event"], line.data["outcome"]) for line in shell.workspace.ledger().of_kind("notified")]


def email(room: Mailroom, certificate: tuple[Path, Path], **more: Any) -> dict[str, Any]:
    server = {
        "host": "127.0.0.1",
        "port": room.port,
        "user": "cadangan",
        "password": "smtp",
        "ca": str(certificate[0]),
    }
    return {"to": ["kepala@kantor.go.id"], "sender": "cadangan@kantor.go.id", **server, **more}


def test_the_paper_goes_along_with_the_mail_over_tls(
    run_shell: RunShell, mailroom: Mailroom, certificate: tuple[Path, Path]
) -> None:
    settings = email(mailroom, certificate, attach=["sop", "media_note"])
    configure(run_shell, [{"email": settings, "when": ["done"]}], smtp=PASSWORD)
    run_shell("run", "uji/backup")
    [mail] = mailroom.mails
    assert mail["Subject"] == f"Kantor Contoh: Kasus {run_shell.cases[0]} selesai"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["To"] == "kepala@kantor.go.id"
    [paper] = mail.iter_attachments()
    assert paper.get_filename() == f"{run_shell.cases[0]}-sop.pdf", "a paper this case does not give is left out"
    assert paper.get_content().startswith(b"%PDF")
    assert told(run_shell) == [("done", "sent")]


@pytest.mark.parametrize(
    ("change", "secret", "says"),
    [
        ({}, "canary-wrong", "did not take the mail: 535"),
        ({"ca": None}, PASSWORD, "certificate verify failed"),
        ({"port": 1}, PASSWORD, "refused"),
    ],
)
def test_a_mail_that_cannot_be_sent_changes_nothing_but_is_on_record(
    run_shell: RunShell,
    mailroom: Mailroom,
    certificate: tuple[Path, Path],
    change: dict[str, Any],
    secret: str,
    says: str,
) -> None:
    configure(run_shell, [{"email": email(mailroom, certificate, **change), "when": ["done"]}], smtp=secret)
    result = run_shell("run", "uji/backup")
    assert "is done" in result.stdout and says in result.stderr
    assert told(run_shell) == [("done", "failed")] and mailroom.mails == []
    kept = b"".join(path.read_bytes() for path in run_shell.workspace.folder.glob("ledger.db*"))
    assert secret.encode() not in kept and secret not in result.output


def test_a_switch_is_pinged_at_the_start_and_at_the_end_and_told_of_failure(run_shell: RunShell, web: Web) -> None:
    configure(run_shell, [{"ping": "switch"}], switch=f"http://127.0.0.1:{web.port}/uuid")
    run_shell("run", "uji/backup")
    run_shell.outcome = "failed"
    run_shell("run", "uji/backup", ends=1)
    assert [path for path, _ in web.asked] == ["/uuid/start", "/uuid", "/uuid/start", "/uuid/fail"]
    run_shell("status", "--check", "--notify", ends=1)
    assert web.asked[-1][0] == "/uuid/fail" and b"tidak terlaksana" in web.asked[-1][1]


def test_a_webhook_gets_json_and_a_server_that_refuses_is_a_failure_on_record(run_shell: RunShell, web: Web) -> None:
    configure(run_shell, [{"webhook": "hook", "when": ["done"]}], hook=f"http://127.0.0.1:{web.port}/hook?token=canary")
    run_shell("run", "uji/backup")
    sent = json.loads(web.asked[0][1])
    assert (sent["event"], sent["state"], sent["procedure"]) == ("done", "done", "uji/backup")
    web.answer = 503
    result = run_shell("run", "uji/backup")
    assert "The webhook answered 503." in result.stderr and "canary" not in result.stderr
    assert told(run_shell) == [("done", "sent"), ("done", "failed")]


def test_apprise_speaks_to_the_services_it_knows(run_shell: RunShell, web: Web) -> None:
    address = f"ntfy://127.0.0.1:{web.port}/cadangan"
    configure(run_shell, [{"apprise": "ntfy", "when": ["failed"]}], ntfy=address)
    run_shell.outcome = "failed"
    run_shell("run", "uji/backup", ends=1)
    assert "tertahan" in json.dumps(json.loads(web.asked[0][1]), ensure_ascii=False)
    configure(run_shell, [{"apprise": "ntfy", "when": ["failed"]}], ntfy="nosuch://canary")
    assert "does not know this kind of address" in run_shell("run", "uji/backup", ends=1).stderr
