"""What a holder reads from a sheet of paper with a share of a key."""

from __future__ import annotations

import re
from pathlib import Path

from pypdf import PdfReader


def words(sheet: Path) -> str:
    """The share, as it is typed in."""
    text = "\n".join(page.extract_text() for page in PdfReader(sheet).pages)
    numbered = re.findall(r"(\d+)\s+([a-z]+)", text[text.index("Dibuat") :])
    found: list[str] = []
    for number, word in numbered:
        found += [word] if int(number) == len(found) + 1 else []
    return " ".join(found)
