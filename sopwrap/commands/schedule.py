"""`sopwrap schedule`: the office's calendar as files for systemd, cron, GitLab CI or GitHub Actions."""

from __future__ import annotations

import getpass
import shutil
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.errors import UsageError

if TYPE_CHECKING:
    from sopwrap.office import Office
    from sopwrap.timetable.files import Plan
    from sopwrap.workspace import Workspace


@click.command()
@click.argument("waker", type=click.Choice(["systemd", "cron", "gitlab", "github"]), default="systemd")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Write the files into a folder.")
@click.option("--user", metavar="NAME", help="The account the work is done as; the owner of the office's folder.")
@click.pass_context
def schedule(ctx: click.Context, waker: str, output: Path | None, user: str | None) -> None:
    """Write what wakes `sopwrap run --due` at the moments of `schedules` in office.yml, and the watchdog.

    Printed unless -o names a folder. No secret is in the files. What was missed while a machine was off is caught up
    with; a second run is kept away by the office's lock, which goes with its process however that ends.
    """
    from sopwrap.filing import put
    from sopwrap.timetable.files import WAKERS

    workspace = workspace_of(ctx)
    made = WAKERS[waker](_plan(workspace, workspace.office(), user))
    for name, text in made.items():
        if output is None:
            click.echo(f"# ---- {name}\n{text}" if len(made) > 1 else text, nl=False)
        else:
            put(output / name, text.encode(), "Choose another folder with -o.")
            click.echo(str(output / name))
    if output is not None:
        click.echo(_hint(waker, output, list(made)), err=True)


def _plan(workspace: Workspace, office: Office, user: str | None) -> Plan:
    from sopwrap.survey import ZONE
    from sopwrap.timetable.files import Entry, Plan
    from sopwrap.timetable.moments import moment

    if not office.schedules:
        raise UsageError(
            f"{workspace.folder / 'office.yml'} has no `schedules`, so there is nothing to wake.",
            "Add one, such as {procedure: SOP/PROCEDURE, every: P1M, starts: 2026-01-05, at: '19:00'}.",
        )
    zone = office.timezone or ZONE
    entries = [
        Entry(
            f"{one.procedure} every {one.every} from {one.starts} at {one.at}",
            moment(one.every, one.starts, time.fromisoformat(one.at), zone),
        )
        for one in office.schedules
    ]
    owner = user or _owner(workspace.folder)
    return Plan(
        office=office.name,
        folder=workspace.folder,
        program=_program(),
        account=None if owner == "root" else owner,
        zone=zone,
        entries=entries,
        today=datetime.now(UTC).astimezone(ZoneInfo(zone)).date(),
    )


def _owner(folder: Path) -> str:
    try:
        return folder.owner()
    except KeyError:  # an account that only another machine knows
        return getpass.getuser()


def _program() -> str:
    """Where sopwrap is, as a timer has to call it: beside this Python, else where the shell finds it."""
    beside = Path(sys.executable).parent / "sopwrap"
    found = str(beside) if beside.is_file() else shutil.which("sopwrap")
    if found is None:
        raise UsageError("The program sopwrap is not installed.", "Install it with pip, then repeat.")
    return found


def _hint(waker: str, output: Path, names: list[str]) -> str:
    """What to do with the files."""
    timers = " ".join(name for name in names if name.endswith(".timer"))
    return {
        "systemd": f"Copy them to /etc/systemd/system, then: systemctl daemon-reload; systemctl enable --now {timers}",
        "cron": f"Install it with: crontab {output / names[0]} (it replaces the account's crontab).",
        "gitlab": "Include it in .gitlab-ci.yml and make the pipeline schedules named in its head.",
        "github": "Put it into .github/workflows of the repository whose runner has the office's folder.",
    }[waker]
