"""The symbols drawn over a worksheet's cells, which openpyxl leaves out: in most offices' workbooks the lanes hold
nothing else."""

from __future__ import annotations

import posixpath
from typing import Any
from zipfile import ZipFile

from lxml import etree

from sopwrap.imports.grid import Cell

SIGNS = {
    "flowChartDecision": "◇", "diamond": "◇", "flowChartTerminator": "●", "roundRect": "■", "ellipse": "●",
    "flowChartProcess": "■", "rect": "■", "flowChartAlternateProcess": "■", "flowChartConnector": "●",
}  # fmt: skip
"""What stands for a shape, by the name the Office Open XML standard gives it; pentagons and lines mark no lane."""


def drawn_symbols(archive: ZipFile) -> dict[str, dict[Cell, str]]:
    """Return for each sheet, by name, the cell under the middle of each drawn symbol, with its sign and its words."""
    found = {}
    for sheet, part in _sheets(archive).items():
        for drawing in _related(archive, part, "/drawing"):
            found[sheet] = _symbols(_xml(archive, drawing))
    return found


def _symbols(drawing: Any) -> dict[Cell, str]:
    """The signs of one drawing; a decision's words (Y, T) stay with it, so that its branches can be read."""
    found: dict[Cell, str] = {}
    for anchor in drawing:
        shape = next((node for node in anchor if _name(node) == "sp"), None)
        corners = {_name(node): _cell(node) for node in anchor if _name(node) in ("from", "to")}
        if shape is None or "from" not in corners:
            continue
        geometry = next((str(node.get("prst")) for node in shape.iter() if _name(node) == "prstGeom"), "")
        words = " ".join(node.text for node in shape.iter() if _name(node) == "t" and node.text)
        text = f"{SIGNS.get(geometry, '')} {words}".strip()
        first, last = corners["from"], corners.get("to", corners["from"])
        place = ((first[0] + last[0]) // 2, (first[1] + last[1]) // 2)
        if text:
            found[place] = f"{found[place]} {text}" if place in found else text
    return found


def _cell(node: Any) -> Cell:
    numbers = {_name(one): int(one.text or 0) for one in node if _name(one) in ("row", "col")}
    return numbers.get("row", 0), numbers.get("col", 0)


def _sheets(archive: ZipFile) -> dict[str, str]:
    """Sheet name → its part of the archive."""
    book = "xl/workbook.xml"
    targets = _relations(archive, book)
    found = {}
    for node in _xml(archive, book).iter():
        if _name(node) == "sheet":
            relation = next((value for key, value in node.attrib.items() if str(key).endswith("}id")), "")
            if relation in targets:
                found[str(node.get("name"))] = targets[relation][0]
    return found


def _related(archive: ZipFile, part: str, kind: str) -> list[str]:
    return [target for target, its in _relations(archive, part).values() if its.endswith(kind)]


def _relations(archive: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """A part's relations: id → (the other part's name, the kind of relation)."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.namelist():
        return {}
    return {
        str(node.get("Id")): (_absolute(folder, str(node.get("Target"))), str(node.get("Type")))
        for node in _xml(archive, path)
    }


def _absolute(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _xml(archive: ZipFile, path: str) -> Any:
    """A part as XML; entities stay unresolved, nothing is fetched."""
    return etree.fromstring(archive.read(path), etree.XMLParser(resolve_entities=False, no_network=True))


def _name(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]
