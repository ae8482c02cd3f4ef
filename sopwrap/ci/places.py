"""Where a CI looks for what a run has to say: files in a folder, the page of the run, annotations in the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sopwrap.ci.junit import junit
from sopwrap.ci.outcome import Outcome
from sopwrap.ci.summary import summary
from sopwrap.errors import SopError
from sopwrap.filing import put

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Set by GitHub, Gitea and Forgejo Actions: the file whose Markdown is shown on the page of the run."""


def keep(told: Outcome, folder: Path) -> list[Path]:
    """Write ``junit-CASE.xml``, ``outcome-CASE.json`` and ``summary-CASE.md``; return their paths."""
    made = {
        f"junit-{told.case}.xml": junit(told),
        f"outcome-{told.case}.json": (json.dumps(told.as_dict(), indent=2, ensure_ascii=False) + "\n").encode(),
        f"summary-{told.case}.md": summary(told).encode(),
    }
    for name, content in made.items():
        put(folder / name, content, "Name another folder with --results.")
    return [folder / name for name in made]


def show(told: Outcome, environment: Mapping[str, str]) -> list[str]:
    """Add the summary to the run's page where there is one; return the annotations to print."""
    if path := environment.get(SUMMARY):
        try:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(summary(told))
        except OSError as error:
            raise SopError(f"{path} cannot be written: {error.strerror}.", f"See {SUMMARY}.") from error
    return notices(told) if shows_annotations(environment) else []


def shows_annotations(environment: Mapping[str, str]) -> bool:
    """Whether lines such as ``::error::`` in the log are shown as annotations (GitHub, Gitea and Forgejo Actions)."""
    return environment.get("GITHUB_ACTIONS") == "true"


def notices(told: Outcome) -> list[str]:
    """An error for each action that failed and for a case that is held or stopped; a notice for one that waits."""
    bad = [one for one in told.actions if not one.good]
    lines = [
        annotation("error", f"{one.asset}: {one.message} {one.hint or ''}", f"{one.asset} {one.action}") for one in bad
    ]
    head = f"Case {told.case}" + (f" at step {told.next.step}" if told.next.step else "")
    if told.state in ("held", "stopped"):
        lines.append(annotation("error", told.next.text, head))
    elif told.state == "waiting":
        who = ", ".join(told.next.people or told.next.lanes)
        lines.append(annotation("notice", f"{told.next.text} Waits for {who}.", head))
    return lines


def annotation(level: str, text: str, title: str = "") -> str:
    """One line by the rules of the workflow commands: what would end the command is escaped."""
    body = text.strip().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    name = title.replace("%", "%25").replace("\n", "%0A").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={name}::{body}" if title else f"::{level}::{body}"
