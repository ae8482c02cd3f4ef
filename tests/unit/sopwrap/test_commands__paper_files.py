from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.commands._paper_files import write
from sopwrap.errors import UsageError
from tests.unit.sopwrap import cases, views


def test_a_paper_that_is_refused_leaves_no_half_set_behind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no document nosuch"):
        write(cases.finished(), ("order", "nosuch"), ("html",), tmp_path / "papers", None)
    assert not (tmp_path / "papers").exists()


def test_the_data_is_one_file_whichever_papers_it_is_for(tmp_path: Path) -> None:
    made = write(views.full(), ("schedule", "asset_register"), ("json",), tmp_path, None)
    assert [Path(one["path"]).name for one in made] == ["kantor.json"]
