"""The rules of a register entry: what an asset, a store and a host's address have to be, and how a mistake is told."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from netaddr import AddrFormatError, IPAddress
from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError

from sopwrap.case import Asset
from sopwrap.errors import UsageError
from sopwrap.keep_rule import Keep
from sopwrap.medium import FIELDS, Medium
from sopwrap.models import Model, said, shape
from sopwrap.size_rule import SizeRule

_DURATION = TypeAdapter(timedelta)
_KEY_FILE = re.compile(r"""\{\{.*lookup\(.*['"/]([\w.-]+)['"]\s*\)""")
_OFFICE_FOLDER = re.compile(r"\{\{\s*inventory_dir\s*\|\s*dirname\s*\}\}")


def _duration(text: str) -> str:
    """Pass a duration on as it is written; refuse what is none, or none that lasts."""
    try:
        lasts = text.startswith("P") and _DURATION.validate_python(text) > timedelta(0)
    except ValidationError:
        lasts = False
    if not lasts:
        raise ValueError(f"{text} is not a duration such as P1D or PT4H")
    return text


def _once(names: list[str]) -> list[str]:
    """Pass names on; two copies in one store would be counted as two, and be lost together."""
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"it names {name} twice")
    return names


Text = Annotated[str, StringConstraints(min_length=1)]
Duration = Annotated[str, AfterValidator(_duration)]


class Health(Model):
    """A page that answers when what uses the asset runs well, and a text it holds."""

    url: Text
    contains: Text | None = None


class RegisterEntry(Model):
    """One entry of ``sopwrap_assets`` as docs/reference/inventory.md describes it; ``source`` is the kind's alone."""

    id: Annotated[str, shape(r"^[a-z0-9][a-z0-9-]{0,62}$", "small letters, digits and hyphens, at most 63")]
    kind: Text
    title: Text
    owner: Text
    classification: Literal["terbuka", "terbatas", "rahasia"]
    personal_data: bool
    rpo: Duration
    rto: Duration
    retention: Duration
    keep: Keep | None = None
    stores: Annotated[list[str], Field(min_length=1), AfterValidator(_once)]
    reviewed: str | None = None
    size_rule: SizeRule | None = None
    sop: str | None = None
    host: str | None = None
    services: list[Text] = []
    health: Health | None = None
    source: Annotated[Any, Field(exclude=True, repr=False)] = None


def check_asset(
    folder: Path, host: str, number: int, data: Any, kinds: Collection[str], stores: Collection[str]
) -> tuple[Asset, str | None]:
    """Return the generic part of an entry of ``sopwrap_assets`` and its SOP; raise UsageError for a mistake."""
    name = str(data.get("id") or "") if isinstance(data, dict) else ""
    subject = f"asset {name}" if name else f"sopwrap_assets[{number}]"
    try:
        entry = RegisterEntry.model_validate(data)
    except ValidationError as error:
        raise _mistake(folder, host, subject, name, error) from None
    if entry.kind not in kinds:
        what = f"is {entry.kind}, and there is no such kind"
        raise complaint(folder, host, f"{subject}: kind", what, name, _meant(entry.kind, kinds))
    for store in entry.stores:
        if store not in stores:
            what = f"names {store}, which is not in sopwrap_stores of this host"
            raise complaint(folder, host, f"{subject}: stores", what, name, _meant(store, stores))
    return Asset(host=host, **entry.model_dump(exclude={"sop", "host", "services", "health", "source"})), entry.sop


@dataclass(frozen=True)
class Store:
    """A store as the register needs it: its medium for the papers, and the places a check-up looks at.

    ``key`` is the file of the secrets folder that its password is read from; ``open_password`` tells that the password
    stands in the inventory as it is. Places that a template makes up are null.
    """

    medium: Medium
    path: str | None = None
    repository: str | None = None
    key: str | None = None
    open_password: bool = False


def check_store(folder: Path, host: str, name: str, data: Any) -> Store:
    """Return what is kept of an entry of ``sopwrap_stores``; never its password. Raise UsageError for a mistake."""
    if not isinstance(data, dict):
        raise complaint(folder, host, f"sopwrap_stores.{name}", "has to be a mapping", name)
    for field in ("placement", "repository", "password"):
        if not data.get(field):
            raise complaint(folder, host, f"sopwrap_stores.{name}.{field}", "is missing", name)
    medium = data.get("medium") or {}
    if not isinstance(medium, dict):
        raise complaint(folder, host, f"sopwrap_stores.{name}.medium", "has to be a mapping", name)
    words = {key: medium[key] for key in FIELDS if medium.get(key) is not None}
    try:
        checked = Medium.model_validate({**words, "store": name, "placement": data["placement"]})
    except ValidationError as error:
        raise _mistake(folder, host, f"sopwrap_stores.{name}", name, error) from None
    password = data["password"]
    lookup = _KEY_FILE.search(password) if isinstance(password, str) else None
    return Store(
        medium=checked,
        path=_plain(medium.get("path"), folder),
        repository=_plain(data["repository"], folder),
        key=lookup[1] if lookup else None,
        open_password=isinstance(password, str) and "{{" not in password,
    )


def check_address(folder: Path, host: str, address: Any) -> None:
    """Raise UsageError when ``ansible_host`` looks like an IP address and is none; names are left to the resolver."""
    text = str(address or "")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)+", text) and not re.fullmatch(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*", text):
        return
    try:
        IPAddress(text)
    except (AddrFormatError, ValueError):
        raise complaint(folder, host, "ansible_host", f"is {text}, which is not an IP address") from None


def complaint(folder: Path, host: str, field: str, what: str, name: str = "", hint: str = "") -> UsageError:
    """One sentence about a mistake in the inventory: the file (and line where an id is found there), host, field."""
    return UsageError(f"{_origin(folder, host, name)}: host {host}: {field} {what}.", hint)


def _mistake(folder: Path, host: str, subject: str, name: str, error: ValidationError) -> UsageError:
    """The first of a model's complaints, without the value it is about (which may be a secret in the wrong place)."""
    first = error.errors(include_input=False)[0]
    field = ".".join(map(str, first["loc"]))
    what = {"missing": "is missing", "extra_forbidden": "is not a field of the register"}.get(first["type"])
    hint = "docs/reference/inventory.md lists the fields."
    return complaint(
        folder, host, f"{subject}: {field}" if field else subject, what or f"is wrong: {said(first)}", name, hint
    )


def _origin(folder: Path, host: str, name: str) -> str:
    """The file that says it, as far as a search can tell: where the id stands, else the host's file or the folder."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix in (".yml", ".yaml", ".json", "")
    )
    pattern = re.compile(rf"""^\s*(-\s*)?(id:\s*["']?{re.escape(name)}["']?|{re.escape(name)}:)\s*(#.*)?$""")
    for path in files if name else []:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.match(line):
                return f"{path}:{number}"
    own = [path for path in files if path.stem == host or path.parent.name == host]
    return str(own[0] if own else folder)


def _meant(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(sorted(known)) or 'none'}."


def _plain(value: Any, folder: Path) -> str | None:
    """A text without a template in it, but for the office's own folder; others cannot be read without Ansible."""
    text = _OFFICE_FOLDER.sub(lambda found: str(folder.parent), value) if isinstance(value, str) else "{{"
    return None if "{{" in text else text
