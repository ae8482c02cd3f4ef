from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sopwrap.cli import COMMANDS, cli
from sopwrap.errors import LockedError, RefusedError


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A command `status` that raises what the list holds."""
    raised: list[BaseException] = []

    @click.command()
    def status() -> None:
        raise raised[0]

    monkeypatch.setattr("sopwrap.commands.status.status", status)
    return raised


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"Usage: cli {name}")


def after_help(expression: str) -> list[str]:
    """What a process prints that shows the help and then the value of an expression, in lines."""
    shown = "try: main(['--help'])\nexcept SystemExit: pass\n"
    code = f"import gc, sys; from sopwrap.cli import main\n{shown}print({expression})"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()


def test_the_help_lists_every_command_without_importing_any() -> None:
    heavy = ("sopwrap.commands", "rich", "sqlalchemy", "pydantic", "ansible")
    *shown, loaded = after_help(f"[name for name in sys.modules if name.startswith({heavy})]")
    assert loaded == "[]"
    assert all(any(f"  {name} " in line for line in shown) for name in COMMANDS)


def test_a_command_ends_without_a_last_look_for_garbage() -> None:
    assert after_help("gc.get_freeze_count() > 1000")[-1] == "True"


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(option: str) -> None:
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sopwrap", option], capture_output=True, text=True, check=True
    ).stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in said.splitlines()}
    assert "click" in loaded
    assert not loaded & {"ansible", "ansible_runner", "jinja2", "pydantic", "rich", "sqlalchemy", "weasyprint", "yaml"}


def test_an_unknown_command_is_wrong_use() -> None:
    result = CliRunner().invoke(cli, ["bakcup"])
    assert result.exit_code == 2
    assert "No such command" in result.output


@pytest.mark.parametrize(
    ("error", "code"), [(RefusedError("Not allowed.", "Ask."), 4), (LockedError("Busy.", "Wait."), 75)]
)
def test_an_error_is_a_sentence_a_hint_and_its_exit_code(
    failing: list[BaseException], error: Exception, code: int
) -> None:
    failing.append(error)
    result = CliRunner().invoke(cli, ["status"])
    assert result.exit_code == code
    assert result.stderr == "\n".join(str(one) for one in (error.message, error.hint)) + "\n"  # type: ignore[attr-defined]
    assert result.stdout == ""


def test_an_interrupt_ends_with_130_and_says_that_the_case_is_kept(failing: list[BaseException]) -> None:
    failing.append(KeyboardInterrupt())
    result = CliRunner().invoke(cli, ["status"])
    assert result.exit_code == 130
    assert "sopwrap case resume" in result.stderr


def test_a_fault_of_our_own_names_a_report_and_hides_the_traceback(
    failing: list[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "office.yml").write_text("{}")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "internal.key").write_text("canary-of-the-key\n")
    failing.append(ZeroDivisionError("opening with canary-of-the-key failed"))
    result = CliRunner().invoke(cli, ["--office", str(tmp_path), "status"])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    [report] = (tmp_path / ".sopwrap").glob("error-*.txt")
    assert str(report) in result.stderr
    text = report.read_text()
    assert "ZeroDivisionError" in text
    assert "canary" not in text
    assert report.stat().st_mode & 0o077 == 0


def test_debug_lets_a_fault_through(failing: list[BaseException]) -> None:
    failing.append(ZeroDivisionError())
    result = CliRunner().invoke(cli, ["--debug", "status"])
    assert isinstance(result.exception, ZeroDivisionError)


def test_an_import_that_fails_inside_a_command_is_reported_like_any_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setitem(sys.modules, "sopwrap.commands.status", None)
    result = CliRunner().invoke(cli, ["status"])
    assert result.exit_code == 1
    assert "fault of sopwrap itself" in result.stderr


@pytest.mark.parametrize("words", [["--help"], ["sop", "list"], ["run", "--help"]], ids=" ".join)
def test_an_output_that_cannot_be_written_is_a_sentence(words: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="ascii") as full:
        command = [sys.executable, "-m", "sopwrap", *words]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert (
        done.stderr == "The output cannot be written: No space left on device. Make room, or send it somewhere else.\n"
    )
