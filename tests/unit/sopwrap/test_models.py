from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.errors import UsageError
from sopwrap.models import Model, load, parse


class Shelf(Model):
    label: str
    places: list[int] = []


def test_a_file_that_fits_becomes_the_model(tmp_path: Path) -> None:
    (tmp_path / "shelf.yml").write_text("label: rak 2\nplaces: [1, 2]\n")
    assert load(tmp_path / "shelf.yml", Shelf) == Shelf(label="rak 2", places=[1, 2])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("label: a\nplaces: [1, x]\n", r"shelf.yml:2: places.1: .*integer"),
        ("places: []\n", r"shelf.yml:1: label: is missing"),
        ("label: a\nlable: b\n", r"shelf.yml:2: lable: there is no such key"),
        ("lable: b\n", r"lable: there is no such key .*Did you mean label\?"),
        ("label: a\n  places: [1]\n", r"shelf.yml:2: not YAML"),
        ("label: a\nplaces: \x01\n", r"shelf.yml:2: not YAML: .* not allowed"),
        ("label: a\nno: 1\n", r"shelf.yml:2: the key `no` is not text to YAML. Put it in quotes"),
        ("- label\n", r"shelf.yml:1: expected a mapping"),
        ("", r"shelf.yml:1: expected a mapping"),
    ],
)
def test_what_does_not_fit_is_told_with_file_and_line(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse(text, Shelf, "shelf.yml")


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is not there.*sopwrap init"):
        load(tmp_path / "none.yml", Shelf)
    (tmp_path / "bytes.yml").write_bytes(b"label: \xff\n")
    with pytest.raises(UsageError, match="not UTF-8"):
        load(tmp_path / "bytes.yml", Shelf)


def test_an_odd_key_is_found_however_deep() -> None:
    with pytest.raises(UsageError, match=r"x:3: the key `on`"):
        parse("label: a\nplaces:\n  - on: 1\n", Shelf, "x")
