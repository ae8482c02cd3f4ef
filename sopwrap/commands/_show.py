"""How listings are printed: a plain table for people, JSON for programs, and a JMESPath question to the JSON."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sopwrap.errors import UsageError

if TYPE_CHECKING:
    from sopwrap.office import Office

F = TypeVar("F", bound=Callable[..., Any])


def listing(function: F) -> F:
    """Give a command the options --json and --query (which implies --json)."""
    query = click.option("--query", metavar="EXPR", help="A JMESPath expression to apply to the JSON; implies --json.")
    return query(click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function))


def listing_points(function: F) -> F:
    """Give a command what `listing` does, and the option --ids, by which its table names points by their ids."""
    told = "Name recovery points by their ids; else as office.yml names them."
    return click.option("--ids", "by_id", is_flag=True, help=told)(listing(function))


def named(office: Office, by_id: bool) -> Callable[[str], str]:
    """What a table for people calls a recovery point by its id."""
    from sopwrap.naming import point_name

    rule = {} if by_id else office.naming_rule
    return lambda point: point_name(point, rule)


def show(data: Any, text: Callable[[], str], as_json: bool, query: str | None) -> None:
    """Print the data as JSON when asked for, else the text."""
    if not as_json and not query:
        click.echo(printable(text()))
        return
    if query:
        data = _ask(data, query)
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> str:
    """Columns aligned by spaces, the last one as it comes; ``empty`` is said instead of a table without rows."""
    if not rows:
        return empty
    text = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(len(row[column]) for row in text) for column in range(len(heads) - 1)]
    return "\n".join("  ".join([*map(str.ljust, row, widths), row[-1]]).rstrip() for row in text)


def terminal() -> tuple[int, bool]:
    """How many columns there are (100 where the output is no terminal and COLUMNS is not set), and whether only ASCII.

    A drawing never needs more than 160 columns.
    """
    return min(shutil.get_terminal_size((100, 24)).columns, 160), not _shows("│▼╭")


def printable(text: str) -> str:
    """The text with a question mark for each sign that the output cannot show."""
    encoding = sys.stdout.encoding or "ascii"
    return text.encode(encoding, "replace").decode(encoding)


def _shows(signs: str) -> bool:
    return printable(signs) == signs


def _ask(data: Any, query: str) -> Any:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.search(query, data)
    except JMESPathError as error:
        reason = str(error).splitlines()[0].rstrip(".: ")
        raise UsageError(f"--query {query}: {reason}.", "See jmespath.org for the language.") from None
