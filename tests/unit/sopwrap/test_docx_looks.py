from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import sopwrap
from sopwrap.papers.docx_looks import CLASSES, Look

STYLES = Path(sopwrap.__file__).parent / "templates"


def test_a_class_and_a_language_change_the_look_of_what_is_inside() -> None:
    inside = Look().within(Element("i", {"class": "small", "lang": "en"}))
    assert (inside.italic, inside.size, inside.foreign) == (True, 8.0, True)
    assert Look(size=9.0).within(Element("div")) == Look(size=9.0)


def test_only_classes_the_papers_use_are_named() -> None:
    used = " ".join(path.read_text(encoding="utf-8") for path in STYLES.rglob("*") if path.suffix in (".css", ".j2"))
    assert [name for name in CLASSES if not re.search(rf'[.">\s]{name}\b', used)] == []
