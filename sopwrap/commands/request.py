"""`sopwrap request`: a letter of request opens a case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sopwrap.commands._case_acts import by_a_person, with_a_form
from sopwrap.commands._drive import lines, operator, workspace_of
from sopwrap.commands._restore_plan import PIECE, tell_plan
from sopwrap.commands._show import listing, show
from sopwrap.errors import Exit, UsageError

if TYPE_CHECKING:
    from sopwrap.case import Case
    from sopwrap.engine import Opening
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.permission import Vouch
    from sopwrap.workspace import Workspace


@click.command()
@click.argument("procedure", metavar="SOP/PROCEDURE")
@click.option("--asset", "ids", multiple=True, required=True, metavar="ID", help="The asset it is about.")
@click.option("--operation", type=click.Choice(["backup", "restore"]), help="Where the procedure covers both.")
@click.option("--point", metavar="POINT", help="The recovery point asked for; the newest proven one without it.")
@click.option("--blank", is_flag=True, help="Print the form to fill in, and open nothing.")
@click.option(
    "--plan", is_flag=True, help="Say what it would need, and a restore stop, replace and lose; open nothing."
)
@PIECE
@partial(by_a_person, required=False)
@click.option("--note", default="", metavar="TEXT", help="A remark for the papers.")
@with_a_form
@listing
@click.pass_context
def request(
    ctx: click.Context, /, procedure: str, ids: tuple[str, ...], vouch: Vouch, given: dict[str, Any], **more: Any
) -> None:
    """Ask for a procedure that begins with a letter, such as majalengka/restore.

    Opens the case with the letter and its form, stated or signed by the person who asks; what is wrong in them opens
    nothing. `--blank` prints the form; `--plan` asks the host what a restore onto the living data would mean, or what a
    backup would take and whether there is room for it, and ends with 4 where it cannot work.
    """
    from sopwrap.acts import Word
    from sopwrap.engine import advance
    from sopwrap.next import next_for
    from sopwrap.requesting import provisional
    from sopwrap.requesting import request as ask

    workspace = workspace_of(ctx)
    opening = _opening(workspace, procedure, ids, more["operation"])
    ledger = workspace.ledger(opening.office)
    case = provisional(opening)
    if more["blank"]:
        click.echo(_blank(case))
        return
    if more["plan"]:
        _plan(ctx, workspace, opening, more)
    if more["as_json"] or more["query"]:
        raise UsageError("--json and --query go with --plan.", "See a case with `sopwrap case show CASE --json`.")
    if not vouch.person:
        raise UsageError("A request is somebody's.", "Say whose with --as PERSON.")
    form = _with_point(ledger, case, given, more["point"], opening.office) if more["point"] else given
    case = ask(ledger, opening, vouch, Word(more["note"], form=form))
    click.echo(f"Case {case.id} is open: {opening.sop.identity.title}.", err=True)
    case = advance(ledger, case.id)
    for line in lines(case, next_for(case, opening.office)):
        click.echo(line)
    ctx.exit(int(Exit.WAITING if case.state == "waiting" else Exit.DONE))


def _plan(ctx: click.Context, workspace: Workspace, opening: Opening, more: dict[str, Any]) -> NoReturn:
    """Say what the case that would be asked for means: of a restore, all it does; of a backup, what it takes."""
    from sopwrap.flow import restores
    from sopwrap.requesting import provisional

    if any(restores(step) for step in provisional(opening).procedure.steps):
        point, pieces = more["point"] or "", more["pieces"]
        tell_plan(ctx, workspace, opening.assets[0], point, pieces, more["as_json"], more["query"])
    _plan_backup(ctx, workspace, opening, more["as_json"], more["query"])


def _plan_backup(
    ctx: click.Context, workspace: Workspace, opening: Opening, as_json: bool, query: str | None
) -> NoReturn:
    """Ask the hosts what they hold, and say whether there is room; raise UsageError where nothing is the machine's."""
    from sopwrap.commands._rehearsal import capacity_of, rehearsal, tell

    with workspace.lock():
        made = rehearsal(workspace, opening, plain=True)
    if made is None or not made.backs_up:
        raise UsageError(f"{opening.sop.id}/{opening.procedure.id} neither backs up nor brings anything back.")
    enough, said, facts = capacity_of(workspace, opening)
    if not as_json and not query:
        tell(made)
    show(facts, lambda: said, as_json, query)
    failed = Exit.FAILED if made.outcome != "ok" else Exit.DONE
    refused = any(one.outcome == "refused" for one in made.records)
    ctx.exit(int(Exit.REFUSED if refused or not enough else failed))


def _opening(workspace: Workspace, procedure: str, ids: tuple[str, ...], operation: str | None) -> Opening:
    from sopwrap.engine import Opening
    from sopwrap.inventory import load_register
    from sopwrap.media import media_in_hand
    from sopwrap.sop import find

    office = workspace.office()
    sop, chosen = find(procedure, workspace.sops)
    register = load_register(workspace)
    assets = register.select(list(ids))
    media = media_in_hand(workspace.ledger(office), register.media(assets))
    return Opening(sop, chosen, office, assets, media, operator(), operation)


def _blank(case: Case) -> str:
    """The form of the first step, as `case form` prints it."""
    from sopwrap.filling import wanted
    from sopwrap.formfile import blank

    step = case.procedure.first
    fields = wanted(case.procedure, step, case.operation)
    return blank(fields, {}, f"{case.sop.id}/{case.procedure.id}, step {step.id}: {step.text or step.kind}")


def _with_point(ledger: Ledger, case: Case, given: dict[str, Any], point_id: str, office: Office) -> dict[str, Any]:
    """The form with the recovery point in the field that is for one; raise UsageError where there is none of either."""
    from sopwrap.commands._evidence import known_points
    from sopwrap.filling import wanted
    from sopwrap.inventory import nearest
    from sopwrap.naming import named_point

    own = [one.id for one in known_points(ledger) if case.asset(one.asset)]
    meant = named_point(point_id, own, office.naming_rule)
    if meant is None:
        raise UsageError(f"The ledger knows no point {point_id} of {case.assets[0].id}.", nearest(point_id, own[:50]))
    fields = wanted(case.procedure, case.procedure.first, case.operation)
    places = [(document, one.id) for document, each in fields.items() for one in each if one.kind == "point"]
    if not places:
        raise UsageError("The form of this request has no field for a point.", "Whoever plans the restore names it.")
    document, field = places[0]
    if len(fields) == 1 and document not in given:
        return {**given, field: meant}
    return {**given, document: {**given.get(document, {}), field: meant}}
