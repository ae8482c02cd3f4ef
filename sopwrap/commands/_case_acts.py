"""The commands of `sopwrap case` that write down what a person did.

Afterwards the moves that need no playbook are made at once (a checklist is ready, the case is closed); playbooks wait
for `case resume`, which whoever has the rights on the servers calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from sopwrap.commands._drive import follow, lines, operator, weigher, workspace_of
from sopwrap.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from sopwrap.jumps import Weigher
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office
    from sopwrap.permission import Vouch

F = TypeVar("F", bound=Callable[..., Any])
CASE = re.compile(r"\d{4}-\d{4,}")
BEGAN = click.option(
    "--began", default="", metavar="TIME", help="When the person began, like 09:30 or '2026-01-31 09:30'."
)
EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)


def chosen(ledger: Ledger, name: str | None) -> str:
    """The case named, or the only open one; raise UsageError naming those there are."""
    if name is not None:
        if not CASE.fullmatch(name):
            raise UsageError(
                f"{name} is not the number of a case.", "It looks like 2026-0001; see `sopwrap case list`."
            )
        return name
    found = ledger.cases(open_only=True)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError("No case is open.", "Open one with `sopwrap run SOP/PROCEDURE`.")
    raise UsageError(f"{len(found)} cases are open: {', '.join(found)}.", "Name the one that is meant.")


def usual(ledger: Ledger) -> str:
    """The only open case, or the newest when none is open; raise UsageError naming those to choose from."""
    found = ledger.cases(open_only=True)
    if len(found) > 1:
        raise UsageError(f"{len(found)} cases are open: {', '.join(found)}.", "Name the one that is meant.")
    found = found or ledger.cases()[-1:]
    if not found:
        raise UsageError("There is no case yet.", "Open one with `sopwrap run SOP/PROCEDURE`.")
    return found[0]


def by_a_person(function: F, required: bool = True) -> F:
    """Give a command the options that say who did it and what stands for it, gathered as ``vouch``.

    Where that is not ``required``, a command that needs nobody has a ``vouch`` of an empty name.
    """

    @wraps(function)
    def gathered(
        *words: Any, person: str | None, letter: str | None, scan: Path | None, key: Path | None, **more: Any
    ) -> Any:
        from sopwrap.permission import Vouch

        return function(*words, vouch=Vouch(person or "", operator(), letter, key, scan), **more)

    return cast(
        F,
        _with(
            gathered,
            click.option("--key", type=EXISTING, metavar="FILE", help="The person's OpenSSH key, to sign with."),
            click.option("--scan", type=EXISTING, metavar="FILE", help="A scan of that letter; its SHA-256 is kept."),
            click.option("--letter", metavar="NUMBER", help="The number of the letter the person signed on paper."),
            click.option("--as", "person", required=required, metavar="PERSON", help="The person's id in office.yml."),
        ),
    )


def with_a_form(function: F) -> F:
    """Give a command the options that fill in the step's papers, gathered as ``given``."""

    @wraps(function)
    def gathered(*words: Any, form: Path | None, pairs: tuple[str, ...], **more: Any) -> Any:
        from sopwrap.formfile import read

        return function(*words, given=read(form, pairs), **more)

    return cast(
        F,
        _with(
            gathered,
            click.option("--set", "pairs", multiple=True, metavar="FIELD=VALUE", help="One field of the step's form."),
            click.option("--form", type=EXISTING, metavar="FILE", help="The form `case form` prints, filled in."),
        ),
    )


def _with(function: Any, *options: Callable[[Any], Any]) -> Any:
    for option in options:
        function = option(function)
    return function


class Desk:
    """One command's office, ledger and case."""

    def __init__(self, ctx: click.Context, name: str | None) -> None:
        self._workspace = workspace_of(ctx)
        self.office: Office = self._workspace.office()
        self.ledger: Ledger = self._workspace.ledger(self.office)
        self.case = chosen(self.ledger, name)

    def confirm(self, vouch: Vouch) -> None:
        """Say how the act was written down, now that it is."""
        how = f"stated by {vouch.stated_by}" if vouch.key is None else f"signed with {vouch.key}"
        click.echo(f"Written down for {self.office.person(vouch.person).name}, {how}.")

    @property
    def weigh(self) -> Weigher:
        """Weighs the sizes of backups against the office's history."""
        return weigher(self._workspace, self.ledger)

    def close(self) -> None:
        """Make the moves that need no playbook, and say what is next."""
        from sopwrap.engine import advance, load_case
        from sopwrap.next import next_for

        try:
            case = advance(self.ledger, self.case)
        except RefusedError:  # somebody else has just gone on with the case
            case = load_case(self.ledger, self.case)
        for line in lines(case, next_for(case, self.office)):
            click.echo(line)
        follow(self._workspace, self.ledger, self.office, case)


