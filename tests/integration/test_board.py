"""The board in a real browser: a telephone, a desk, paper; in the light and in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from sopwrap.board.page import board
from tests.office.process import program
from tests.unit.sopwrap.test_page import example

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tools:
        running = tools.chromium.launch(executable_path=str(program("chromium")), args=list(QUIET))
        yield running
        running.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "papan.html"
    path.write_text(board(example(), "Kantor Contoh", lambda case: f"papers/{case}/"), encoding="utf-8")
    (tmp_path / "papers" / "2026-0003").mkdir(parents=True)
    return path


def opened(browser: Browser, file: Path, width: int, scheme: str = "light") -> tuple[Page, list[str]]:
    """The page, and everything the browser complained of or asked the network for."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    return page, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_width_needs_sideways_scrolling_and_the_browser_has_nothing_to_say(
    browser: Browser, file: Path, width: int, scheme: str
) -> None:
    page, said = opened(browser, file, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    assert page.evaluate(f"{outside}.map(e => e.outerHTML.slice(0, 80))") == []
    assert [one for one in said if not one.startswith("data:")] == []


def test_on_a_telephone_every_figure_has_its_heading_beside_it(browser: Browser, file: Path) -> None:
    page, _ = opened(browser, file, 360)
    heads = "getComputedStyle(document.querySelector('table.assets td'), '::before').content"
    assert page.evaluate(heads) == '"Keadaan"'
    assert page.evaluate("document.querySelector('table.assets thead').getBoundingClientRect().width") <= 1


def test_dark_is_dark_and_words_can_be_read_on_it(browser: Browser, file: Path) -> None:
    ink = "getComputedStyle(document.querySelector('h1')).color"
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    seen = {scheme: opened(browser, file, 1280, scheme)[0] for scheme in ("light", "dark")}
    assert seen["dark"].evaluate(paper) == "rgb(20, 23, 27)" and seen["dark"].evaluate(ink) == "rgb(230, 233, 237)"
    assert seen["light"].evaluate(paper) == "rgb(255, 255, 255)"


def test_a_figure_leads_to_the_folder_of_its_case(browser: Browser, file: Path) -> None:
    page, _ = opened(browser, file, 1280)
    page.get_by_role("link", name="30 B").click()
    assert page.url.endswith("/papers/2026-0003/")


def test_on_paper_all_of_it_is_there_in_black_on_white(browser: Browser, file: Path, tmp_path: Path) -> None:
    page, _ = opened(browser, file, 1280, "dark")
    page.pdf(path=str(tmp_path / "papan.pdf"), prefer_css_page_size=True)
    pages = PdfReader(tmp_path / "papan.pdf").pages
    text = "".join(one.extract_text() for one in pages)
    assert round(float(pages[0].mediabox.width)) == 842 and len(pages) <= 4
    for word in ("Kasus yang terbuka", "arsip", "Desember", "Tempat penyimpanan"):
        assert word in text
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
