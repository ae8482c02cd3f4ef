"""Masks what must not stand in a message: the office's own keys, and passwords written into addresses.

Nothing here makes a leak safe; messages are built without secrets in the first place. This is the last net under
text that other programs wrote (Ansible's failure messages, a traceback).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

MASK = "********"
SHORTEST = 6
"""A shorter "secret" would mask ordinary words."""

_ADDRESS = re.compile(r"(?<=://)([^/\s:@]*):([^/\s@]+)(?=@)")


def known_secrets(folder: Path) -> list[str]:
    """Return the contents of the key files in ``secrets/``, the longest first; unreadable ones are left out."""
    found: set[str] = set()
    for path in folder.glob("*") if folder.is_dir() else []:
        try:
            text = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            continue
        found.update(line.strip() for line in [text, *text.splitlines()] if len(line.strip()) >= SHORTEST)
    return sorted(found, key=len, reverse=True)


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text with every secret, and every password in an address, masked."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return _ADDRESS.sub(rf"\1:{MASK}", text)
