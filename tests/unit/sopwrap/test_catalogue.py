from __future__ import annotations

import pytest

from sopwrap.catalogue import Meta, catalogue
from sopwrap.errors import UsageError
from sopwrap.models import parse


def test_papers_come_in_the_order_an_office_files_them() -> None:
    orders = [paper.order for paper in catalogue().values()]
    assert orders == sorted(orders)
    assert next(iter(catalogue())) == "sop"


def test_no_paper_asks_for_a_field_twice() -> None:
    for paper in catalogue().values():
        ids = [one.id for one in paper.fields]
        assert len(set(ids)) == len(ids), paper.id


def test_a_misspelt_field_of_a_paper_is_told_with_its_line() -> None:
    text = "title: A\norder: 1\nfields:\n  - {id: a, label: A, kind: txt}\n"
    with pytest.raises(UsageError, match=r"meta.yml:4: fields.0.kind"):
        parse(text, Meta, "meta.yml")
