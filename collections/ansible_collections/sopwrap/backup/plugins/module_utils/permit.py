# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The permit: a signed text that lets one recovery point take the place of living data, once.

Its file has two parts. The first line is one JSON object; the rest is an OpenSSH signature over exactly that line, its
line feed included, in our own namespace. So it can be checked without this program:
`head -n 1 FILE | ssh-keygen -Y verify -f permit_signers -I SIGNER -n sopwrap@permit -s <(tail -n +2 FILE)`.

In an emergency nobody has asked by letter and nobody has decided: two people sign instead, one signature after the
other, in a namespace that the host's list gives only to those who may.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from calendar import timegm
from dataclasses import dataclass
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, printable
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Secret, run

SCHEMA, EMERGENCY = "sopwrap.permit/1", "sopwrap.emergency/1"
NAMESPACE, EMERGENCY_NAMESPACE = "sopwrap@permit", "sopwrap@emergency"
OFFICE = "office"
"""The signer's name of the office's own permit key, used where the approver has none."""

LARGEST = 64 * 1024
LONGEST = {SCHEMA: 7 * 86400.0, EMERGENCY: 86400.0}
"""Seconds. A permit that is good for longer is none: it would wait in a drawer for its day."""

_COMMON = ("number", "asset", "kind", "point", "manifest", "host")
_TEXTS = {SCHEMA: (*_COMMON, "case", "signer", "basis"), EMERGENCY: (*_COMMON, "reason")}
_PEOPLE = {SCHEMA: ("requester", "approver", "executor"), EMERGENCY: ("first", "second", "executor")}
_OTHERS = {SCHEMA: ("letter", "place", "exception"), EMERGENCY: ("place",)}
_TIMES = ("issued_at", "not_before", "not_after", "undo_until")
_SIGNATURE = re.compile(r"-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+-----END SSH SIGNATURE-----\n?")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z", re.ASCII)
_NAME = re.compile(r"[\w.@-]+")
"""The name of a signer, as the list a host is given has it."""

_SYSTEM = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
"""Where the program that decides is looked for: a play can say of any other place that programs lie there."""


@dataclass(frozen=True)
class Deed:
    """What is about to be done, as the host that does it sees it; everything here has to stand in the permit."""

    asset: str
    kind: str
    host: str
    place: dict[str, str]
    point: str
    manifest: str
    case: str | None = None


@dataclass(frozen=True)
class Permit:
    """A permit that was read, not yet believed: `verify` its signature, then `admit` the deed."""

    text: bytes
    signatures: tuple[str, ...]
    fields: dict[str, Any]

    @classmethod
    def read(cls, text: str) -> Permit:
        """Read a permit's file; refuse what is not exactly one."""
        line, feed, rest = text.partition("\n")
        if not text.strip():
            raise _refused("There is no permit: living data is only replaced with one.", "Give it as sopwrap_permit.")
        signatures = _SIGNATURE.findall(rest) if len(text) <= LARGEST else []
        if not feed or not signatures or "".join(signatures) != rest:
            raise _no_permit("it is not a line of JSON and an OpenSSH signature")
        try:
            fields = json.loads(line, object_pairs_hook=_once)
            signed = f"{line}\n".encode()
        except (ValueError, RecursionError):
            raise _no_permit("its first line is not JSON") from None
        _require_form(fields)
        return cls(signed, tuple(signatures), fields)

    @property
    def number(self) -> str:
        """Its number, which can be used once."""
        return str(self.fields["number"])

    @property
    def emergency(self) -> bool:
        """Whether two people stand for it instead of a letter and a decision."""
        return bool(self.fields["schema"] == EMERGENCY)

    def verify(self, signers: str) -> None:
        """Refuse unless those who are named signed this very text with keys of the list (allowed_signers)."""
        names = self._signers(_holders(signers))
        if not all(map(_NAME.fullmatch, names)):
            raise _no_permit("who signs it has a name no list can hold")
        if len(names) != len(self.signatures):
            raise _no_permit(f"it has {len(self.signatures)} signatures, and needs {len(names)}")
        namespace = EMERGENCY_NAMESPACE if self.emergency else NAMESPACE
        for name, signature in zip(names, self.signatures):
            self._require_signature(signers, name, namespace, signature)

    def _signers(self, known: dict[str, set[str]]) -> list[str]:
        """Name who has to have signed it; refuse where these may not. `known` is whose keys are in the list."""
        if self.emergency:
            first, second = self.fields["first"]["id"], self.fields["second"]["id"]
            if first == second or OFFICE in (first, second):
                raise _no_permit("an emergency needs the signatures of two people")
            if known.get(first, set()) & known.get(second, set()):
                raise _no_permit(f"{first} and {second} have one key, so one of them could sign for both")
            return [first, second]
        signer, approver = self.fields["signer"], self.fields["approver"]["id"]
        if signer not in (approver, OFFICE):
            raise _no_permit(f"it is signed by {signer}, who is not the one who approves it")
        if signer == OFFICE and approver in known:
            raise _no_permit(f"{approver} has a key of their own and has not signed it")
        return [signer]

    def _require_signature(self, signers: str, signer: str, namespace: str, signature: str) -> None:
        allowed, armoured = Secret(signers), Secret(signature)
        words = ["-f", allowed.path, "-I", signer, "-n", namespace, "-s", armoured.path]
        try:
            argv = ["ssh-keygen", "-Y", "verify", *words]
            run(argv, lambda _status, _said: _unsigned(signer), self.text, secrets=(allowed, armoured), env=_SYSTEM)
        finally:
            allowed.close()
            armoured.close()

    def admit(self, deed: Deed, now: float | None = None) -> None:
        """Refuse a deed that is not the one this permit is for, or not at this time (`now`, seconds since 1970)."""
        self._require_people()
        self._require_time(time.time() if now is None else now)
        wanted = {"asset": deed.asset, "kind": deed.kind, "host": deed.host, "place": deed.place}
        wanted |= {"point": deed.point, "manifest": deed.manifest}
        wanted |= {"case": deed.case} if deed.case else {}
        for key, value in wanted.items():
            if self.fields.get(key) != value:
                raise _no_permit(f"it is for {_word(key)} {_shown(self.fields.get(key))}, not {_shown(value)}")

    def _require_people(self) -> None:
        if self.emergency:
            return
        ids = [self.fields[role]["id"] for role in ("requester", "approver")]
        if ids[0] == ids[1] and not self.fields["exception"]:
            raise _no_permit(f"{ids[0]} has approved what {ids[0]} asked for")

    def _require_time(self, now: float) -> None:
        issued, begin, end, undo = (seconds(self.fields[key]) for key in _TIMES)
        if not issued <= begin < end <= undo or end - begin > LONGEST[self.fields["schema"]]:
            longest = "a day" if self.emergency else "a week"
            raise _no_permit(f"its times make no sense, or it would last longer than {longest}")
        if now < begin:
            raise _no_permit(f"it is good from {self.fields['not_before']} on")
        if now > end:
            raise _no_permit(f"it was good until {self.fields['not_after']}")


