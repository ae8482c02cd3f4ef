"""What the papers' style sheet says, in the terms of a word processor: type, alignment and spacing by tag and class.

``templates/_style.css`` is the source; what is not named here looks as its surroundings do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

TEXT_FONT = "Liberation Sans"
MONO_FONT = "Liberation Mono"


@dataclass(frozen=True)
class Look:
    """How text is set. Sizes and spaces in points; ``align`` is left, center, right or justify; ``keep``: the
    paragraph stays on the page of the one after it."""

    size: float = 11.0
    bold: bool = False
    italic: bool = False
    underline: bool = False
    upper: bool = False
    mono: bool = False
    foreign: bool = False
    align: str = "left"
    before: float = 0.0
    after: float = 0.0
    indent: float = 0.0
    keep: bool = False

    def within(self, element: Element) -> Look:
        """The look of what stands inside ``element``."""
        changes: dict[str, Any] = dict(TAGS.get(element.tag, {}))
        for name in (element.get("class") or "").split():
            changes |= CLASSES.get(name, {})
        if element.get("lang") == "en":
            changes["foreign"] = True
        return replace(self, **changes)


HEADING: dict[str, Any] = {"bold": True, "keep": True}
TAGS: dict[str, dict[str, Any]] = {
    "b": {"bold": True},
    "i": {"italic": True},
    "small": {"size": 8.0},
    "h1": {**HEADING, "size": 12.5, "align": "center", "upper": True},
    "h2": {**HEADING, "before": 11.0, "after": 4.0},
    "h3": {**HEADING, "before": 7.0, "after": 2.0},
    "p": {"after": 5.0},
    "li": {"after": 2.0},
    "th": {"bold": True, "align": "center"},
}
CLASSES: dict[str, dict[str, Any]] = {
    "small": {"size": 8.0},
    "note": {"size": 8.0, "before": 4.0, "after": 4.0},
    "mono": {"size": 7.2, "mono": True},
    "source": {"italic": True},
    "person": {"bold": True},
    "name": {"bold": True, "underline": True},
    "number": {"align": "center", "after": 12.0},
    "justify": {"align": "justify"},
    "right": {"align": "right"},
    "c": {"align": "center"},
    "tick": {"align": "center"},
    "r": {"align": "right"},
    "lines": {"align": "center", "upper": True, "size": 12.0},
    "last": {"bold": True, "size": 13.0},
    "unit": {"align": "center", "bold": True, "upper": True},
    "grid": {"size": 8.5},
    "identity": {"size": 9.5},
    "boxes": {"size": 8.5},
    "signatures": {"align": "center", "keep": True},
    "vouch": {"size": 7.0},
    "half": {"size": 9.0},
    "closing": {"keep": True},
    "text": {"indent": 17.0},
    "clause": {"indent": 17.0},
}
