from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sopwrap.errors import UsageError
from sopwrap.register import check_address, check_asset, check_store
from tests.unit.sopwrap.offices import EXTERNAL, STORE, entry

KINDS = ("files", "postgresql")


def refused(folder: Path, data: Any, stores: tuple[str, ...] = ("internal",)) -> UsageError:
    with pytest.raises(UsageError) as caught:
        check_asset(folder, "srv-a", 0, data, KINDS, stores)
    return caught.value


def test_an_entry_gives_what_the_papers_need_and_nothing_of_its_source(tmp_path: Path) -> None:
    asset, sop = check_asset(tmp_path, "srv-a", 0, entry(sop="iain-ptk-2022"), KINDS, ["internal"])
    assert (asset.id, asset.host, asset.owner, asset.stores, sop) == (
        "arsip",
        "srv-a",
        "Bagian Umum",
        ["internal"],
        "iain-ptk-2022",
    )
    assert "canary" not in repr(asset)


@pytest.mark.parametrize(
    "field", ["kind", "title", "owner", "classification", "personal_data", "rpo", "rto", "retention", "stores"]
)
def test_a_missing_field_is_named_with_host_and_asset(tmp_path: Path, field: str) -> None:
    assert (
        refused(tmp_path, entry(**{field: None})).message == f"{tmp_path}: host srv-a: asset arsip: {field} is missing."
    )


def test_an_entry_without_id_is_named_by_its_place_in_the_list(tmp_path: Path) -> None:
    assert "sopwrap_assets[0]: id is missing" in refused(tmp_path, entry(id=None)).message
    assert "sopwrap_assets[0] is wrong" in refused(tmp_path, "arsip").message


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("rpo", "1 day", "not a duration"),
        ("rto", "PT0S", "not a duration"),
        ("retention", "30", "not a duration"),
        ("classification", "secret", "it has to be 'terbuka'"),
        ("personal_data", "maybe", "boolean"),
        ("stores", [], "it is empty"),
        ("stores", ["internal", "internal"], "it names internal twice"),
        ("stores", "{{ all_stores }}", "list"),
        ("id", "Arsip Surat", "small letters, digits and hyphens"),
        ("colour", "blue", "is not a field of the register"),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence_with_its_field(
    tmp_path: Path, field: str, value: Any, said: str
) -> None:
    message = refused(tmp_path, entry(**{field: value})).message
    assert f": {field} " in message
    assert "Value error" not in message
    assert said in message
    assert "\n" not in message


def test_an_unknown_kind_or_store_names_what_was_perhaps_meant(tmp_path: Path) -> None:
    kind = refused(tmp_path, entry(kind="postgres"))
    assert "kind is postgres, and there is no such kind" in kind.message
    assert kind.hint == "Did you mean postgresql?"
    store = refused(tmp_path, entry(stores=["intern"]))
    assert "names intern, which is not in sopwrap_stores" in store.message
    assert store.hint == "Did you mean internal?"
    assert refused(tmp_path, entry(kind="zzz")).hint == "Known: files, postgresql."


def test_a_secret_in_the_wrong_place_is_not_repeated_in_the_complaint(tmp_path: Path) -> None:
    error = refused(tmp_path, entry(password="canary-in-the-wrong-place"))
    assert "password is not a field" in error.message
    assert "canary" not in str(error)


def test_the_file_and_line_of_an_asset_are_found(tmp_path: Path) -> None:
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "host_vars" / "srv-a.yml").write_text("sopwrap_assets:\n  # one\n  - id: arsip\n    kind: x\n")
    assert refused(tmp_path, entry(kind="x")).message.startswith(f"{tmp_path}/host_vars/srv-a.yml:3: host srv-a")
    assert refused(tmp_path, entry(id=None)).message.startswith(f"{tmp_path}/host_vars/srv-a.yml: host srv-a")


def test_a_store_keeps_its_places_and_the_name_of_its_key_but_no_password(tmp_path: Path) -> None:
    internal = check_store(tmp_path, "srv-a", "internal", STORE)
    assert (internal.key, internal.open_password, internal.path) == ("internal.key", False, None)
    assert internal.repository == f"{tmp_path.parent}/stores/internal"
    external = check_store(tmp_path, "srv-a", "external", EXTERNAL)
    assert (external.medium.label, external.medium.custodian, external.path) == ("HDD-01", "Budi", "/nowhere")
    assert external.open_password
    assert "canary" not in repr(external)


@pytest.mark.parametrize("field", ["placement", "repository", "password"])
def test_a_store_has_to_say_where_it_is_and_how_it_is_opened(tmp_path: Path, field: str) -> None:
    with pytest.raises(UsageError, match=rf"sopwrap_stores\.external\.{field} is missing"):
        check_store(tmp_path, "srv-a", "external", {**EXTERNAL, field: None})


def test_a_placement_is_internal_or_external(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'internal' or 'external'"):
        check_store(tmp_path, "srv-a", "external", {**EXTERNAL, "placement": "cloud"})
    with pytest.raises(UsageError, match="has to be a mapping"):
        check_store(tmp_path, "srv-a", "external", "rest:https://x")


@pytest.mark.parametrize("address", ["10.0.0.300", "1.2.3", "fe80::zz:1:", "2001:db8:::1"])
def test_what_looks_like_an_address_has_to_be_one(tmp_path: Path, address: str) -> None:
    if "z" in address:
        check_address(tmp_path, "srv-a", address)  # not hexadecimal: a name, for the resolver to refuse
        return
    with pytest.raises(UsageError, match=r"ansible_host is .* not an IP address"):
        check_address(tmp_path, "srv-a", address)


@pytest.mark.parametrize("address", [None, "", "srv-a.example.id", "192.0.2.1", "2001:db8::1", "web1"])
def test_names_and_good_addresses_are_let_through(tmp_path: Path, address: str | None) -> None:
    check_address(tmp_path, "srv-a", address)
