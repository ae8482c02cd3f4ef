"""How wide a text will be in Arial or Liberation Sans (same metrics), to break lines before anything is drawn.

Widths are the advance widths of the Helvetica core font in thousandths of the type size; signs not listed
count as wide ones, so that an estimate errs towards more lines, never towards text outside its cell.
"""

from __future__ import annotations

MM_PER_POINT = 25.4 / 72
GENEROUS = 1.04  # room for a fallback font that is a little wider
BOLD = 1.09
OTHER = 700
_BY_WIDTH = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[]\\ft", 333: "()-`r", 334: "{}", 355: '"', 389: "*", 469: "^",
    500: "Jckxvyzs", 556: "#$0123456789?L_abdeghnopqu", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw",
    778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@",
}  # fmt: skip
WIDTHS = {sign: width for width, signs in _BY_WIDTH.items() for sign in signs}


def text_width(text: str, points: float, *, bold: bool = False) -> float:
    """The estimated width in mm."""
    units = sum(WIDTHS.get(sign, OTHER) for sign in text)
    return units / 1000 * points * MM_PER_POINT * GENEROUS * (BOLD if bold else 1)


def wrap(text: str, width: float, points: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than ``width`` mm; a word that is wider alone is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}".strip()
        if text_width(joined, points, bold=bold) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, width, points, bold=bold)
        lines += full
    return [*lines, line] if line else lines


def _cut(word: str, width: float, points: float, *, bold: bool) -> list[str]:
    """A word in pieces that fit, cut after a slash or hyphen where there is one, else anywhere."""
    pieces, piece = [], ""
    for sign in word:
        if piece and text_width(piece + sign, points, bold=bold) > width:
            at = max(piece.rfind("/"), piece.rfind("-")) + 1 or len(piece)
            pieces.append(piece[:at])
            piece = piece[at:]
        piece += sign
    return [*pieces, piece]
