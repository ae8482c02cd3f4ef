"""The SOPs as data: every row of the five papers is there, gaps are gaps, and each says how far it can be trusted."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from sopwrap.catalogue import catalogue
from sopwrap.sop import Procedure, Sop, library
from tests.contract.house import ROOT, named, python_sources
from tests.office.stories import STORIES

SOPS = library()
PROCEDURES = [(sop, procedure) for sop in SOPS.values() for procedure in sop.procedures]
LETTERS = {"extracted": "E", "re-paired": "R", "inferred": "I", "ambiguous": "A"}
PROVENANCE = {
    "bpsdm-2024/backup": "EIR III EIR EAR EIR",
    "ditjenpp-2025/backup": "EEE EIE EIE EIE EIE EAE",
    "iain-ptk-2022/backup": "EIE ERE ERE ERE EIE ERE EIE EIE EIA ERA EIE",
    "kaltim/backup-restore": "EIA EAR EAR EIR EAR",
    "majalengka/backup": "EIA EIE EIE EIE EIA EIA",
    "majalengka/restore": "EIA EIR EIR EIR EIR EIR EAR EIA EII",
}
"""Row by row how text, lane and quality (requirements, time, output) were read: E, R, I or A."""


def label(one: tuple[Sop, Procedure]) -> str:
    return f"{one[0].id}/{one[1].id}"


def test_five_sops_have_six_procedures_and_forty_two_rows() -> None:
    """Forty printed rows with a text, one number the paper skips, and one end that it draws without a row."""
    rows = [step for _, procedure in PROCEDURES for step in procedure.steps]
    assert (len(SOPS), len(PROCEDURES), len(rows)) == (5, 6, 42)
    assert len([step for step in rows if step.number is not None and step.text]) == 40
    assert [step.number for step in rows if step.kind == "gap"] == [2]
    assert [step.text for step in rows if step.number is None] == ["permintaan ditolak"]


@pytest.mark.parametrize("one", PROCEDURES, ids=label)
def test_every_row_says_how_it_was_read_from_the_paper(one: tuple[Sop, Procedure]) -> None:
    told = " ".join(
        "".join(LETTERS[part] for part in (step.provenance.text, step.provenance.lane, step.provenance.quality))
        for step in one[1].steps
    )
    assert told == PROVENANCE[label(one)]


def test_what_the_papers_leave_blank_is_blank() -> None:
    assert {sop.id for sop in SOPS.values() if sop.identity.number is None} == {"majalengka", "kaltim"}
    assert {sop.id for sop in SOPS.values() if not sop.identity.letterhead} == {"majalengka", "kaltim"}
    assert {sop.id for sop in SOPS.values() if not sop.identity.approvers} == {"majalengka", "kaltim", "iain-ptk-2022"}
    assert SOPS["ditjenpp-2025"].identity.approvers[0].nip is None
    assert SOPS["bpsdm-2024"].identity.dates.effective is None
    assert SOPS["kaltim"].procedures[0].step("l1").time is None
    used = {lane for step in SOPS["ditjenpp-2025"].procedures[0].steps for lane in step.actors}
    assert set(SOPS["ditjenpp-2025"].procedures[0].lanes) - used == {"unit", "direktur", "pusdatin"}


def test_the_repealed_regulation_stays_on_the_paper_and_is_known_to_be_replaced() -> None:
    cited = [one for sop in SOPS.values() for one in (*sop.sections.legal_basis, *sop.sections.references)]
    old = [one for one in cited if "Nomor 82 Tahun 2012" in one.text]
    assert len(old) == 2
    assert all("Nomor 71 Tahun 2019" in (one.replaced_by or "") for one in old)


@pytest.mark.parametrize("one", PROCEDURES, ids=label)
def test_what_a_step_asks_for_exists(one: tuple[Sop, Procedure]) -> None:
    playbooks = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    for operation in one[1].operations:
        for step in one[1].for_operation(operation).steps:
            assert set(step.actions) <= playbooks, step.id
            assert set(step.documents) <= set(catalogue()), step.id
    used = {part.removeprefix("title.") for part in one[0].labels if part.startswith("title.")}
    assert used <= set(catalogue())


def test_the_schema_for_editors_is_the_models_own() -> None:
    page = ROOT / "docs" / "reference" / "sop.schema.json"
    assert json.loads(page.read_text(encoding="utf-8")) == Sop.model_json_schema(), (
        "run `sopwrap sop schema > docs/reference/sop.schema.json`"
    )


@pytest.mark.parametrize("path", sorted((ROOT / "sopwrap" / "sops").glob("*.yml")), ids=lambda path: path.stem)
def test_an_sop_is_in_a_file_of_its_name_and_editors_find_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert path.stem in SOPS
    assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve().is_file()


@pytest.mark.parametrize("path", python_sources(), ids=named(python_sources()))
def test_no_code_names_an_sop(path: Path) -> None:
    """What differs between offices is data; an id in a help text (an example) is a docstring, not code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {node.value.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and _text(node.value)}
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for word in words - texts:
        assert not [name for name in SOPS if name in word.casefold()], word


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def branches(procedure: Procedure) -> set[tuple[str, str]]:
    return {(step.id, edge.when) for step in procedure.steps for edge in step.next if edge.when}


@pytest.mark.parametrize("one", PROCEDURES, ids=label)
def test_every_branch_and_operation_is_carried_out_by_a_story(one: tuple[Sop, Procedure]) -> None:
    told = [story for story in STORIES.values() if story.procedure == label(one)]
    taken = {(act.step, act.choice) for story in told for act in story.acts}
    assert branches(one[1]) <= taken
    assert set(one[1].operations) <= {story.operation for story in told}
