"""The command line: global options, commands that are imported only when they are called, and how errors end.

An error is one sentence and a hint on stderr; its exit code is the contract with pipelines
(docs/reference/cli.md). Nothing heavy may be imported here: `sopwrap --help` answers at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import Any, NoReturn

import click

from sopwrap.errors import SopError

COMMANDS = {
    "init": "Make an office: a folder with its people, its inventory and its keys.",
    "doctor": "Say what is missing or wrong in this office, and what to do about it.",
    "run": "Carry out a procedure of an SOP.",
    "request": "Ask, by a letter and its form, for what a procedure does.",
    "case": "See, sign, decide and resume cases.",
    "point": "List, show and verify recovery points.",
    "media": "List, check, read back and hand over the media recovery points lie on.",
    "retention": "Plan which points may be destroyed, and destroy them on an order.",
    "restore": "Plan a restore onto living data, carry it out on a permit, take it back.",
    "permit": "Issue, show and verify permits to replace living data.",
    "keys": "Make the keys of the stores, give shares of them into escrow, change and try them.",
    "status": "Tell how every asset stands against its RPO, and whom the open cases wait for.",
    "schedule": "Write timers or pipelines that wake what is due, and a watchdog.",
    "report": "Make the papers of a case.",
    "sop": "List, show, check, import and print SOPs.",
    "asset": "List and show the assets of the inventory.",
    "audit": "Check the ledger, and export a case so that others can check it.",
}
INTERRUPTED = 130
_COLLECTIONS = (50_000, 20, 20)
"""When Python looks for garbage: a command keeps nearly all it makes until its end, and by Python's own figures it
would spend a quarter of the time of a large office's status looking at that again and again."""


@dataclass(frozen=True)
class Options:
    """The global options, as commands find them in ``ctx.obj``."""

    office: Path | None = None
    debug: bool = False


class LazyGroup(click.Group):
    """A group whose commands live in ``sopwrap.commands.<name>`` as ``<name>``, and whose errors are sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which an office meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None when there is no such command (click then says so)."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"sopwrap.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the table of commands from COMMANDS instead of importing every module for its help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what goes wrong into a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except SopError as error:
            say_error(error)
            ctx.exit(int(error.code))
        except KeyboardInterrupt:
            click.echo("Interrupted. A case that was begun is kept: `sopwrap case resume` goes on with it.", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if _was_printing(error):
                raise
            options = ctx.find_object(Options) or Options()
            if options.debug:
                raise
            from sopwrap.crash import keep

            click.echo(f"This is a fault of sopwrap itself: {type(error).__name__}.", err=True)
            click.echo(f"The details are in {keep(error, options.office)}; send it with your report.", err=True)
            ctx.exit(1)


def say_error(error: SopError) -> None:
    """Print the sentence and the hint to stderr."""
    click.echo(error.message, err=True)
    if error.hint:
        click.echo(error.hint, err=True)
    if os.environ.get("GITHUB_ACTIONS"):
        from sopwrap.ci.places import annotation, shows_annotations

        if shows_annotations(os.environ):
            click.echo(annotation("error", str(error)))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="sopwrap", prog_name="sopwrap", message="%(prog)s %(version)s")
@click.option(
    "--office",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SOPWRAP_OFFICE",
    help="The office's folder; otherwise the nearest one upwards from here that has an office.yml.",
)
@click.option("--debug", is_flag=True, help="Show a traceback when sopwrap itself fails.")
@click.pass_context
def cli(ctx: click.Context, office: Path | None, debug: bool) -> None:
    """Carry out an office's written backup and restore SOPs, and prove it.

    Begin with `sopwrap init my-office`, then `sopwrap doctor` inside it.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 waits for a person, 4 refused, 5 nothing matched,
    75 another run is at work.
    """
    ctx.obj = Options(office=office, debug=debug)


def _was_printing(error: Exception) -> bool:
    """Whether this came of writing to the output: a full disk behind a redirection, a terminal that is gone."""
    return isinstance(error, OSError) and extract_tb(error.__traceback__)[-1].name == click.echo.__name__


def _end_without_output(error: OSError) -> NoReturn:
    """Say so, and keep the interpreter from trying to write the rest once more at its end."""
    click.echo(f"The output cannot be written: {error.strerror}. Make room, or send it somewhere else.", err=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)


def _interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code; a request to end is heard like Ctrl-C."""
    gc.set_threshold(*_COLLECTIONS)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks to go on after a hang-up
            signal.signal(number, _interrupted)
    try:
        cli(args=None if argv is None else list(argv), prog_name="sopwrap")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        if not _was_printing(error):
            raise
        _end_without_output(error)
    finally:
        gc.freeze()  # what is left goes with the process; Python would look through all of it once more
