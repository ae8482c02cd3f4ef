from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_load as load
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

STORED: Any = SimpleNamespace(manifest={"parts": [{"name": "database.dump", "size_bytes": 10**18}]})


def test_the_target_says_how_many_processes_load_or_else_the_asset() -> None:
    asset = {"source": {"jobs": 2}}
    assert load.jobs(asset, {"jobs": 4}) == 4 and load.jobs(asset, {}) == 2 and load.jobs({"source": {}}, {}) == 1


@pytest.mark.parametrize("given", ["4", 0.5, -1, 65, True])
def test_what_is_no_number_of_processes_is_refused(given: Any) -> None:
    with pytest.raises(Problem, match="jobs is not a number") as caught:
        load.jobs({"source": {}}, {"jobs": given})
    assert caught.value.refused


def test_several_processes_need_room_for_the_dump_and_one_needs_none() -> None:
    with pytest.raises(Problem, match=r"1000000\.0 TB are needed in /var/tmp to load with 2 processes"):
        load.require_room(STORED, "database.dump", 2)
    load.require_room(STORED, "database.dump", 1)
