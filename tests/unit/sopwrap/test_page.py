from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from sopwrap.board.page import board, state_of
from sopwrap.board.tongue import languages
from sopwrap.case import Asset
from sopwrap.history import History
from sopwrap.next import Next
from sopwrap.overview import CaseView, Overview, overview
from tests.unit.sopwrap.pasts import NOW, ZONE, past, told
from tests.unit.sopwrap.test_overview import ASSET, MEDIA

OTHER = Asset(id="laman", kind="toy", host="srv-b", title="Laman <b>", owner="Bagian Umum", stores=["internal"])


def example() -> Overview:
    history = past([10, 20, 30], case="2026-0003", free_bytes=500, store_id="ab12")
    told(history, "copy", 0, store="external", case="2026-0003")
    told(history, "verify", 0, case="2026-0004")
    told(history, "backup", 1, "laman", outcome="failed", point=None, case="2026-0002")
    waiting = Next("2026-0005", "waiting", "l3", "Menyerahkan", ("Kepala PTID",), ("siti",), (), None, ())
    return overview([ASSET, OTHER], MEDIA, history, [CaseView(waiting, NOW - timedelta(days=2), 1)], NOW)


def link(case: str) -> str:
    return f"papers/{case}/"


def text(page: str) -> str:
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", "", page)))


@pytest.mark.parametrize("lang", languages())
def test_the_page_needs_nothing_from_elsewhere_and_is_the_same_for_the_same_overview(lang: str) -> None:
    page = board(example(), "Kantor", link, lang)
    assert page == board(example(), "Kantor", link, lang)
    assert not re.search(r"<script|src=|@import|https?://", page)
    assert f'<html lang="{lang}">' in page


def test_every_asset_stands_under_its_unit_with_its_state_sizes_and_what_3_2_1_lacks() -> None:
    seen = text(board(example(), "Kantor", link))
    assert "Bagian Umum" in seen and "Tanpa unit kerja" in seen
    assert "tepat waktu" in seen and "gagal backup of laman broke." in seen
    assert "30 B" in seen and "terpenuhi" in seen and "kurang salinan" in seen
    assert "8 Mei 2026 08.00 WIB, baru saja" in seen and "9 Mei 2026" in seen


def test_the_assets_of_a_unit_that_are_not_well_come_first() -> None:
    well, ill = (Asset(**{**OTHER.model_dump(), "id": name, "title": name}) for name in ("abc", "xyz"))
    history = History(ZONE)
    told(history, "backup", 0, "abc")
    told(history, "backup", 0, "xyz", outcome="failed", point=None)
    seen = text(board(overview([well, ill], {}, history, [], NOW), "Kantor", link))
    assert seen.index("xyz · toy") < seen.index("abc · toy")


def test_figures_lead_to_the_case_they_come_from() -> None:
    page = board(example(), "Kantor", link)
    assert '<a href="papers/2026-0003/">30 B</a>' in page, "size"
    assert '<a href="papers/2026-0004/">8 Mei 2026</a>' in page, "proof"
    assert '<a href="papers/2026-0002/">backup of laman broke.</a>' in page, "failure"
    assert re.search(r'<a class="mixed" href="papers/2026-0002/" title="[^"]+">7</a>', page), "calendar"


def test_open_cases_say_whom_they_wait_for_since_when_and_what_is_late() -> None:
    seen = text(board(example(), "Kantor", link))
    assert "2026-0005 l3 Kepala PTID siti 6 Mei 2026" in seen
    assert "1 langkah melampaui waktu baku" in seen


def test_names_cannot_become_markup() -> None:
    page = board(example(), "<script>alert(1)</script>", link)
    assert "<script>" not in page and "Laman &lt;b&gt;" in page


def test_an_office_without_anything_has_a_page_all_the_same() -> None:
    seen = text(board(overview([], {}, History(ZONE), [], NOW), "Kantor", link))
    assert "Daftar aset masih kosong." in seen and "Tidak ada kasus yang terbuka." in seen


def test_the_worst_state_that_holds_is_the_one_shown() -> None:
    history = past([10])
    [view] = overview([ASSET], MEDIA, history, [], NOW).assets
    assert state_of(view) == "ok"
    history.asset("arsip").points[-1].odd = "5 B after 10 B"
    told(history, "backup", -1, outcome="failed", point=None)
    assert state_of(view) == "odd"
    history.asset("arsip").points[-1].odd = ""
    assert state_of(view) == "failing"


def test_the_page_is_well_formed() -> None:
    class Balance(HTMLParser):
        stack: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "link", "br", "polyline", "circle"):
                self.stack.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in ("polyline", "circle"):
                assert self.stack.pop() == tag

    reader = Balance()
    reader.feed(board(example(), "Kantor", link))
    assert reader.stack == []
