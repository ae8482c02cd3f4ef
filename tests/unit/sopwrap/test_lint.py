from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sopwrap.catalogue import catalogue
from sopwrap.errors import UsageError
from sopwrap.lint import Finding, lint_file, lint_text
from sopwrap.lint_rules import RULES
from sopwrap.lint_texts import laws
from sopwrap.lint_types import Known
from sopwrap.lookups import LOOKUPS
from sopwrap.sop import sources
from sopwrap.workspace import resources

ACTIONS = frozenset(path.stem for path in resources().playbooks.glob("*.yml"))
KNOWN = Known(ACTIONS, frozenset(catalogue()), frozenset(LOOKUPS))


def sop_text(steps: list[dict[str, Any]], **changes: Any) -> str:
    """The file of a small SOP that lints clean, but for what the test changes."""
    whole = {"kind": "process", "actors": ["staf"], "time": "PT1H", "outputs": ["Catatan"]}
    rows = [{"number": index, "text": f"Langkah {index}", **whole, **step} for index, step in enumerate(steps, 1)]
    data = {
        "format": "sopwrap.sop/1",
        "id": "contoh",
        "layout": "sop_ap",
        "timezone": "Asia/Jakarta",
        "identity": {
            "letterhead": ["KANTOR"],
            "number": "1",
            "title": "Contoh",
            "dates": {"created": "2024-01-01"},
            "approvers": [{"role": "disahkan", "post": "Kepala"}],
        },
        "quality_columns": ["time", "output"],
        "actors": [{"id": "staf", "label": "Staf"}],
        "procedures": [
            {
                "id": "backup",
                "title": "Backup",
                "lanes": ["staf"],
                "trigger": {"kind": "order"},
                "operations": ["backup"],
                "steps": rows,
            }
        ],
        **changes,
    }
    return yaml.safe_dump(data, sort_keys=False)


TWO: list[dict[str, Any]] = [{"id": "l1", "next": [{"to": "l2"}]}, {"id": "l2", "kind": "end"}]


def findings(steps: list[dict[str, Any]], known: Known = KNOWN, **changes: Any) -> list[Finding]:
    return lint_text(sop_text(steps, **changes), "sop.yml", known)


def test_an_sop_without_oddities_has_no_finding() -> None:
    assert findings(TWO) == []


LOOP = {"id": "l1", "kind": "decision", "next": [{"to": "l2", "when": "ya"}, {"to": "l1", "when": "tidak"}]}


@pytest.mark.parametrize(
    ("rule", "level", "steps"),
    [
        ("unreachable-step", "error", [*TWO, {"id": "l3", "kind": "end"}]),
        ("loop-without-limit", "warning", [LOOP, TWO[1]]),
        ("check-without-no", "warning", [{**TWO[0], "text": "Memeriksa berkas"}, TWO[1]]),
        ("check-without-no", "warning", [{**TWO[0], "kind": "decision"}, TWO[1]]),
        ("no-lane", "error", [{**TWO[0], "actors": []}, TWO[1]]),
        ("missing-time", "warning", [{**TWO[0], "time": None}, TWO[1]]),
        ("missing-time", "warning", [{**TWO[0], "time": None, "time_text": "segera"}, TWO[1]]),
        ("missing-output", "warning", [{**TWO[0], "outputs": ["-"]}, TWO[1]]),
        ("ambiguous-row", "warning", [{**TWO[0], "provenance": {"lane": "ambiguous"}}, TWO[1]]),
        ("number-skips", "warning", [TWO[0], {**TWO[1], "number": 4}]),
        ("actor-in-text", "warning", [{**TWO[0], "text": "Staf menyalin data"}, TWO[1]]),
        ("unknown-actor", "warning", [{**TWO[0], "text": "Menyerahkan kepada Kepala Bagian"}, TWO[1]]),
        ("unknown-name", "error", [{**TWO[0], "actions": ["terbang"]}, TWO[1]]),
        ("unknown-name", "error", [{**TWO[0], "documents": ["puisi"]}, TWO[1]]),
        ("unknown-name", "error", [{**TWO[0], "lookups": ["ramalan"]}, TWO[1]]),
    ],
)
def test_each_rule_finds_what_it_is_for(rule: str, level: str, steps: list[dict[str, Any]]) -> None:
    (found,) = findings(steps)
    assert (found.rule, found.level) == (rule, level)
    assert found.text[-1] in ".?"


