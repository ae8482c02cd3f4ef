"""What a run of Ansible told, folded from its events: evidence records, failed hosts, and why nothing ran.

Pure: nothing here reads a clock or a file. An event of an unknown or odd shape is passed over, never an error:
what counts is whether the evidence arrived, and missing evidence is found by whoever asked for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sopwrap.errors import SopError
from sopwrap.records import Evidence, evidence

RESULTS = {"runner_on_ok", "runner_on_failed", "runner_on_unreachable", "runner_item_on_ok", "runner_item_on_failed"}
FAILURES = {"runner_on_failed", "runner_on_unreachable", "runner_item_on_failed"}
LONGEST = 400
"""Characters of another program's message that are worth keeping."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_WRAPPING = re.compile(r"^(?:(?:Task|Module|Action) failed: )+")
_UNREAD = "Module result deserialization failed"
"""What ansible-core says in place of what a module printed instead of its answer, a traceback most of the time."""
_TOO_OLD = "SyntaxError: "
"""What a Python that Ansible has given up, such as RHEL 8's own, says of Ansible's first lines."""
_CONNECTING = re.compile(
    r"^(?:Data could not be sent to remote host \"[^\"]*\"\. Make sure this host can be reached over ssh"
    r"|Failed to connect to the host via ssh):\s*(?:ssh: )?"
)
_ERROR = re.compile(r"^\s*(?:\[ERROR\]|ERROR!)[:\s]*(?P<text>.+)")


@dataclass(frozen=True)
class Failure:
    """One failure on a host: ``role`` is the role it happened in (a kind's name), empty outside of one."""

    host: str
    message: str
    role: str = ""
    unreachable: bool = False


@dataclass(frozen=True)
class News:
    """What one event brought that was not known before: for progress, and to be printed as it happens."""

    records: tuple[Evidence, ...] = ()
    failure: Failure | None = None
    listed: tuple[dict[str, Any], ...] = ()
    task: str = ""
    host: str = ""


@dataclass
class Heard:
    """Everything a run has told so far.

    ``refusals`` are what hosts have refused earlier, to whomever, and kept. ``results`` counts the tasks that ended
    on some host, ``error`` is Ansible's own first complaint, ``odd`` the last one about evidence that does not fit
    its schema.
    """

    records: list[Evidence] = field(default_factory=list)
    refusals: list[Evidence] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    error: str = ""
    odd: str = ""
    results: int = 0
    _seen: set[str] = field(default_factory=set)

    def take(self, event: Any) -> News:
        """Take one runner event in; return what is new in it."""
        if not isinstance(event, Mapping):
            return News()
        kind, data = event.get("event"), event.get("event_data")
        if not isinstance(data, Mapping):
            data = {}
        self._hear_error(event.get("stdout"))
        host, task = _text(data.get("host")), _text(data.get("task"))
        if kind not in RESULTS:
            return News(task=task, host=host)
        self.results += 1
        result = data.get("res")
        result = result if isinstance(result, Mapping) else {}
        failure = None
        if kind in FAILURES and not data.get("ignore_errors"):
            failure = Failure(host, _message(result), _role(data), kind == "runner_on_unreachable")
            self.failures.append(failure)
        self.refusals += self._evidence(result, "sopwrap_refusals")
        records = tuple(self._evidence(result, "sopwrap_evidence"))
        self.records += records
        return News(records, failure, _listed(result), task, host)

    def failure_of(self, host: str, role: str) -> Failure | None:
        """The last failure of this role on this host, else the host's last of any kind."""
        here = [one for one in self.failures if one.host == host]
        return next((one for one in reversed(here) if one.role == role), here[-1] if here else None)

    def _evidence(self, result: Mapping[str, Any], key: str) -> Iterable[Evidence]:
        """The records of a result and of a loop's items; one that came with an item's own event comes only once."""
        items = result.get("results")
        for part in [result, *(items if isinstance(items, list) else [])]:
            published = part.get(key) if isinstance(part, Mapping) else None
            for data in published if isinstance(published, list) else []:
                mark = key + json.dumps(data, sort_keys=True, default=str)
                if mark in self._seen:
                    continue
                self._seen.add(mark)
                try:
                    yield evidence(data)
                except SopError as error:
                    self.odd = error.message

    def _hear_error(self, stdout: Any) -> None:
        """Keep Ansible's own first error line: the reason when a playbook did not even begin."""
        for line in stdout.splitlines() if isinstance(stdout, str) and not self.error else []:
            if found := _ERROR.match(_COLOURS.sub("", line)):
                self.error = shorten(found["text"])
                return


def fold(events: Iterable[Any]) -> Heard:
    """Given a run's events in their order, return all they told."""
    heard = Heard()
    for event in events:
        heard.take(event)
    return heard


def shorten(text: str) -> str:
    """One line of another program's message, without colours and not longer than LONGEST."""
    line = " ".join(_COLOURS.sub("", text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _listed(result: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The points a store has answered with; they are told, not evidence of anything done."""
    points = result.get("sopwrap_points")
    return tuple(one for one in points if isinstance(one, dict)) if isinstance(points, list) else ()


def _message(result: Mapping[str, Any]) -> str:
    """Why a task failed, in its own words; where a module gave no answer, in the last line it left instead."""
    unread = str(result.get("msg") or "").startswith(_UNREAD)
    for key in ("module_stderr", "module_stdout") if unread else ():
        if isinstance(text := result.get(key), str) and text.strip():
            last = text.strip().splitlines()[-1]
            if last.startswith(_TOO_OLD):
                return "Python on the host is too old for Ansible: name a newer one in ansible_python_interpreter"
            return shorten(f"Python on the host gave no answer but: {last}")
    for key in ("msg", "module_stderr", "stderr", "exception", "censored"):
        if isinstance(text := result.get(key), str) and text.strip():
            return shorten(_CONNECTING.sub("", _WRAPPING.sub("", text))) or "the connection broke off"
    return "no reason was given"


def _role(data: Mapping[str, Any]) -> str:
    """The short name of the role a task belongs to."""
    return _text(data.get("resolved_role") or data.get("role")).rpartition(".")[2]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
