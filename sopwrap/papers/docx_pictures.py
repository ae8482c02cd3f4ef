"""A drawing as a picture for files that cannot hold the drawing itself; the same drawing gives the same bytes."""

from __future__ import annotations

import io
import re
from functools import lru_cache

RESOLUTION = 200  # dots per inch: fine type of 6 points stays readable on paper
UNSTATED = 30.0  # mm, the square a drawing without a size in mm gets
SIZE = re.compile(r'\b(width|height)="([\d.]+)(mm)?"')


@lru_cache(maxsize=16)
def as_png(svg: str) -> tuple[bytes, float]:
    """Given an SVG with its size in mm, return a PNG and its width in mm."""
    import pypdfium2

    from sopwrap.papers.pdf import bare_pdf

    opening = svg[: svg.index(">")]
    size = {name: float(value) for name, value, unit in SIZE.findall(opening) if unit} or {
        "width": 30.0,
        "height": 30.0,
    }
    page = (
        f"<style>@page {{ size: {size['width']}mm {size['height']}mm; margin: 0 }} "
        f"body {{ margin: 0 }} svg {{ display: block }}</style>{svg}"
    )
    opened = pypdfium2.PdfDocument(bare_pdf(page))
    try:
        picture = opened[0].render(scale=RESOLUTION / 72).to_pil().convert("L").quantize(16)
    finally:
        opened.close()
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue(), size["width"]
