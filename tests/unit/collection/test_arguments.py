"""Mistakes in one asset's entry are that asset's alone, are said plainly, and give no secret away."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.arguments import sorted_out
from ansible_collections.sopwrap.backup.plugins.module_utils.run import kind_spec

SPEC = kind_spec(
    {
        "paths": {"type": "list", "elements": "path", "required": True},
        "port": {"type": "int", "default": 22},
        "password": {"type": "str", "no_log": True},
    }
)
GOOD = {"paths": ["/srv"], "password": "sandi-1"}


def given(*sources: Any, **more: Any) -> dict[str, Any]:
    assets = [{"id": name, "stores": ["dalam"], "source": source} for name, source in zip("abc", sources, strict=False)]
    store = {"id": "dalam", "placement": "internal", "repository": "/r", "password": "sandi-2"}
    return {"verb": "backup", "host": "srv", "assets": assets, "stores": [store], **more}


def test_what_is_in_order_is_taken_as_it_is_with_its_defaults() -> None:
    found = sorted_out(SPEC, given(GOOD, GOOD))
    assert (found.mistaken, found.wrong) == ([], "")
    assert [asset["source"]["port"] for asset in found.checked["assets"]] == [22, 22]
    assert found.secrets == {"sandi-1", "sandi-2"}


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ({"path": ["/srv"]}, "there is no source.path. Supported parameters include: password, paths, port"),
        ({}, "missing required arguments: paths found in source"),
        ({"paths": ["/srv"], "port": "x"}, "argument 'port' is of type str found in 'source'"),
        ("/srv", "argument 'source' is of type str and we were unable to convert to dict"),
    ],
)
def test_a_mistake_is_its_assets_alone_and_said_in_one_clause(source: Any, complaint: str) -> None:
    found = sorted_out(SPEC, given(GOOD, source, GOOD))
    assert [asset["id"] for asset in found.checked["assets"]] == ["a", "c"]
    assert [asset["source"]["port"] for asset in found.checked["assets"]] == [22, 22]
    assert [(entry["id"], said.startswith(complaint)) for entry, said in found.mistaken] == [("b", True)]
    assert found.wrong == ""
    assert "sandi-2" in found.secrets, "the store's, which Ansible's first look does not come to"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"tujuan": "x"}, "there is no tujuan. Supported parameters include"),
        ({"assets": "a"}, "Elements value for option"),
        ({"assets": [{"stores": []}]}, "missing required arguments: id, source found in assets"),
    ],
)
def test_a_mistake_in_the_call_itself_is_nobodys(more: dict[str, Any], complaint: str) -> None:
    found = sorted_out(SPEC, given(GOOD, **more))
    assert found.mistaken == []
    assert found.wrong.startswith(complaint)
