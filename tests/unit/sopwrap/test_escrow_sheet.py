from __future__ import annotations

import re
import secrets
from datetime import date
from io import BytesIO

from pypdf import PdfReader

from sopwrap.escrow import Sheet, split
from sopwrap.papers.escrow_sheet import page, pdf
from tests.unit.sopwrap import cases

HOLDER = {"name": "Rina Contoh", "nip": "199002022015042002", "post": "Pranata Komputer"}


def test_a_sheet_says_whose_share_it_is_and_gives_its_words_in_order() -> None:
    words = split("kunci", 2, 3)[1]
    text = page(Sheet("external.key", ("external",), HOLDER, 2, 3, 2, words), cases.OFFICE, date(2026, 5, 8))
    assert all(one in text for one in ("Rina Contoh", "2 dari 3", "external.key", "8 Mei 2026", "RAHASIA"))
    printed = re.findall(r"<small>(\d+)</small> (\w+)</td>", text)
    assert [word for _, word in printed] == words.split()
    assert [int(number) for number, _ in printed] == list(range(1, len(words.split()) + 1))


def test_a_sheet_is_one_page_even_for_a_long_key() -> None:
    words = split(secrets.token_urlsafe(48), 2, 3)[0]
    sheet = Sheet("external.key", ("external", "arsip"), HOLDER, 1, 3, 2, words)
    assert len(PdfReader(BytesIO(pdf(sheet, cases.OFFICE, date(2026, 5, 8)))).pages) == 1
