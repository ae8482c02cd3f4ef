"""HTML to DOCX with python-docx: the same page as the PDF's, for offices that finish their papers in a word processor.

Byte for byte the same for the same case: the times inside are the case's own, those of the archive are fixed.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree.ElementTree import Element

from sopwrap.errors import UsageError
from sopwrap.office_view import Subject

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip archive can hold
FOOT_SIZE = 7.5
SVG = "{http://www.w3.org/2000/svg}"


def as_docx(html: str, subject: Subject) -> bytes:
    """Return the page as a DOCX file; raise UsageError where the libraries for it are not installed."""
    try:
        from docx import Document
        from tinyhtml5 import parse

        from sopwrap.papers.docx_flow import Flow
    except ImportError as error:
        raise UsageError(f"DOCX files need {error.name}.", "Install it: pip install 'sopwrap[docx]'.") from error
    page = parse(html, namespace_html_elements=False)
    for node in page.iter():
        node.tag = node.tag.removeprefix(SVG)
    body = page.find("body")
    document = Document()
    _properties(document, page, subject)
    Flow(document, body.get("class") or "portrait").write(body)
    for section in document.sections:
        _margins(section, body)
    file = io.BytesIO()
    document.save(file)
    return _fixed(file.getvalue())


def _properties(document: Any, page: Element, subject: Subject) -> None:
    """Title, author and times of the file, all from the case; Indonesian as the language of the text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    about = document.core_properties
    about.title = page.findtext("head/title") or ""
    about.author = about.last_modified_by = str(subject.office.get("name") or "")
    about.identifier, about.comments, about.language = subject.digest, "", "id-ID"
    about.created = about.modified = subject.changed_at.replace(tzinfo=None)
    about.revision = 1
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "id-ID")
    defaults.append(language)


def _margins(section: Any, body: Element) -> None:
    """What stands in the margins of every page: the draft's mark above, case and page number below."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Emu

    from sopwrap.papers.docx_looks import Look
    from sopwrap.papers.docx_words import set_type, write

    foot = body.find("footer")
    said = "".join(foot.itertext()).strip() if foot is not None else ""
    mark = (foot.get("data-draft") or "") if foot is not None else ""
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    write(section.header.paragraphs[0], [(mark, Look(size=9.0, bold=True))], Look(align="right"))
    below = section.footer.paragraphs[0]
    below.style = "Normal"
    small = Look(size=FOOT_SIZE)
    write(below, [(f"{said}\tHalaman ", small)], small)
    room = Emu(section.page_width - section.left_margin - section.right_margin)
    below.paragraph_format.tab_stops.add_tab_stop(room, WD_TAB_ALIGNMENT.RIGHT)
    for before, field in (("", "PAGE"), (" dari ", "NUMPAGES")):
        if before:
            set_type(below.add_run(before), small)
        _field(below, field, small)


def _field(paragraph: Any, code: str, look: Any) -> None:
    """A number the word processor counts by itself."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    from sopwrap.papers.docx_words import set_type

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    set_type(run, look)
    field.append(run._element)
    paragraph._p.append(field)


def _fixed(content: bytes) -> bytes:
    """The same archive with its members in the order of their names and one fixed time."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kept:
        names = sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            member = zipfile.ZipInfo(name, FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(member, made.read(name))
    return file.getvalue()
