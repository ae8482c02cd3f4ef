from __future__ import annotations

import pytest

from sopwrap.case import Asset
from sopwrap.events import Failure, News
from sopwrap.execution import Order
from sopwrap.progress import Bar, Lines, Quiet, headline, sentence, watch
from tests.unit.sopwrap.small_office import record

ORDER = Order(("backup_assets",), (Asset(id="web", kind="files", host="srv-a"), Asset(id="db", kind="x", host="srv-a")))


def test_a_record_is_one_line() -> None:
    good = record("backup", "web").model_copy(update={"size_bytes": 2048})
    assert sentence(good) == "web: backup in internal ok (2.05 kB, 0 s)"
    assert sentence(record("backup", "web", outcome="failed")) == "web: backup in internal failed: backup of web broke."
    assert sentence(record("check_media", None, "external")).startswith("external: check_media ok")
    assert headline(ORDER) == "backup_assets: 2 assets on 1 host"


def test_lines_tell_a_hosts_failure_only_where_no_record_told_it(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.begin(ORDER, 2)
    lines.news(News(records=(record("backup", "web", outcome="failed"),), failure=Failure("srv-a", "m"), host="srv-a"))
    lines.news(News(failure=Failure("srv-a", "a kind failed"), host="srv-a"))
    lines.news(News(failure=Failure("srv-b", "no route", unreachable=True), host="srv-b"))
    lines.news(News(failure=Failure("srv-b", "the play failed"), host="srv-b"))
    lines.stopping()
    lines.end()
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.strip() for line in said.err.splitlines()][1:4] == [
        "web: backup in internal failed: backup of web broke.",
        "srv-b was not reached: no route",
        "Stopping: what has been begun is cleaned up first. Interrupt again to force it.",
    ]


def test_a_quiet_run_tells_only_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    quiet = Quiet()
    quiet.begin(ORDER, 2)
    quiet.news(News(records=(record("backup", "web"), record("backup", "db", outcome="failed")), host="srv-a"))
    assert capsys.readouterr().err.splitlines()[1:] == ["  db: backup in internal failed: backup of db broke."]


def test_the_bar_shows_what_went_wrong_above_itself(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar()
    bar.news(News(host="x"))  # before the beginning there is nothing to move
    bar.begin(ORDER, 2)
    bar.news(News(records=(record("backup", "web"),), host="srv-a", task="backup | Copy"))
    bar.news(News(records=(record("backup", "db", outcome="refused"),), host="srv-a"))
    bar.news(News(failure=Failure("srv-b", "x", unreachable=True), host="srv-b"))
    bar.stopping()
    bar.end()
    bar.end()
    said = capsys.readouterr().err
    assert "backup_assets: 2 assets on 1 host" in said
    assert "db: backup in internal refused" in said
    assert "srv-b was not reached" in said
    assert "web: backup in internal ok" not in said


def test_without_a_terminal_there_are_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert isinstance(watch().begin.__self__, Lines)  # type: ignore[attr-defined]
    assert not isinstance(watch().begin.__self__, Bar)  # type: ignore[attr-defined]
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert isinstance(watch().begin.__self__, Bar)  # type: ignore[attr-defined]
    assert not isinstance(watch(quiet=True).begin.__self__, Bar)  # type: ignore[attr-defined]
