from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sopwrap.catalogue import catalogue
from sopwrap.errors import UsageError
from sopwrap.flow import way_on
from sopwrap.imports.build import Draft, build
from sopwrap.imports.grid import grid
from sopwrap.imports.readers import read_tables
from sopwrap.imports.steps import Question
from sopwrap.imports.write import as_sop, as_yaml
from sopwrap.lint import lint_text
from sopwrap.lint_types import Known
from sopwrap.sop import Procedure, Sop, Step
from sopwrap.sop_table import printed
from sopwrap.terminal_chart import draw
from tests.unit.sopwrap.corpus import EXPECTED, table_of

NAMES = list(EXPECTED)
KNOWN = Known(frozenset(), frozenset(catalogue()), frozenset())


def imported(name: str, folder: Path) -> tuple[Draft, Sop]:
    """One table of the corpus, with every question left open."""
    draft = build(read_tables(table_of(name, folder)), name, lambda question: "")
    return draft, as_sop(draft)


def as_told(sop: Sop, procedure: Procedure, step: Step) -> dict[str, Any]:
    """A step in the words of expected.json."""
    return {
        "number": step.number,
        "text": step.text,
        "lanes": [sop.actor(actor).label for actor in step.actors],
        "seconds": None if step.time is None else int(step.time.total_seconds()),
        "time": step.time_text or "",
        "kind": step.kind,
        "next": [procedure.step(edge.to).number for edge in step.next],
        "labels": step.choices,
        "requirements": step.requirements or [""],
        "output": step.outputs or [""],
    }


