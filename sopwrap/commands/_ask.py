"""Ask a person for a secret: typed unseen at a terminal, or sent on standard input, a line each."""

from __future__ import annotations

import sys

import click

from sopwrap.errors import UsageError


def unseen(what: str) -> str:
    """What is given for ``what`` (a label such as "Share 1"); raise UsageError where standard input ends before it."""
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True, err=True))
    if line := sys.stdin.readline().strip():
        return line
    raise UsageError(f"{what} was not given.", "Type it at a terminal, or send it on standard input, a line each.")
