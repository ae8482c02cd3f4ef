"""`sopwrap run --due`: a case for every schedule whose period has come and has none yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

import click

from sopwrap.commands._ci import tell_ci
from sopwrap.commands._drive import drive, follow, lines, workspace_of
from sopwrap.errors import Exit, SopError

if TYPE_CHECKING:
    from sopwrap.case import Case
    from sopwrap.inventory import Register
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.schedules import Schedule
    from sopwrap.workspace import Workspace

WORST = (Exit.FAILED, Exit.WAITING, Exit.DONE)


def now() -> datetime:
    """The moment that decides what is due."""
    return datetime.now(UTC)


def run_due(ctx: click.Context, plain: bool) -> NoReturn:
    """Open and drive what is due, one after the other; end with the worst of the cases' codes."""
    from sopwrap.inventory import load_register
    from sopwrap.next import next_for

    workspace = workspace_of(ctx)
    office = workspace.office()
    ledger = workspace.ledger(office)
    codes = [Exit.DONE]
    with workspace.lock():
        register = load_register(workspace) if office.schedules else None
        for schedule in office.schedules:
            try:
                case = _open(workspace, office, register, ledger, schedule) if register else None
            except SopError as error:
                click.echo(f"{schedule.procedure}: {error}", err=True)
                codes.append(Exit.FAILED)
                continue
            if case is None:
                continue
            case = drive(workspace, ledger, case.id, plain)
            what = next_for(case, office)
            for line in lines(case, what):
                click.echo(line)
            follow(workspace, ledger, office, case)
            codes.append({"done": Exit.DONE, "waiting": Exit.WAITING}.get(case.state, Exit.FAILED))
            tell_ci(ctx, case, what, int(codes[-1]))
    if len(codes) == 1:
        click.echo(_nothing(workspace, office))
    ctx.exit(int(next(code for code in WORST if code in codes)))


def _open(workspace: Workspace, office: Office, register: Register, ledger: Ledger, schedule: Schedule) -> Case | None:
    """Open the case a schedule is due, under the ledger's own lock: of two machines that look, one opens it."""
    from sopwrap.commands.run import opening_for
    from sopwrap.engine import open_case
    from sopwrap.schedules import due
    from sopwrap.sop import find

    with ledger.working():
        sop, procedure = find(schedule.procedure, workspace.sops)
        zone = ZoneInfo(office.timezone or sop.timezone)
        found = due(schedule, zone, ledger.of_kind("case.opened"), now())
        if found is None:
            return None
        wish = {"ids": schedule.assets, "trigger": found.trigger}
        case = open_case(ledger, opening_for(workspace, office, register, (sop, procedure), wish))
    click.echo(f"Case {case.id} is open: {case.sop.identity.title}, due {found.due_at:%Y-%m-%d %H:%M} UTC.", err=True)
    if found.missed:
        click.echo(f"Missed and not opened: {', '.join(map(str, found.missed))}.", err=True)
    return case


def _zone(workspace: Workspace, office: Office, schedule: Schedule) -> ZoneInfo:
    from sopwrap.sop import find

    return ZoneInfo(office.timezone or find(schedule.procedure, workspace.sops)[0].timezone)


def _nothing(workspace: Workspace, office: Office) -> str:
    """What to say where nothing is due: what comes next, or that nothing is scheduled."""
    from sopwrap.schedules import upcoming

    ahead = [(upcoming(one, _zone(workspace, office, one), now()), one) for one in office.schedules]
    if not ahead:
        return "Nothing is scheduled: office.yml has no `schedules`."
    moment, schedule = min(ahead, key=lambda one: one[0])
    return f"Nothing is due. Next: {schedule.procedure} on {moment:%Y-%m-%d %H:%M} UTC."
