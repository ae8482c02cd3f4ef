# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell the mistakes in one asset's entry from those in a whole call: they cost that asset alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import NoLogError, UnsupportedError

Spec = dict[str, Any]


@dataclass(frozen=True)
class Arguments:
    """What a module was asked for.

    `checked` are the arguments by their spec, with those assets alone that are in order; `mistaken` are the others,
    each with what is wrong as the rest of a sentence. `wrong` is what is wrong with the call itself, which then cannot
    be carried out; empty when nothing is. `secrets` are the values that no result may hold.
    """

    checked: Spec
    mistaken: list[tuple[Spec, str]] = field(default_factory=list)
    wrong: str = ""
    secrets: frozenset[str] = frozenset()


def sorted_out(spec: Spec, given: Spec) -> Arguments:
    """Check what was given against an argument spec, asset by asset where it is not in order as a whole."""
    whole = ArgumentSpecValidator(spec).validate(given)
    secrets = frozenset(whole._no_log_values)
    if not whole.error_messages:
        return Arguments(whole.validated_parameters, secrets=secrets)
    options = spec["assets"]["options"]
    entries = given.get("assets")
    good: list[Any] = []
    mistaken: list[tuple[Spec, str]] = []
    for entry in entries if isinstance(entries, list) else []:
        named = isinstance(entry, dict) and isinstance(entry.get("id"), str)
        complaint = _complaint(ArgumentSpecValidator(options).validate(entry)) if named else ""
        if complaint:
            mistaken.append((entry, complaint))
        else:
            good.append(entry)
    rest = ArgumentSpecValidator(spec).validate({**given, "assets": good})
    secrets |= rest._no_log_values  # the first check looks for no more of them once one argument is not even a mapping
    return Arguments(rest.validated_parameters, mistaken, _complaint(rest if mistaken else whole), secrets)


def _complaint(found: ValidationResult) -> str:
    """The plainest of what a check found, as the rest of a sentence; empty when all is in order.

    A name nobody knows comes first, since what is missing is mostly that, misspelt.
    """
    order = {UnsupportedError: 0, NoLogError: 2}
    first = min(found.errors, key=lambda error: order.get(type(error), 1), default=None)
    return "" if first is None else f"{'there is no ' * isinstance(first, UnsupportedError)}{first.msg}".rstrip(".")
