"""Empty signature fields in a PDF, where the page keeps a place for a signature; part of its making, so always alike.

A place is any element whose ``id`` is a field's name; WeasyPrint tells where it came to lie.
"""

from __future__ import annotations

from typing import Any

PREFIX = "ttd_"
PX = 0.75
"""Points in a CSS pixel."""

PRINTED = 4
"""The flag of an annotation that is on the printed page too (PDF 32000-1, 12.5.3)."""


SIGNED_BY_APPENDING = 3
"""There are signature fields, and whoever signs has to append to the file (PDF 32000-1, 12.7.2)."""


def field_name(number: int, person: str | None) -> str:
    """The name of a document's field by its place (from 1) and, where known, whose it is: ``ttd_1_siti``."""
    return f"{PREFIX}{number}" + (f"_{person}" if person else "")


def person_of(name: str) -> str | None:
    """Whose field it is by its name; None where the paper leaves that open."""
    return name.removeprefix(PREFIX).partition("_")[2] or None


def add_fields(document: Any, pdf: Any) -> None:
    """Add the fields of a laid-out document; called by WeasyPrint right before it writes the file."""
    import pydyf

    references = []
    for number, page in zip(pdf.pages["Kids"][::3], document.pages, strict=True):
        sheet = pdf.objects[number]
        for name, place in sorted(page.anchors.items()):
            if not name.startswith(PREFIX):
                continue
            left, top, right, bottom = place
            box = [left * PX, (page.height - bottom) * PX, right * PX, (page.height - top) * PX]
            empty = pydyf.Stream(
                extra={
                    "Type": "/XObject",
                    "Subtype": "/Form",
                    "BBox": pydyf.Array([0, 0, box[2] - box[0], box[3] - box[1]]),
                }
            )
            pdf.add_object(empty)
            field = pydyf.Dictionary(
                {
                    "Type": "/Annot",
                    "Subtype": "/Widget",
                    "FT": "/Sig",
                    "T": pydyf.String(name),
                    "Rect": pydyf.Array(box),
                    "F": PRINTED,
                    "P": sheet.reference,
                    "AP": pydyf.Dictionary({"N": empty.reference}),
                }
            )
            pdf.add_object(field)
            sheet.setdefault("Annots", pydyf.Array()).append(field.reference)
            references.append(field.reference)
    if references:
        pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array(references), "SigFlags": SIGNED_BY_APPENDING})