def digest(manifest: dict[str, Any]) -> str:
    """What a permit calls a point by, beside its id: the SHA-256 of its manifest, keys sorted, without spaces."""
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def seconds(stamp: str) -> float:
    """Turn a time of a permit (UTC ISO 8601) into seconds since 1970."""
    whole, _dot, part = stamp.rstrip("Z").partition(".")
    return timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float(f"0.{part or 0}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that stands twice would be read one way here and another way elsewhere."""
    if len({key for key, _value in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _require_form(fields: Any) -> None:
    schema = fields.get("schema") if isinstance(fields, dict) else None
    if not isinstance(schema, str) or schema not in _TEXTS:
        raise _no_permit(f"it is not of the form {SCHEMA} or {EMERGENCY}")
    texts, people = _TEXTS[schema], _PEOPLE[schema]
    wanted = {"schema", *texts, *people, *_OTHERS[schema], *_TIMES}
    if set(fields) != wanted:
        raise _no_permit(f"it lacks or adds {', '.join(sorted(set(fields) ^ wanted)[:3])}")
    good = all(isinstance(fields[key], str) and fields[key] for key in texts)
    good = good and all(isinstance(fields[key], str) and _is_time(fields[key]) for key in _TIMES)
    good = good and all(isinstance(fields[key], dict) and isinstance(fields[key].get("id"), str) for key in people)
    good = good and isinstance(fields["place"], dict) and (schema == EMERGENCY or _is_letter(fields["letter"]))
    if not good or not re.fullmatch("[0-9a-f]{32}", fields["number"]):
        raise _no_permit("a field of it has not the form it must have")


def _is_time(stamp: str) -> bool:
    try:
        return _STAMP.fullmatch(stamp) is not None and seconds(stamp) > 0
    except ValueError:  # a month 13
        return False


def _is_letter(letter: Any) -> bool:
    good = isinstance(letter, dict) and bool(letter.get("number"))
    return good and bool(re.fullmatch("[0-9a-f]{64}", str(letter.get("sha256"))))


def _holders(signers: str) -> dict[str, set[str]]:
    """The names in a list of allowed signers, and the public keys each of them signs with."""
    held: dict[str, set[str]] = {}
    for line in signers.splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            keys = {word for word in words[1:] if word.startswith("AAAA")}
            for name in words[0].strip('"').split(","):
                held.setdefault(name, set()).update(keys)
    return held


def _word(key: str) -> str:
    return {"manifest": "a point with the manifest", "place": "the place"}.get(key, f"the {key}")


def _shown(value: Any) -> str:
    if value is None:
        return "of none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in sorted(value.items()))
    return str(value)[:80]


def _unsigned(signer: str) -> Problem:
    return _no_permit(f"its signature is not of {signer}'s key, or not over this text")


def _no_permit(reason: str) -> Problem:
    """Say why; the words may be of whoever wrote the text, and go to a terminal and onto paper."""
    return _refused(
        f"The permit does not allow this: {printable(reason[:400])}.", "Ask for a permit for exactly this restore."
    )


def _refused(message: str, hint: str) -> Problem:
    return Problem(message, hint, refused=True)
