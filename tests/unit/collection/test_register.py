"""The filters choose from the register and send no more to a host than it needs."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.sopwrap.backup.plugins.filter import register
from ansible_collections.sopwrap.backup.plugins.filter.register import FilterModule

FILTERS = FilterModule().filters()
ASSETS = [
    {"id": "a", "kind": "postgresql", "owner": "Budi", "stores": ["internal"], "source": {"password": "x"}},
    {"id": "b", "kind": "files", "stores": ["internal", "external"], "source": {}},
    {"id": "c", "kind": "postgresql", "stores": ["internal"], "source": {}},
]


def test_assets_of_a_kind_come_with_what_their_module_needs() -> None:
    assert FILTERS["of_kind"](ASSETS, "postgresql") == [
        {"id": "a", "stores": ["internal"], "source": {"password": "x"}},
        {"id": "c", "stores": ["internal"], "source": {}},
    ]
    assert [asset["id"] for asset in FILTERS["of_kind"](ASSETS, "postgresql", ["c", "b"])] == ["c"]


def test_kinds_come_once_in_the_registers_order() -> None:
    assert FILTERS["kinds"](ASSETS) == ["postgresql", "files"]
    assert FILTERS["kinds"](ASSETS, ["b"]) == ["files"]
    assert FILTERS["kinds"](ASSETS, ["nothing"]) == []


def test_sources_stay_behind_where_they_are_not_needed() -> None:
    assert all("source" not in asset for asset in FILTERS["without_source"](ASSETS))


def test_only_the_stores_that_are_used_travel() -> None:
    stores = {name: {"repository": f"/srv/{name}", "password": name} for name in ("internal", "external", "other")}
    assert FILTERS["used_by"](stores, ASSETS[:1]) == [
        {"id": "internal", "repository": "/srv/internal", "password": "internal"}
    ]
    assert [store["id"] for store in FILTERS["used_by"](stores, ASSETS)] == ["internal", "external"]
    with pytest.raises(AnsibleFilterError, match="external are not in sopwrap_stores"):
        FILTERS["used_by"]({"internal": {}}, ASSETS)


@pytest.mark.parametrize("assets", [[{"kind": "files"}], [{"id": "x"}]], ids=["no id", "no kind"])
def test_an_entry_that_would_be_left_out_silently_is_an_error(assets: list[dict[str, str]]) -> None:
    with pytest.raises(AnsibleFilterError, match="no id or no kind"):
        FILTERS["kinds"](assets)


def test_a_text_in_place_of_a_list_of_ids_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match=r"write \[a\]"):
        FILTERS["kinds"](ASSETS, "a")


def test_kinds_of_the_controller_are_done_together_and_the_first_host_that_has_one_is_named() -> None:
    devices = [{"id": "k", "kind": "network_config"}]
    hostvars = {"a": {}, "b": {"sopwrap_assets": [{"id": "f", "kind": "files"}]}, "c": {"sopwrap_assets": devices}}
    assert register.together(["a", "b", "c"], hostvars) == [{"kind": "network_config", "host": "c"}]
    assert register.together(["a", "b", "c"], hostvars, ["f"]) == []


def test_hosts_that_are_done_are_not_in_the_next_play() -> None:
    hostvars = {host: {"sopwrap_outcome": {"sopwrap_settled": ["b"]}} for host in "abc"}
    assert register.unsettled(["a", "b", "c"], hostvars) == ["a", "c"]
    assert register.unsettled(["a", "b"], {"a": {}, "b": {}}) == ["a", "b"], "nothing was done together"
    assert register.unsettled(["b"], hostvars) == register.unsettled([], {}) == ["!all"]


def test_what_no_host_has_is_named() -> None:
    hostvars = {"a": {"sopwrap_assets": ASSETS}, "b": {}}
    known = [asset["id"] for asset in ASSETS]
    assert register.unregistered(["a", "b"], hostvars) == register.unregistered(["a", "b"], hostvars, known) == []
    assert register.unregistered(["a", "b"], hostvars, ["zz", known[0], "yy"]) == ["yy", "zz"]
    assert register.unregistered(["b"], hostvars) == ["any asset"]
    assert register.unregistered(["b"], hostvars, ["zz"]) == ["zz"]
    with pytest.raises(AnsibleFilterError, match=r"write \[a\]"):
        register.unregistered(["a"], hostvars, "a")  # type: ignore[arg-type]


def test_points_are_destroyed_by_their_host_or_by_the_keeper_of_the_store_with_its_own_credentials() -> None:
    stores = {"internal": {"password": "a"}, "external": {"password": "b", "keeper": "srv-cadangan"}}
    known = {"srv-cadangan": {"sopwrap_stores": {"external": {"password": "c"}, "other": {}}}, "lain": {}}
    assert FILTERS["keepers"](stores, ASSETS[:2], "srv") == ["srv", "srv-cadangan"]
    assert FILTERS["kept_by"](stores, ASSETS[:2], "srv", "srv", known) == [{"id": "internal", "password": "a"}]
    assert FILTERS["kept_by"](stores, ASSETS[:2], "srv-cadangan", "srv", known) == [{"id": "external", "password": "c"}]
    stores["external"]["keeper"] = "lain"
    with pytest.raises(AnsibleFilterError, match="lain keeps the store external"):
        FILTERS["kept_by"](stores, ASSETS[:2], "lain", "srv", known)


def test_a_store_is_opened_by_another_password_and_its_own_is_not_looked_at() -> None:
    class Unread(dict):  # type: ignore[type-arg]
        def __getitem__(self, key: str) -> object:
            assert key != "password", "the office's own key may be lost"
            return super().__getitem__(key)

    stores = {"external": Unread(repository="/r", password="lost"), "internal": {"password": "x"}}
    assert FILTERS["opened_by"](stores, "external", "shares") == {
        "external": {"repository": "/r", "password": "shares"}
    }
    assert [(one["id"], one["stores"]) for one in FILTERS["only_in"](ASSETS, "external")] == [("b", ["external"])]
    with pytest.raises(AnsibleFilterError, match="not in sopwrap_stores"):
        FILTERS["opened_by"](stores, "s3", "shares")
