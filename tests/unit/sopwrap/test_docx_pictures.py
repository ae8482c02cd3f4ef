from __future__ import annotations

import io

from PIL import Image

from sopwrap.papers.docx_pictures import RESOLUTION, as_png

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="50.8mm" height="25.4mm"><rect width="99" height="50"/></svg>'


def test_a_drawing_keeps_its_size_and_is_black_where_it_is() -> None:
    picture, width = as_png(DRAWING)
    image = Image.open(io.BytesIO(picture))
    assert (width, image.size) == (50.8, (2 * RESOLUTION, RESOLUTION))
    assert image.convert("L").getpixel((20, 20)) == 0
    assert image.convert("L").getpixel((2 * RESOLUTION - 5, RESOLUTION - 5)) == 255


def test_the_same_drawing_gives_the_same_bytes() -> None:
    first = as_png(DRAWING)
    as_png.cache_clear()
    assert as_png(DRAWING) == first
