from __future__ import annotations

import pytest

from sopwrap.papers.dense import MANY, Column, parts, table

COLUMNS: dict[str, Column[int]] = {
    "square": Column("Kuadrat", 30, lambda one: str(one * one), "r"),
    "kind": Column("Jenis", 20, lambda one: "bilangan"),
    "odd": Column("Ganjil", 10, lambda one: "ya" if one % 2 else ""),
    "sign": Column("Paraf", 20, lambda one: " ", stays=True),
    "message": Column("Pesan", 40, lambda one: "", quiet=True),
    "nothing": Column("Keterangan", 40, lambda one: ""),
}


def test_a_paper_prints_in_full_what_is_less_than_many() -> None:
    entries = list(range(MANY - 1))
    found = parts(entries, entries[:5])
    assert found.full == tuple(enumerate(entries, 1))
    assert not found.lists
    assert found.in_full


def test_of_many_the_exceptions_are_printed_in_full_and_the_rest_is_listed_each_under_its_number() -> None:
    entries = [1000 + one for one in range(MANY)]
    found = parts(entries, [entries[7], entries[3]])
    assert found.full == ((4, entries[3]), (8, entries[7]))
    ((heading, listed),) = found.lists
    assert heading == "Daftar ringkas"
    assert [number for number, _ in listed] == [one for one in range(1, MANY + 1) if one not in (4, 8)]


def test_exceptions_that_are_many_themselves_are_listed_before_the_rest() -> None:
    entries = [1000 + one for one in range(MANY + 3)]
    found = parts(entries, entries[:MANY])
    assert not found.in_full
    assert [(heading, len(listed)) for heading, listed in found.lists] == [
        ("Daftar ringkas pengecualian", MANY),
        ("Daftar ringkas", 3),
    ]


def test_an_empty_paper_keeps_its_empty_table() -> None:
    assert parts([]).in_full


def test_what_is_the_same_of_all_is_said_once_and_every_line_has_its_number() -> None:
    found = table([(7, 2), (9, 3)], COLUMNS, ["square", "kind", "odd", "sign", "message", "nothing"])
    assert found.common == (("Jenis", "bilangan"), ("Keterangan", "–"))
    assert found.heads == ("No", "Kuadrat", "Ganjil", "Paraf")
    assert found.rows == (
        (("c", "7"), ("r", "4"), ("", "–"), ("", " ")),
        (("c", "9"), ("r", "9"), ("", "ya"), ("", " ")),
    )
    assert sum(found.widths) == pytest.approx(100, abs=0.1)


def test_lines_stand_together_five_at_a_time() -> None:
    found = table([(one, one) for one in range(12)], COLUMNS, ["square"])
    assert [len(group) for group in found.groups()] == [5, 5, 2]