def place(words: Sequence[str]) -> tuple[str | None, str | None]:
    """Read [CASE] [STEP]: what looks like a case's number is one."""
    left = list(words)
    name = left.pop(0) if left and CASE.fullmatch(left[0]) else None
    step = left.pop(0) if left else None
    if left:
        raise UsageError(f"{left[0]} is one word too many.", "Put words with blanks in quotes.")
    return name, step


@click.command()
@click.argument("words", metavar="[CASE] [STEP]", nargs=-1)
@by_a_person
@BEGAN
@click.option("--note", default="", metavar="TEXT", help="A remark for the papers.")
@click.option(
    "--checked", multiple=True, metavar="ASSET", help="An asset ticked on the checklist; `all` for every one."
)
@with_a_form
@click.pass_context
def sign(
    ctx: click.Context,
    words: tuple[str, ...],
    vouch: Vouch,
    note: str,
    began: str,
    checked: tuple[str, ...],
    given: dict[str, Any],
) -> None:
    """Enter that a person has done the step."""
    from sopwrap import acts

    name, step = place(words)
    desk = Desk(ctx, name)
    acts.sign(desk.ledger, desk.office, desk.case, vouch, step, acts.Word(note, checked, given, began))
    desk.confirm(vouch)
    desk.close()


@click.command()
@click.argument("words", metavar="[CASE] [STEP] CHOICE", nargs=-1, required=True)
@by_a_person
@click.option("--reason", default="", metavar="TEXT", help="Why; it is printed on the papers.")
@BEGAN
@with_a_form
@click.pass_context
def decide(
    ctx: click.Context, words: tuple[str, ...], vouch: Vouch, reason: str, began: str, given: dict[str, Any]
) -> None:
    """Enter what a person decided; at a held step: retry, continue (go on without what failed) or stop."""
    from sopwrap import acts

    *before, choice = words
    name, step = place(before)
    desk = Desk(ctx, name)
    acts.decide(desk.ledger, desk.office, desk.case, vouch, choice, step, acts.Word(reason, form=given, began=began))
    desk.confirm(vouch)
    desk.close()


@click.command()
@click.argument("name", metavar="[CASE]", required=False)
@by_a_person
@click.option("--reason", default="", metavar="TEXT", help="Why; it is printed on the papers.")
@click.pass_context
def stop(ctx: click.Context, name: str | None, vouch: Vouch, reason: str) -> None:
    """End a case before its time."""
    from sopwrap import acts

    desk = Desk(ctx, name)
    acts.stop(desk.ledger, desk.office, desk.case, vouch, reason)
    desk.confirm(vouch)
    desk.close()


@click.command()
@click.argument("words", metavar="[CASE] FILE", nargs=-1, required=True)
@click.option("--evidence", is_flag=True, help="It is a playbook's evidence (.jsonl), or the events of a job.")
@click.option("--note", default="", metavar="TEXT", help="What the file is.")
@click.pass_context
def attach(ctx: click.Context, words: tuple[str, ...], evidence: bool, note: str) -> None:
    """Take the evidence of a playbook run by hand into the present step, or note a scanned paper."""
    from sopwrap import acts

    *before, path = words
    file = Path(path)
    desk = Desk(ctx, before[0] if before else None)
    if evidence:
        case = acts.attach_evidence(desk.ledger, desk.case, file, operator(), desk.weigh)
        click.echo(f"{file.name} was taken into case {case.id}.")
    else:
        case = acts.attach_paper(desk.ledger, desk.case, file, note, operator())
        click.echo(f"{file.name} was noted with case {case.id}: SHA-256 {case.attachments[-1].sha256}. Keep the file.")
    desk.close()


@click.command()
@click.argument("words", metavar="[CASE] DOCUMENT NUMBER", nargs=-1, required=True)
@click.option("--dated", metavar="DATE", help="The date the document bears, like 2026-01-31.")
@click.pass_context
def number(ctx: click.Context, words: tuple[str, ...], dated: str | None) -> None:
    """Enter the official number the agenda gave a document (minutes, report …)."""
    from sopwrap import acts
    from sopwrap.fold import fold

    left = list(words)
    name = left.pop(0) if CASE.fullmatch(left[0]) else None
    if len(left) != 2:
        raise UsageError("Give the document and its number.", "Like: sopwrap case number minutes 'B-12/PTID/2026'.")
    desk = Desk(ctx, name)
    before = fold(desk.ledger.entries(desk.case)).numbers.get(left[0])
    acts.enter_number(desk.ledger, desk.case, left[0], left[1], dated, operator())
    instead = f" instead of {before.number}; the ledger keeps both" if before else ""
    click.echo(f"The number of {left[0]} in case {desk.case} is {left[1]}{instead}.")


ACTS = (sign, decide, stop, attach, number)
