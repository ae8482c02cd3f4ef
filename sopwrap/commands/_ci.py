"""What `--ci` adds to a command: its end is told to the CI it runs in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sopwrap.case import Case
    from sopwrap.next import Next

F = TypeVar("F", bound=Callable[..., Any])
RESULTS = "sopwrap.results"
"""Where the folder of --results lies in ``ctx.meta``."""


def for_ci(function: F) -> F:
    """Give a command the options --ci (which it gets) and --results (which ``tell_ci`` finds by itself)."""
    results = click.option(
        "--results",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        expose_value=False,
        callback=lambda ctx, _, folder: ctx.meta.update({RESULTS: folder}),
        help="Write junit-CASE.xml, outcome-CASE.json and summary-CASE.md there.",
    )
    says = "For pipelines: tell only what went wrong, without a bar; annotations and a summary where the CI shows them."
    return click.option("--ci", is_flag=True, help=says)(results(function))


def tell_ci(ctx: click.Context, case: Case, what: Next, code: int) -> None:
    """Write the files of --results; with --ci the summary of the run's page and the annotations too."""
    folder = ctx.meta.get(RESULTS)
    if not (folder or ctx.params.get("ci")):
        return
    from sopwrap.ci.outcome import outcome
    from sopwrap.ci.places import keep, show

    told = outcome(case, what, code)
    if folder is not None:
        keep(told, folder)
    for line in show(told, os.environ) if ctx.params.get("ci") else []:
        click.echo(line)
