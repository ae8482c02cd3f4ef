"""`sopwrap doctor`: what is missing or wrong, and what to do about it."""

from __future__ import annotations

import click

from sopwrap.commands._drive import workspace_of
from sopwrap.commands._show import listing, show
from sopwrap.errors import Exit
from sopwrap.finding import Finding

MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


@click.command()
@listing
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, query: str | None) -> None:
    """Look at the installation and at this office; exit code 1 when something keeps it from working."""
    from sopwrap.checkup import installation
    from sopwrap.checkup_office import office

    workspace = workspace_of(ctx)
    findings = [*installation(), *office(workspace)]
    show([one.as_dict() for one in findings], lambda: _text(findings), as_json, query)
    if any(one.state == "fail" for one in findings):
        ctx.exit(int(Exit.FAILED))


def _text(findings: list[Finding]) -> str:
    width = max(len(one.check) for one in findings)
    lines = []
    for one in findings:
        lines.append(f"{MARKS[one.state]}  {one.check:{width}}  {one.detail}")
        if one.hint:
            lines.append(f"{'':6}{'':{width}}  {one.hint}")
    failed, warned = (sum(1 for one in findings if one.state == state) for state in ("fail", "warn"))
    return "\n".join([*lines, f"{failed} failed, {warned} warnings."])
