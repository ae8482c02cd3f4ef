"""Joins the parts of a long paper into one PDF with its tags, fields and bookmarks, and prints the margins on.

How many pages there are is known only when all are laid out, so what stands in the margins comes last: as an
artifact, which somebody who has the paper read to him does not hear on every page.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pikepdf import Name, ObjectStreamMode, OutlineItem, Page, Pdf

Bookmark = tuple[str, tuple[int, float, float], Sequence[Any], str]
"""What WeasyPrint tells of a heading: label, place (page from 0, and points), those below it, whether it is open."""


def join(parts: Sequence[bytes], margins: bytes, bookmarks: Sequence[Bookmark]) -> bytes:
    """Return the pages of all parts as one file, which has the metadata and attachments of the first.

    ``margins`` has as many pages as the parts together, empty but for what is printed in the margins.
    """
    whole = Pdf.open(io.BytesIO(parts[0]))
    others = [Pdf.open(io.BytesIO(part)) for part in parts[1:]]
    for other in others:
        _append(whole, other)
    above = Pdf.open(io.BytesIO(margins))
    for number, (page, margin) in enumerate(zip(whole.pages, above.pages, strict=True), 1):
        _print(whole, page, margin, Name(f"/Margin{number}"))
    with whole.open_outline() as outline:
        outline.root[:] = [_item(one) for one in bookmarks]
    file = io.BytesIO()
    whole.save(file, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True, fix_metadata_version=False)
    return file.getvalue()


def _append(whole: Pdf, other: Pdf) -> None:
    """Put a part's pages behind those there are; its tags and fields refer to these pages, so they come after them."""
    tags, more = whole.Root.StructTreeRoot, other.Root.StructTreeRoot
    numbers = tags.ParentTree.Nums
    following = int(numbers[len(numbers) - 2]) + 1
    for page in other.pages:
        page.obj.StructParents = int(page.obj.StructParents) + following
    whole.add_pages_from(other)
    copied = whole.copy_foreign(more)
    for position, value in enumerate(copied.ParentTree.Nums):
        numbers.append(value if position % 2 else int(value) + following)
    (document,), (copied_document,) = tags.K, copied.K
    for element in copied_document.K:
        element.P = document
        document.K.append(element)


def _print(whole: Pdf, page: Page, margin: Page, name: Name) -> None:
    """Print a margin's page over a page of the paper, as an artifact (PDF 32000-1, 14.8.2.2)."""
    printed = whole.copy_foreign(margin.as_form_xobject())
    page.add_resource(printed, Name.XObject, name)
    page.contents_add(b"q", prepend=True)
    page.contents_add(f"Q\n/Artifact BMC\nq {name} Do Q\nEMC".encode())


def _item(bookmark: Bookmark) -> OutlineItem:
    label, (page, left, top), below, _ = bookmark
    item = OutlineItem(label, page, "XYZ", left=left, top=top)
    item.children.extend(_item(one) for one in below)
    return item