def test_a_lane_without_a_step_and_one_nobody_is_bound_to_are_found() -> None:
    actors = [{"id": "staf", "label": "Staf"}, {"id": "ketua", "label": "Ketua"}]
    text = sop_text(TWO, actors=actors).replace("  - staf\n  trigger", "  - staf\n  - ketua\n  trigger")
    assert [one.rule for one in lint_text(text, "sop.yml", KNOWN)] == ["empty-lane"]
    office = Known(ACTIONS, KNOWN.documents, KNOWN.lookups, {"contoh": frozenset()})
    assert [one.rule for one in findings(TWO, office)] == ["nobody-bound"]
    assert findings(TWO, Known(ACTIONS, KNOWN.documents, KNOWN.lookups, {"contoh": frozenset({"staf"})})) == []


def test_blank_fields_of_the_identity_are_found_one_by_one() -> None:
    found = findings(TWO, identity={"letterhead": [], "title": "Contoh"})
    assert [one.rule for one in found] == ["blank-identity"] * 4


@pytest.mark.parametrize(
    ("law", "found"),
    [
        ("Peraturan Pemerintah Nomor 82 Tahun 2012 tentang PSTE", ["repealed-law"]),
        ("PP No. 82/2012", ["repealed-law"]),
        ("Peraturan Pemerintah Nomor 71 Tahun 2019 tentang PSTE", []),
        ("Undang-Undang Nomor 12 Tahun 2011", ["repealed-law"]),
    ],
)
def test_a_law_that_no_longer_stands_is_found(law: str, found: list[str]) -> None:
    assert [one.rule for one in findings(TWO, sections={"legal_basis": [{"text": law}]})] == found


def test_a_law_whose_change_is_cited_too_is_in_order() -> None:
    laws = [{"text": "Undang-Undang Nomor 12 Tahun 2011"}, {"text": "Undang-Undang Nomor 13 Tahun 2022"}]
    assert findings(TWO, sections={"legal_basis": laws}) == []


def test_a_finding_stands_at_its_line() -> None:
    text = sop_text([{**TWO[0], "text": "Memeriksa berkas"}, TWO[1]])
    (found,) = lint_text(text, "sop.yml", KNOWN)
    assert "Memeriksa" in text.splitlines()[found.line - 1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("number: '1'", "no: 1"), "`no` is not text to YAML"),
        (lambda text: text.replace("    - staf\n", "    - hantu\n", 1), "hantu"),
        (lambda text: text.replace("to: l2", "to: l1"), "can never end"),
        (lambda text: text.replace("to: l2", "to: l9"), "l9"),
        (lambda text: text.replace("time: PT1H", "time: sebentar", 1), "time"),
        (lambda text: "a: [", "not YAML"),
        (lambda text: "", "expected a mapping"),
    ],
)
def test_a_file_that_is_no_sop_is_one_finding_with_its_line(change: Any, says: str) -> None:
    (found,) = lint_text(change(sop_text(TWO)), "sop.yml", KNOWN)
    assert (found.rule, found.level) == ("schema", "error")
    assert says in found.text
    assert found.line >= 1
    assert "\n" not in found.text


def test_a_name_of_eighty_letters_sixty_rows_and_odd_signs_are_in_order() -> None:
    rows = [{"id": f"l{n}", "next": [{"to": f"l{n + 1}"}]} for n in range(1, 60)] + [{"id": "l60", "kind": "end"}]
    actors = [{"id": "staf", "label": "Ünïcøde “" + "x" * 80 + "” <&>\t"}]
    assert findings(rows, actors=actors) == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_every_shipped_sop_lints_without_errors(path: Path) -> None:
    assert not [one for one in lint_file(path, KNOWN) if one.level == "error"]


def test_a_file_that_cannot_be_read_is_told() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        lint_file(Path("gibtsnicht.yml"), KNOWN)


def test_each_law_known_is_found_by_its_own_name_and_names_another() -> None:
    for law in laws():
        assert law["state"] in ("replaced", "changed")
        assert re.search(law["pattern"], law["name"], re.IGNORECASE)
        assert re.search(law["new"], law["by"], re.IGNORECASE)
        assert not re.search(law["pattern"], law["by"], re.IGNORECASE)


def test_every_rule_says_what_it_looks_for() -> None:
    assert all((rule.__doc__ or "").strip() for rule in RULES.values())
    assert len(RULES) == 15
