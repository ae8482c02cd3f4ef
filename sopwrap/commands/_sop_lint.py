"""`sopwrap sop lint`: what is odd in SOPs, each with file, line and rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._show import listing, show
from sopwrap.errors import Exit, UsageError

if TYPE_CHECKING:
    from sopwrap.lint import Finding
    from sopwrap.lint_types import Known
    from sopwrap.workspace import Workspace


@click.command("lint")
@click.argument("names", metavar="[FILE|SOP]...", nargs=-1)
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@listing
@click.pass_context
def lint_sops(ctx: click.Context, names: tuple[str, ...], strict: bool, as_json: bool, query: str | None) -> None:
    """Say what is odd in an SOP: steps nothing leads to, loops without end, checks without a no, blank standards.

    FILE is an SOP's YAML, SOP an id; without either, every SOP of the office (the shipped ones outside of one).
    Exit code 1 when there is an error; a warning is for a person to weigh.
    """
    from sopwrap.lint import lint_file

    workspace = _workspace(ctx)
    known = _known(workspace)
    found = [finding for path in _files(names, workspace) for finding in lint_file(path, known)]
    show([one.as_dict() for one in found], lambda: _text(found), as_json, query)
    if any(one.level == "error" or strict for one in found):
        ctx.exit(int(Exit.FAILED))


def _workspace(ctx: click.Context) -> Workspace | None:
    try:
        return workspace_of(ctx)
    except UsageError:
        return None


def _known(workspace: Workspace | None) -> Known:
    from sopwrap.catalogue import catalogue
    from sopwrap.lint_types import Known
    from sopwrap.lookups import LOOKUPS
    from sopwrap.workspace import resources

    actions = frozenset(path.stem for path in resources().playbooks.glob("*.yml"))
    bound = None
    if workspace is not None:
        office = workspace.office()
        bound = {
            sop: frozenset(lane.partition(".")[0] for lane, people in lanes.items() if people)
            for sop, lanes in office.bindings.items()
        }
    return Known(actions, frozenset(catalogue()), frozenset(LOOKUPS), bound)


def _files(names: tuple[str, ...], workspace: Workspace | None) -> list[Path]:
    """The files meant: those named, by path or by the SOP's id; else all of the office, else all shipped."""
    from sopwrap.sop import sources

    there = sources(workspace.sops if workspace else None)
    own = [path for path in there if workspace and path.parent == workspace.sops]
    if not names:
        return own or there
    # By the line alone: a file that cannot be read as an SOP can be asked for by its id, too.
    ids = {
        found[1]: path for path in there if (found := re.search(r"(?m)^id:\s*['\"]?([\w-]+)", path.read_text("utf-8")))
    }
    return [_file(name, ids) for name in names]


def _file(name: str, ids: dict[str, Path]) -> Path:
    if Path(name).is_file():
        return Path(name)
    if name.partition("/")[0] in ids:
        return ids[name.partition("/")[0]]
    raise UsageError(f"There is no file and no SOP {name}.", f"SOPs: {', '.join(ids)}.")


def _text(found: list[Finding]) -> str:
    errors = sum(one.level == "error" for one in found)
    lines = [f"{one.file}:{one.line}: {one.level}: {one.text} [{one.rule}]" for one in found]
    lines.append(f"{errors} error(s), {len(found) - errors} warning(s)." if found else "Nothing is odd.")
    return "\n".join(lines)
