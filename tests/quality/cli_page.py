"""docs/reference/cli.md, generated from the commands' own help.

python -m tests.quality.cli_page > docs/reference/cli.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from sopwrap.cli import cli
from sopwrap.errors import Exit

HEAD = """# Commands

Generated from the commands' own help (`python -m tests.quality.cli_page`); do not edit.

## Exit codes

| code | meaning |
|---|---|
"""
MEANINGS = {
    Exit.DONE: "done",
    Exit.FAILED: "failed, or held: a machine step failed and waits for a decision",
    Exit.USAGE: "the request itself is wrong: unknown SOP, misspelt asset, a file that does not parse",
    Exit.WAITING: "waiting for a person; `sopwrap case next` says for whom",
    Exit.REFUSED: "understood and not allowed: wrong person, second signature, missing medium",
    Exit.NOTHING: "no host or asset matched; never a success",
    Exit.LOCKED: "another run is at work in this office",
}


def commands(command: click.Command, path: tuple[str, ...] = ("sopwrap",)) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups before what is in them."""
    yield " ".join(path), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from commands(child, (*path, name))


def page() -> str:
    """The whole page."""
    rows = "".join(f"| {code.value} | {MEANINGS[code]} |\n" for code in Exit)
    parts = [HEAD + rows + "| 130 | interrupted from the keyboard; nothing is lost, `sopwrap case resume` goes on |\n"]
    for name, command in commands(cli):
        names = cli.context_settings["help_option_names"]  # what a parent context would hand down
        context = click.Context(command, info_name=name, terminal_width=100, help_option_names=names)
        parts.append(f"\n## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
