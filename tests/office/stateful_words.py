"""What a state-keeping device understands: each platform's words for replacing a configuration, and what they do.

A pattern that begins with `# ` is known in the configuration mode alone. As devices do, these complain where there is
nothing to confirm, or where a session of this name has come to an end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.office.stateful import Box

Deed = Callable[["Box", re.Match[str]], "str | None"]

UNKNOWN = "% Invalid input detected at '^' marker.\nsyntax error\nInvalid command\n% Unrecognized command\n"
MODES = {
    "junos": ("configure(?: exclusive)?", "exit configuration-mode|exit"),
    "vyos": ("configure", "exit"),
    "comware": ("system-view", "return|quit"),
    "eos": (r"configure session \S+", "commit timer .*|abort|exit"),
}
"""How the configuration mode is entered and left, where it is a mode of its own."""
PROMPTS = {
    "junos": "budi@{}> ",
    "junos#": "[edit]\r\nbudi@{}# ",
    "vyos": "budi@{}:~$ ",
    "vyos#": "[edit]\r\nbudi@{}# ",
    "comware": "<{}>",
    "comware#": "[{}]",
    "eos#": "{}(config-s-sopwra)# ",
}


def _shows(box: Box, _found: re.Match[str]) -> str:
    return box.running


def _nothing(_box: Box, _found: re.Match[str]) -> None:
    return None


def _keeps(box: Box, _found: re.Match[str]) -> str:
    return "" if box.keep() else UNKNOWN


def _saves(box: Box, _found: re.Match[str]) -> None:
    box.startup = box.running


def _undoes(box: Box, _found: re.Match[str]) -> str:
    if not box.pending:
        return UNKNOWN
    box.undo()
    return ""


def _counts(told: str) -> Deed:
    """Say so where the timer runs."""
    return lambda box, _found: told if box.pending else ""


def _applies(unit: float) -> Deed:
    """Take a file at once, for so many units of time."""

    def deed(box: Box, found: re.Match[str]) -> None:
        box.apply(box.file(found["file"]), float(found["time"]) * unit)

    return deed


def _begins(box: Box, _found: re.Match[str]) -> None:
    box.candidate = ""


def _loads(box: Box, found: re.Match[str]) -> None:
    box.candidate = box.file(found["file"])


def _commits(unit: float) -> Deed:
    """Take what was loaded, for so many units of time; what was not loaded whole is not taken."""

    def deed(box: Box, found: re.Match[str]) -> str:
        if not box.candidate:
            return UNKNOWN
        box.apply(box.candidate, float(found["time"]) * unit)
        box.candidate = ""
        return ""

    return deed


def _junos_commit(box: Box, _found: re.Match[str]) -> None:
    box.keep()
    if box.candidate:
        box.running, box.candidate = box.candidate, ""
    box.startup = box.running


def _junos_rollback(box: Box, _found: re.Match[str]) -> None:
    box.candidate = box.before


def _arms(box: Box, found: re.Match[str]) -> None:
    box.before = box.running
    box.arm(float(found["time"]) * 60)


def _comware_replace(box: Box, found: re.Match[str]) -> None:
    box.running = box.file(found["file"])


def _mikrotik_backup(box: Box, _found: re.Match[str]) -> None:
    box.before = box.running


def _mikrotik_reset(box: Box, _found: re.Match[str]) -> None:
    """All of the configuration is gone with a reset, timers too, but for what the script brings."""
    script = box.file("sopwrap.rsc")
    if box.pending:
        box.keep()
    box.running = script
    found = re.match(r"/system scheduler\nadd name=sopwrap-undo interval=(\d+)m .*\n", script)
    if found:
        text, rest = script[: found.end()], script[found.end() :]
        head, _section, body = rest.partition("/")
        box.running = f"{head}{text}/{body}"
        box.arm(float(found[1]) * 60)


def _mikrotik_keeps(box: Box, _found: re.Match[str]) -> None:
    box.keep()
    if not box.deaf:
        box.running = box.startup = re.sub(r"/system scheduler\nadd name=sopwrap-undo .*\n", "", box.running)


def _mikrotik_load(box: Box, _found: re.Match[str]) -> None:
    box.undo()


def _eos_begin(box: Box, found: re.Match[str]) -> str:
    if box.sessions.setdefault(found["name"], "open") != "open":
        return f"% Cannot enter session {found['name']} (already completed)\n"
    box.candidate = ""
    return ""


def _eos_load(box: Box, found: re.Match[str]) -> None:
    box.candidate = box.file(f"/mnt/flash/{found['file']}")


def _eos_ends(deed: Deed) -> Deed:
    """A session that was committed or given up cannot be entered any more."""

    def ends(box: Box, found: re.Match[str]) -> str | None:
        box.sessions[found["name"]] = "completed"
        return deed(box, found)

    return ends


_TIME = r"(?P<time>\d+)"
_SESSION = r"configure session (?P<name>[\w-]+)"
WORDS: dict[str, list[tuple[str, Deed]]] = {
    "ios": [
        ("show running-config", _shows),
        (rf"configure replace (?P<file>\S+) force revert trigger error timer {_TIME}", _applies(60)),
        ("configure confirm", _keeps),
        ("configure revert now", _undoes),
        ("copy running-config startup-config", _saves),
        (
            "show archive config rollback timer",
            _counts("Time configured(or reconfigured): 10:00\nTimer value: 5 min\n"),
        ),
        ("show .*", _nothing),
    ],
    "nxos": [
        ("show running-config", _shows),
        (rf"configure replace (?P<file>\S+) commit-timeout {_TIME}", _applies(1)),
        ("configure replace commit", _keeps),
        ("configure replace abort", _undoes),
        ("copy running-config startup-config", _saves),
        ("show .*", _nothing),
    ],
    "eos": [
        (r"show running-config.*", _shows),
        (_SESSION, _eos_begin),
        ("show configuration sessions", _counts("  sopwrap-1  pendingCommitTimer  budi  vty1\n")),
        ("# rollback clean-config", _nothing),
        (r"# copy flash:(?P<file>\S+) session-config", _eos_load),
        (rf"# commit timer \d\d:{_TIME}:00", _commits(60)),
        (f"{_SESSION} commit", _eos_ends(_keeps)),
        (f"{_SESSION} abort", _eos_ends(_undoes)),
        ("copy running-config startup-config", _saves),
    ],
    "junos": [
        (r"show configuration.*", _shows),
        ("configure(?: exclusive)?", _begins),
        (r"# load override (?P<file>\S+)", _loads),
        (rf"# commit confirmed {_TIME}", _commits(60)),
        ("# commit", _junos_commit),
        ("# rollback 1", _junos_rollback),
        (
            "show system commit.*",
            _counts("0   2026-11-21 10:00:00 UTC by budi via cli commit confirmed, rollback in 1mins\n"),
        ),
        ("# exit configuration-mode|show .*", _nothing),
    ],
    "routeros": [
        ("/export show-sensitive", _shows),
        (r"/system backup save .*", _mikrotik_backup),
        (r"/system scheduler add name=sopwrap-undo .*", _nothing),
        (r"/system reset-configuration .*run-after-reset=sopwrap.rsc", _mikrotik_reset),
        (r"/system scheduler remove .*", _mikrotik_keeps),
        (r"/system backup load .*", _mikrotik_load),
        (r"/system scheduler print count-only where name=sopwrap-undo", _counts("1\n")),
        (r"/system .*", _nothing),
    ],
    "fortios": [(r"show \| grep \.", _shows), ("get system status", _nothing)],
    "comware": [
        ("(?:# )?display current-configuration", _shows),
        (rf"# configuration commit delay {_TIME}", _arms),
        (r"# configuration replace file (?P<file>\S+)", _comware_replace),
        ("# configuration commit", _keeps),
        ("save force", _saves),
        ("system-view|# return|display .*", _nothing),
    ],
    "vyos": [
        (r"show configuration.*", _shows),
        (r"# load (?P<file>\S+)", _loads),
        (rf"# commit-confirm {_TIME}", _commits(60)),
        ("# confirm", _keeps),
        ("# rollback 1", _undoes),
        ("# save", _saves),
        ("configure|# exit|show .*", _nothing),
    ],
}
