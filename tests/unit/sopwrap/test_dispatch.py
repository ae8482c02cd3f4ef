from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.errors import SopError
from sopwrap.notify import dispatch as module
from sopwrap.notify.dispatch import dispatch, secret
from sopwrap.notify.message import Message
from sopwrap.notify.settings import Channel
from sopwrap.workspace import Workspace
from tests.unit.sopwrap.offices import make

TOKEN = "https://ping.example/canary-token"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make(tmp_path / "office")
    made.secrets.mkdir(mode=0o700)
    (made.secrets / "ping.url").touch(mode=0o600)
    (made.secrets / "ping.url").write_text(f"{TOKEN}\n")
    return made


def tell(workspace: Workspace, *channels: Channel, event: str = "failed") -> list[str]:
    office = workspace.office().model_copy(update={"notify": list(channels)})
    return dispatch(workspace, office, workspace.ledger(), Message(event, "T", "text", "2026-0001"))


def test_what_was_told_is_a_line_without_its_address(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(module.web, "ping", lambda message, address: asked.append(address))
    assert tell(workspace, Channel(ping="ping.url"), Channel(webhook="ping.url", when=["done"])) == []
    assert asked == [TOKEN]
    [line] = workspace.ledger().of_kind("notified")
    told = {"case": "2026-0001", "event": "failed", "channel": "ping ping.url", "outcome": "sent", "message": ""}
    assert line.case is None and line.data == told


@pytest.mark.parametrize("error", [SopError(f"{TOKEN} is away."), RuntimeError(TOKEN)])
def test_a_failure_is_a_warning_and_a_line_without_the_secret(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(message: Message, address: str) -> None:
        raise error

    monkeypatch.setattr(module.web, "ping", broken)
    [warning] = tell(workspace, Channel(ping="ping.url"))
    [line] = workspace.ledger().of_kind("notified")
    assert line.data["outcome"] == "failed" and line.data["message"]
    assert "canary" not in warning + str(line.data)


def test_a_secret_that_is_missing_empty_or_open_to_others_is_said(workspace: Workspace) -> None:
    assert secret(workspace, "ping.url") == TOKEN
    (workspace.secrets / "ping.url").chmod(0o644)
    assert "can be read by others" in tell(workspace, Channel(ping="ping.url"))[0]
    assert "cannot be read" in tell(workspace, Channel(ping="nowhere"))[0]
    (workspace.secrets / "empty").touch(mode=0o600)
    assert "is empty" in tell(workspace, Channel(ping="empty"))[0]
