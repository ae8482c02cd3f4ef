"""What an operator sees while a run goes on: a bar on a terminal, plain lines elsewhere. All of it on stderr."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from sopwrap.events import News
from sopwrap.execution import Order, Watch
from sopwrap.records import Evidence
from sopwrap.words import count, size, span

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

STOPPING = "Stopping: what has been begun is cleaned up first. Interrupt again to force it."


def watch(quiet: bool = False) -> Watch:
    """Return the bar where stderr is a terminal, else the lines; with ``quiet`` only those of what went wrong."""
    shown = Quiet() if quiet else Bar() if sys.stderr.isatty() else Lines()
    return Watch(begin=shown.begin, news=shown.news, stopping=shown.stopping, end=shown.end)


def sentence(record: Evidence) -> str:
    """One record as one line."""
    subject = record.asset or record.medium or record.store or record.host
    place = f" in {record.store}" if record.store and record.store != subject else ""
    if record.outcome in ("failed", "refused"):
        return f"{subject}: {record.action}{place} {record.outcome}: {record.message} {record.hint or ''}".rstrip()
    facts = [span(timedelta(seconds=record.seconds))]
    if record.size_bytes is not None:
        facts.insert(0, size(record.size_bytes))
    return f"{subject}: {record.action}{place} {record.outcome} ({', '.join(facts)})"


def headline(order: Order) -> str:
    """What is about to be done, in one line."""
    hosts = len({asset.host for asset in order.assets})
    return f"{', '.join(order.actions)}: {count(len(order.assets), 'asset')} on {count(hosts, 'host')}"


class Lines:
    """One line for each record, and one for each host that failed without one."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def begin(self, order: Order, due: int) -> None:
        """Say what is about to be done."""
        click.echo(headline(order), err=True)

    def news(self, news: News) -> None:
        """Say what has come in."""
        for record in news.records:
            click.echo(f"  {sentence(record)}", err=True)
            if not record.succeeded:
                self._told.add(news.host)
        if news.failure and news.failure.host not in self._told:
            verb = "was not reached" if news.failure.unreachable else "failed"
            click.echo(f"  {news.failure.host} {verb}: {news.failure.message}", err=True)
            self._told.add(news.failure.host)

    def stopping(self) -> None:
        """Say that the interrupt was heard."""
        click.echo(STOPPING, err=True)

    def end(self) -> None:
        """Nothing is left open."""


class Quiet(Lines):
    """Only the lines of what went wrong: a pipeline's log is read when something did."""

    def news(self, news: News) -> None:
        """Leave out what went well."""
        super().news(replace(news, records=tuple(record for record in news.records if not record.succeeded)))


class Bar(Lines):
    """A bar that counts the records that have come of those that are owed, over the lines of what went wrong."""

    def __init__(self) -> None:
        super().__init__()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def begin(self, order: Order, due: int) -> None:
        """Draw the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (
            SpinnerColumn(),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
        )
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.console.print(headline(order), highlight=False)
        self._task = self._progress.add_task("starting Ansible", total=due or None)
        self._progress.start()

    def news(self, news: News) -> None:
        """Move the bar; leave a line above it for what went wrong."""
        if self._progress is None or self._task is None:
            return
        if news.host or news.task:
            self._progress.update(self._task, description=" ".join(filter(None, (news.host, news.task))), refresh=True)
        for record in news.records:
            self._progress.advance(self._task)
            if not record.succeeded:
                self._progress.console.print(f"  {sentence(record)}", style="red", highlight=False, markup=False)
        if news.failure and news.failure.unreachable:
            self._progress.console.print(f"  {news.failure.host} was not reached", style="red", markup=False)

    def stopping(self) -> None:
        """Say that the interrupt was heard."""
        if self._progress is not None:
            self._progress.console.print(STOPPING, style="yellow", highlight=False)

    def end(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
