"""Every paper of every SOP: what holds for all of them, asked of each in turn."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import cache
from html import unescape

import pytest

from sopwrap import documents, handovers
from sopwrap.case import Case
from sopwrap.catalogue import catalogue
from sopwrap.papers import dense, signers, stated
from sopwrap.papers.data import as_json
from sopwrap.papers.results import results
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases, restores, views

WAYS = [
    (f"{sop.id}/{procedure.id}/{operation}", way)
    for sop, procedure, operation in built.every()
    for way in [(), *[(edge.when,) for step in procedure.steps for edge in step.next if edge.when]]
]
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|was|were|not|with|failed|done|none|null|true|false|undefined|step|case|asset|error|checked|by)\b",
    re.IGNORECASE,
)


DENSE = {
    "asset_register", "backup_form", "checklist", "destruction", "drill_report", "manifest", "minutes", "notice",
    "plan", "register", "report", "request_letter", "restore_form", "restore_request", "schedule",
}  # fmt: skip
"""The papers that list all there is; each has a dense form."""


@cache
def case_of(name: str, way: tuple[str, ...]) -> Case:
    sop_id, procedure_id, operation = name.split("/")
    sop = library()[sop_id]
    return built.walked(sop, sop.procedure(procedure_id), operation, choose=way)


def papers() -> list[tuple[str, tuple[str, ...], str]]:
    """Every document every way through every procedure gives; the same page need not be asked twice."""
    found = [(name, way, document) for name, way in WAYS for document in documents.available(case_of(name, way))]
    return [one for one in found if one[2] != "sop" or not one[1]]


def seen(page: str) -> str:
    """What a reader of Bahasa Indonesia reads: no tags, no styles, nothing marked as being of another language."""
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", " ", page, flags=re.S)
    body = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', " ", body, flags=re.S)
    body = re.sub(r'<span class="mono">.*?</span>|<td[^>]*class="mono">.*?</td>', " ", body, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u200b", "").split())


@pytest.mark.parametrize(("name", "way", "document"), papers())
def test_every_paper_of_every_procedure_and_way_is_whole(name: str, way: tuple[str, ...], document: str) -> None:
    case = case_of(name, way)
    page = documents.render(case, document, "html").decode()
    assert documents.render(case, document, "html").decode() == page
    text = seen(page)
    assert not re.search(r"\b(None|Undefined|nan)\b|\{[{%]|\[\]", text), text
    assert not ENGLISH.findall(text.replace(case.sop.identity.title, "")), ENGLISH.search(text)
    if document == "sop":
        return  # in its own words, also where it says something twice
    assert not re.search(r"(\b[\w/]+ [\w/]+ [\w/]+\b)[.,;:]? \1\b", re.sub(r"[\d._:–/-]+", "", text))


def unwhole(text: str) -> list[str]:
    """What on a page shows that something was not told in words."""
    return re.findall(r"\b(?:None|Undefined|nan)\b|\{[{%]|\[\]", text) + ENGLISH.findall(text)


def large() -> list[documents.Subject]:
    """A case of every procedure, a finished one with an asset that failed first, and what is made of the office."""
    walked: list[documents.Subject] = [case_of(name, way) for name, way in WAYS if not way]
    return [*walked, cases.finished(), views.full(), views.thinned()]


@pytest.mark.parametrize("subject", large(), ids=lambda one: f"{one.id}")
def test_a_dense_paper_names_whatever_it_names_in_full_and_the_data_that_has_the_rest(
    subject: documents.Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {one.title or one.id for one in getattr(subject, "assets", ())}
    names |= {one.asset.title or one.asset.id for one in getattr(subject, "holdings", ())}
    names |= {one.title or one.asset for one in getattr(subject, "copies", ())}
    for document in documents.available(subject):
        whole = documents.render(subject, document, "html").decode()
        with monkeypatch.context() as patch:
            patch.setattr(dense, "MANY", 2)
            page = documents.render(subject, document, "html").decode()
        if 'class="grid dense"' not in page:
            assert document not in DENSE
            continue
        assert {one for one in names if one in seen(whole)} <= {one for one in names if one in seen(page)}, document
        assert f"{subject.id}.json" in page
        assert hashlib.sha256(as_json(subject)).hexdigest() in page.replace("\u200b", "")
        title = subject.sop.identity.title if isinstance(subject, Case) else ""
        assert not unwhole(seen(page).replace(title, "")), document


@pytest.mark.parametrize("document", sorted(documents.available(cases.finished())))
def test_what_did_not_go_as_it_should_comes_first_and_in_full(document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = cases.finished()
    odd = [one.asset.title for one in results(case) if one.exceptional]
    assert len(odd) == 1
    monkeypatch.setattr(dense, "MANY", 2)
    page = seen(documents.render(case, document, "html").decode())
    if "Daftar ringkas" in page:
        before, after = page.split("Daftar ringkas", 1)
        assert odd[0] in before.split("Pengecualian, selengkapnya")[1]
        assert "setelah 1 (satu) kali gagal" in before
        assert odd[0] not in after.split("Daftar ringkas memuat")[0]


@pytest.mark.parametrize(("name", "way"), [one for one in WAYS if not one[1]])
def test_everything_people_stated_in_a_paper_is_on_it(name: str, way: tuple[str, ...]) -> None:
    case = case_of(name, way)
    for document in documents.available(case):
        page = unescape(re.sub(r"<[^>]+>", "", documents.render(case, document, "html").decode()))
        for one in stated.stated(case, document):
            words = [*(one.lines or [one.text]), *(cell for row in one.cells for cell in row)]
            assert not [word for word in words if word and word not in page], (document, one.field.id)


OF_NO_CASE = {
    "full": views.full(),
    "bare": views.bare(),
    "thinned": views.thinned(),
    "handed over": views.handed_over(),
    "handed over, of an old ledger": views.handed_over(medium=dict.fromkeys(handovers.TOLD), keys={}),
}


@pytest.mark.parametrize("view", OF_NO_CASE.values(), ids=OF_NO_CASE)
def test_every_paper_of_no_case_is_whole(view: documents.Subject) -> None:
    assert documents.available(view)
    for document in documents.available(view):
        text = seen(documents.render(view, document, "html").decode())
        assert not re.search(r"\b(None|Undefined)\b|\{[{%]|\[\]", text), text
        assert not ENGLISH.findall(text)


@pytest.mark.parametrize("state", restores.every())
def test_the_minutes_of_a_restore_are_whole_whatever_became_of_it(state: str) -> None:
    view = restores.every()[state]
    (document,) = documents.available(view)
    text = seen(documents.render(view, document, "html").decode())
    assert not re.search(r"\b(None|Undefined)\b|\{[{%]|\[\]", text), text
    assert not ENGLISH.findall(text), text
    assert all(block.signatory.name and block.signatory.post for block in signers.restore_blocks(view))


def test_every_document_comes_from_some_case_or_from_the_office() -> None:
    given = {document for _, _, document in papers()}
    given |= {one for view in OF_NO_CASE.values() for one in documents.available(view)}
    given |= set(documents.available(restores.view())) | set(documents.available(cases.finished()))
    assert given == set(catalogue())


def test_every_document_a_step_lists_is_one_and_is_given_when_the_step_is_done() -> None:
    for name, way in WAYS:
        case = case_of(name, way)
        given = documents.available(case)
        for view in case.steps:
            for document in view.step.documents if view.rounds else []:
                paper = catalogue()[document]
                wanted = paper.of == "case" and case.operation in paper.operations and paper.needs != "worked"
                assert document in given or not wanted, (name, way, view.step.id, document)


@pytest.mark.parametrize(("name", "way"), WAYS)
def test_nobody_signs_a_paper_twice(name: str, way: tuple[str, ...]) -> None:
    case = case_of(name, way)
    for document in documents.available(case):
        blocks = signers.blocks(case, catalogue()[document])
        people = [(one.signatory.lane, one.signatory.name) for one in blocks]
        assert len(set(people)) == len(people), (document, people)


@pytest.mark.parametrize("name", sorted({name for name, _ in WAYS}))
def test_every_signature_has_a_post_and_a_name_when_the_case_is_done(name: str) -> None:
    case = case_of(name, ())
    for document in documents.available(case):
        for block in signers.blocks(case, catalogue()[document]):
            assert block.signatory.name, (document, block.who)
            assert block.signatory.post


@pytest.mark.parametrize("name", sorted({name for name, _ in WAYS}))
def test_the_data_of_every_procedures_case_is_the_same_twice(name: str) -> None:
    case = case_of(name, ())
    assert as_json(replace(case)) == as_json(case)


@pytest.mark.parametrize("fmt", ["pdf", "docx"])
def test_the_paper_of_a_restore_is_the_same_twice_as_those_of_a_backup_are(fmt: str) -> None:
    case = next(case_of(name, ()) for name, way in WAYS if name.endswith("/restore") and not way)
    assert documents.render(case, "restore_form", fmt) == documents.render(case, "restore_form", fmt)