def test_twenty_offices_are_there_in_three_kinds_of_file() -> None:
    assert len(NAMES) == 20
    assert {".csv", ".yml"} == {Path(name).suffix for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_table_says_the_same_after_it_is_imported(name: str, tmp_path: Path) -> None:
    _, sop = imported(name, tmp_path)
    assert len(sop.procedures) == len(EXPECTED[name]["procedures"])
    for procedure, wanted in zip(sop.procedures, EXPECTED[name]["procedures"], strict=True):
        assert procedure.operations == wanted["operations"]
        assert procedure.title == wanted.get("title", procedure.title)
        for step, row in zip(printed(procedure), wanted["rows"], strict=True):
            told = as_told(sop, procedure, step)
            assert {key: told[key] for key in row} == row
        for merged in [wanted["merged"]] if "merged" in wanted else []:
            (found,) = procedure.merged_times
            assert [procedure.step(one).number for one in found.steps] == merged["rows"]
            assert found.time.total_seconds() == merged["seconds"]


@pytest.mark.parametrize("name", [name for name in NAMES if "identity" in EXPECTED[name]])
def test_the_identity_block_is_read_where_there_is_one(name: str, tmp_path: Path) -> None:
    _, sop = imported(name, tmp_path)
    one, sections = sop.identity, sop.sections
    told = {
        **one.model_dump(mode="json"),
        **one.model_dump(mode="json")["dates"],
        "layout": sop.layout,
        "nip": one.approvers[0].nip if one.approvers else None,
        **{key: len(getattr(sections, key)) for key in ("legal_basis", "equipment", "qualifications")},
    }
    assert {key: told[key] for key in EXPECTED[name]["identity"]} == EXPECTED[name]["identity"]


@pytest.mark.parametrize("name", NAMES)
def test_the_file_written_reads_back_and_lints_as_expected(name: str, tmp_path: Path) -> None:
    draft, _ = imported(name, tmp_path)
    text = as_yaml(draft)
    assert text.count("# ? ") == draft.doubts
    found = lint_text(text, "sop.yml", KNOWN)
    counts = {rule: sum(one.rule == rule for one in found) for rule in sorted({one.rule for one in found})}
    assert counts == EXPECTED[name]["lint"]
    assert not [one for one in found if one.level == "error"]


@pytest.mark.parametrize("name", NAMES)
def test_its_procedures_can_be_walked_from_start_to_end_by_the_engines_rules(name: str, tmp_path: Path) -> None:
    _, sop = imported(name, tmp_path)
    for procedure in sop.procedures:
        reached, waiting, ended = set(), [procedure.first], False
        while waiting:
            step = waiting.pop()
            if step.id in reached:
                continue
            reached.add(step.id)
            ways = [way_on(step, choice) for choice in step.choices or [None]]
            ended = ended or ways == [None]
            waiting += [procedure.step(edge.to) for edge in ways if edge]
        assert ended
        assert reached == {step.id for step in procedure.steps if step.kind != "gap"}


@pytest.mark.parametrize("name", NAMES)
def test_its_procedures_are_drawn_in_the_terminal(name: str, tmp_path: Path) -> None:
    _, sop = imported(name, tmp_path)
    for procedure in sop.procedures:
        for width in (50, 100, 160):
            assert max(map(len, draw(sop, procedure, width))) <= width


HEAD = [["No", "Kegiatan", "Pelaksana", "", "Waktu", "Keterangan"], ["", "", "Kepala", "Staf", "", ""]]


def small(*rows: list[str], ask: Any = lambda question: "") -> Draft:
    return build([grid([*HEAD, *rows])], "kecil.csv", ask)


def test_a_file_without_a_procedure_is_refused_with_what_it_needs() -> None:
    with pytest.raises(UsageError, match=r"kecil.csv: no procedure's table was found"):
        build([grid([["Nama", "Alamat"], ["A", "B"]])], "kecil.csv", lambda question: "")


def test_where_a_no_leads_is_asked_and_the_answer_taken() -> None:
    asked: list[Question] = []

    def ask(question: Question) -> str:
        asked.append(question)
        return "1"

    draft = small(
        ["1", "Bekerja", "", "x", "", ""],
        ["2", "Memeriksa, jika tidak sesuai dikembalikan", "x", "", "", ""],
        ["3", "Menyimpan", "", "x", "", ""],
        ask=ask,
    )
    assert "Where does “tidak sesuai” lead?" in [one.text for one in asked]
    step = as_sop(draft).procedures[0].step("l2")
    assert {edge.when: edge.to for edge in step.next} == {"sesuai": "l3", "tidak sesuai": "l1"}


def test_what_nobody_answers_is_left_open_and_marked() -> None:
    draft = small(
        ["1", "Memeriksa, jika tidak sesuai dikembalikan", "x", "", "", ""], ["2", "Menyimpan", "", "x", "", ""]
    )
    step = as_sop(draft).procedures[0].step("l1")
    assert [edge.to for edge in step.next] == ["l2"]
    assert any("where “tidak sesuai” leads is not printed" in note for note in draft.steps["backup", "l1"])


def test_a_row_without_a_mark_is_nobodys_until_somebody_says_whose() -> None:
    rows = (["1", "Bekerja", "", "", "", ""], ["2", "Menyimpan", "", "x", "", ""])
    assert as_sop(small(*rows)).procedures[0].step("l1").actors == []
    told = as_sop(small(*rows, ask=lambda question: "Staf")).procedures[0].step("l1")
    assert (told.actors, told.provenance.lane) == (["staf"], "inferred")


def test_a_row_whose_words_name_a_lane_is_that_lanes_by_inference() -> None:
    step = (
        as_sop(small(["1", "Staf menyalin data", "", "", "", ""], ["2", "Simpan", "x", "", "", ""]))
        .procedures[0]
        .step("l1")
    )
    assert (step.actors, step.provenance.lane) == (["staf"], "inferred")


def test_a_refusal_that_ends_the_case_gets_an_end_without_a_row() -> None:
    draft = small(
        ["1", "Memeriksa, jika disetujui dilanjutkan, jika ditolak permohonan selesai", "x", "", "", ""],
        ["2", "Menyimpan", "", "x", "", ""],
    )
    procedure = as_sop(draft).procedures[0]
    assert (procedure.step("ditolak").kind, procedure.step("ditolak").number) == ("end", None)
    assert {edge.when: edge.to for edge in procedure.step("l1").next} == {"disetujui": "l2", "ditolak": "ditolak"}


def test_a_way_to_a_row_that_is_not_there_is_marked_not_made() -> None:
    draft = small(["1", "Cek", "x", "", "", "Jika tidak, kembali ke 9"], ["2", "Simpan", "", "x", "", ""])
    assert [edge.to for edge in as_sop(draft).procedures[0].step("l1").next] == ["l2"]
    assert any("row 9, which is not in the table" in note for note in draft.steps["backup", "l1"])


def test_remarks_are_kept_as_remarks() -> None:
    draft = small(["1", "Bekerja", "x", "", "", "Menyesuaikan"], ["2", "Simpan", "", "x", "", ""])
    assert as_sop(draft).procedures[0].step("l1").remarks == ["Menyesuaikan"]


def test_a_row_that_waits_is_marked_as_perhaps_a_wait() -> None:
    draft = small(["1", "Menunggu media tersedia", "x", "", "", ""], ["2", "Simpan", "", "x", "", ""])
    assert any("its kind is `wait`" in note for note in draft.steps["backup", "l1"])


def test_nothing_is_said_to_be_the_machines() -> None:
    draft = small(["1", "Melakukan backup", "x", "", "", ""], ["2", "Simpan", "", "x", "", ""])
    assert {step.mode for step in as_sop(draft).procedures[0].steps} == {"human"}
