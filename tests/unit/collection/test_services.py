"""Services are found, stopped in order, started the other way round, and asked whether they answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import services
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemctl that writes down what it was asked, and says what the file `state` says."""
    program, log = tmp_path / "systemctl", tmp_path / "log"
    program.write_text(f'#!/bin/sh\necho "$*" >> {log}\n[ "$2" != show ] || cat {tmp_path}/state\n')
    program.chmod(0o755)
    (tmp_path / "state").write_text("active\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return log


@pytest.fixture
def page() -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"Selamat datang")

        def log_message(self, *words: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_units_are_started_the_other_way_round(systemctl: Path) -> None:
    assert services.of({"services": ["web", "kerja.timer", "php8.2-fpm"]})[1:] == ["kerja.timer", "php8.2-fpm.service"]
    assert services.start(["a.service", "b.service"]) == []
    assert [line.split()[2] for line in systemctl.read_text().splitlines() if " start " in line] == [
        "b.service",
        "a.service",
    ]


def test_a_unit_that_does_not_stop_or_start_is_told(systemctl: Path) -> None:
    with pytest.raises(Problem, match="did not stop: it is active"):
        services.stop(["a.service"])
    services.stop_all(["a.service"])
    (systemctl.parent / "state").write_text("failed\n")
    assert services.start(["a.service"]) == ["the service a.service is failed"]


def test_the_page_has_to_hold_its_text(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PATIENCE", 0.0)
    assert services.require_health({}) is None and services.answers({})
    assert services.answers({"health": {"url": page, "contains": "Selamat"}})
    assert not services.answers({"health": {"url": page, "contains": "Galat"}})
    assert "answers" in str(services.require_health({"health": {"url": page, "contains": "Selamat"}}))
    with pytest.raises(Problem, match="does not hold 'Galat'"):
        services.require_health({"health": {"url": page, "contains": "Galat"}})
    with pytest.raises(Problem, match="refused"):
        services.require_health({"health": {"url": "http://127.0.0.1:1/"}})


def test_services_without_systemd_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.os.path, "isdir", lambda path: False)
    assert services.require({"id": "a"}) == []
    with pytest.raises(Problem, match="no systemd"):
        services.require({"id": "a", "services": ["web"]})
