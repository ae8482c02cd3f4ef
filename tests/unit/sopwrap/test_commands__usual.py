from __future__ import annotations

import click
from click.testing import CliRunner

from sopwrap.commands._usual import UsualGroup


@click.group(cls=UsualGroup, usual="make")
def group() -> None:
    """A group."""


@group.command()
@click.argument("name", required=False)
def make(name: str | None) -> None:
    """Make it."""
    click.echo(f"made {name}")


@group.command()
def other() -> None:
    """Do another thing."""
    click.echo("other")


def test_words_that_name_no_command_are_those_of_the_usual_one() -> None:
    for words, out in [([], "made None"), (["2026-0001"], "made 2026-0001"), (["other"], "other"), (["make"], "made")]:
        assert CliRunner().invoke(group, words).output.startswith(out)
    assert "Usage: group [OPTIONS] COMMAND" in CliRunner().invoke(group, ["--help"]).output
