"""Template filters: escaping, foreign words in italics, line-breakable hashes, boxes only a person's hand fills."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# Words of other languages that the SOPs and these papers use; printed in italics as the spelling rules ask.
FOREIGN = re.compile(
    r"\b(back[ -]?ups?|restore|servers?|web(?:site|server)?s?|databases?|files?|hash|hard ?dis[ck]|hardisk|flash ?disk|"
    r"routers?|switch|firewall|software|hardware|online|offline|update|upload|download|log|e-mail|operating system|"
    r"disaster recovery|cloud|storage|point|repository)\b",
    re.IGNORECASE,
)
TICK = Markup(
    '<svg class="box" viewBox="0 0 10 10" role="img" aria-label="dicentang">'
    '<rect x=".6" y=".6" width="8.8" height="8.8" fill="none" stroke="#000" stroke-width=".9"/>'
    '<path d="M2 5.2 4.3 7.6 8.2 2.4" fill="none" stroke="#000" stroke-width="1.3"/></svg>'
)
EMPTY = Markup(
    '<svg class="box" viewBox="0 0 10 10" role="img" aria-label="kosong">'
    '<rect x=".6" y=".6" width="8.8" height="8.8" fill="none" stroke="#000" stroke-width=".9"/></svg>'
)


def foreign(text: str | None) -> Markup:
    """The text escaped, with foreign words in ``<i>``.

    Before each stands a zero-width space: WeasyPrint otherwise breaks the line a word too early when the first
    word of an inline element does not fit.
    """
    marked = FOREIGN.sub(r'<i lang="en">\1</i>', str(escape(text or "")))
    return Markup(marked.replace(" <i lang", " \u200b<i lang"))


def spans(text: str) -> list[tuple[str, bool]]:
    """The text cut into pieces, each with whether it is foreign (for what is drawn instead of written as HTML)."""
    pieces, at = [], 0
    for match in FOREIGN.finditer(text):
        pieces += [(text[at : match.start()], False), (match.group(), True)]
        at = match.end()
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def box(ticked: bool) -> Markup:
    """A tick box; ``ticked`` may only ever come from what a person entered."""
    return TICK if ticked else EMPTY


def mark(ticked: bool) -> str:
    """A tick box as one sign, for a table of many; what holds for ``box`` holds for it."""
    return "☑" if ticked else "☐"


def english(text: str) -> Markup:
    """A program's own words, marked as being of another language."""
    return Markup('<i lang="en">{}</i>').format(text)


def dots(text: object, width: int = 24) -> Markup:
    """The text, or a dotted line to write on where there is none."""
    return escape(text) if text else Markup('<span class="dots">{}</span>').format("." * width)


def short(digest: str | None, length: int = 12) -> str:
    """The first digits of a digest, as the papers cite it."""
    return digest[:length] if digest else "–"


def css_string(text: str) -> Markup:
    """The text as a CSS string: every sign but letters, digits and a few others is written as its code point."""
    safe = "".join(sign if re.match(r"[A-Za-z0-9 .,:/()·-]", sign) else f"\\{ord(sign):06x}" for sign in text)
    return Markup('"{}"').format(Markup(safe))
