"""What `run` and `case resume` share: do the machine's steps, say what is next, and end with the right exit code."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING, NoReturn

import click

from sopwrap.cli import INTERRUPTED, Options
from sopwrap.commands._ci import tell_ci
from sopwrap.errors import Exit
from sopwrap.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sopwrap.case import Case
    from sopwrap.jumps import Odd, Weigher
    from sopwrap.ledger import Ledger
    from sopwrap.next import Next
    from sopwrap.office import Office
    from sopwrap.records import Evidence


def workspace_of(ctx: click.Context) -> Workspace:
    """The office the command is about: the one named by --office, else the nearest upwards from here."""
    options = ctx.find_object(Options) or Options()
    return find_workspace(options.office)


def operator() -> str:
    """The login name of whoever is at the keyboard, also behind sudo; for the ledger, not for any permission."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def drive(workspace: Workspace, ledger: Ledger, case_id: str, plain: bool) -> Case:
    """Do every step that is the machine's, showing progress; the caller holds the office's lock."""
    from sopwrap.aftermath import tell_start
    from sopwrap.engine import load_case, run_machine_steps
    from sopwrap.execution import Executor
    from sopwrap.progress import watch

    take_in_refusals(workspace, ledger)
    for warning in tell_start(workspace, ledger, case_id):
        click.echo(warning, err=True)
    perform = Executor(workspace, watch(plain)).perform
    run_machine_steps(ledger, case_id, perform, weigher(workspace, ledger))
    take_in_refusals(workspace, ledger)
    return load_case(ledger, case_id)


def take_in_refusals(workspace: Workspace, ledger: Ledger) -> None:
    """Keep what hosts refused to playbooks started by hand; what cannot be read is only said."""
    from sopwrap.refusals import take_in

    for warning in take_in(ledger, workspace.folder, operator()):
        click.echo(warning, err=True)


def weigher(workspace: Workspace, ledger: Ledger) -> Weigher:
    """Weigh the sizes of backups against the office's history, by its rules of today."""

    def weigh(case: Case, records: Sequence[Evidence]) -> list[Odd]:
        from sopwrap.history_file import load_history
        from sopwrap.jumps import odd_sizes
        from sopwrap.survey import ZONE

        office = workspace.office()
        history = load_history(workspace, ledger, office.timezone or ZONE)
        own = {asset.id: asset.size_rule for asset in case.assets if asset.size_rule}
        return odd_sizes(records, history, case.id, own, office.size_rule)

    return weigh


def conclude(ctx: click.Context, case: Case, office: Office) -> NoReturn:
    """Say where the case stands and what is next, and end: 0 done, 3 waiting for a person, 1 held or stopped."""
    from sopwrap.next import next_for

    what = next_for(case, office)
    for line in lines(case, what):
        click.echo(line)
    workspace = workspace_of(ctx)
    follow(workspace, workspace.ledger(office), office, case)
    codes = {"done": Exit.DONE, "waiting": Exit.WAITING, "held": Exit.FAILED, "stopped": Exit.FAILED}
    code = int(codes.get(case.state, INTERRUPTED))
    tell_ci(ctx, case, what, code)
    ctx.exit(code)


def follow(workspace: Workspace, ledger: Ledger, office: Office, case: Case) -> None:
    """Do what follows a run whatever became of it; what goes wrong is only said."""
    from sopwrap.aftermath import renew, tell_end

    for warning in tell_end(workspace, office, ledger, case) + renew(workspace, office, ledger):
        click.echo(warning, err=True)


def lines(case: Case, what: Next) -> list[str]:
    """What is next in a case, for people: the state, the step, whose it is, and the commands for it."""
    words = {"held": "is held", "waiting": "waits", "done": "is done", "stopped": "was stopped", "open": "goes on"}
    head = f"Case {case.id} {words[case.state]}"
    if what.step is None:
        return [f"{head}. {what.text}".rstrip(), *(f"  {command}" for command in what.commands)]
    who = " or ".join(what.lanes)
    people = f" ({', '.join(what.people)})" if what.people else ""
    text = [f"{head} at step {what.step}{f' for {who}{people}' if who else ''}: {what.text}"]
    if what.proposed:
        text.append(f"The machine's finding speaks for: {what.proposed}.")
    text += what.findings
    if what.forms:
        due = f"; to be stated: {', '.join(what.required)}" if what.required else " and may be left empty"
        text.append(f"A form goes with it ({', '.join(what.forms)}; `sopwrap case form`){due}.")
    return text + [f"  {command}" for command in what.commands]
