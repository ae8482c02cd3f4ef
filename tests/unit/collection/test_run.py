"""What a module gives back: every record, failed when one is, and no password anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.sopwrap.backup.plugins.module_utils.run import kind_spec, run_kind

from tests.unit.collection.toy import PASSWORD, Shelf, Toy, asset

SOURCE = {"password": {"type": "str", "no_log": True}}


def call(capfd: pytest.CaptureFixture[str], kind: Toy, **given: Any) -> tuple[int, dict[str, Any]]:
    with patch_module_args(given), pytest.raises(SystemExit) as ended:
        run_kind(kind, SOURCE)
    return int(ended.value.code or 0), json.loads(capfd.readouterr().out)


def request_for(config: dict[str, Any], *names: str, **more: Any) -> dict[str, Any]:
    assets = [{**asset(name, config["id"]), "source": {"password": "sandi-4711"}} for name in names]
    assets = [{key: value for key, value in one.items() if key != "kind"} for one in assets]
    return {"verb": "backup", "host": "srv", "assets": assets, "stores": [config], **more}


def test_a_good_call_is_changed_and_the_next_one_is_not(
    capfd: pytest.CaptureFixture[str], shelf: Shelf, tmp_path: Path
) -> None:
    config = shelf.config(tmp_path, "internal")
    seen = [call(capfd, Toy({"a": b"x"}), **request_for(config, "a")) for _ in range(2)]
    assert [(status, result["changed"]) for status, result in seen] == [(0, True), (0, False)]
    assert [result["sopwrap_evidence"][0]["outcome"] for _status, result in seen] == ["ok", "unchanged"]
    assert PASSWORD not in str(seen) and "sandi-4711" not in str(seen)


def test_one_asset_that_fails_fails_the_call_with_its_name_and_keeps_the_others_records(
    capfd: pytest.CaptureFixture[str], shelf: Shelf, tmp_path: Path
) -> None:
    config = shelf.config(tmp_path, "internal")
    status, result = call(capfd, Toy({"b": b"x"}), **request_for(config, "a", "b"))
    assert status == 1 and result["failed"]
    assert [record["outcome"] for record in result["sopwrap_evidence"]] == ["failed", "ok"]
    assert result["msg"].startswith("a, backup: ")


def test_a_restore_without_a_target_says_what_it_needs(
    capfd: pytest.CaptureFixture[str], shelf: Shelf, tmp_path: Path
) -> None:
    given = request_for(shelf.config(tmp_path, "internal"), "a", verb="restore")
    status, result = call(capfd, Toy({}), **given)
    assert status == 1 and "one asset and a target" in result["msg"]


@pytest.mark.parametrize("verb", ["backup", "verify", "restore"])
def test_a_call_for_no_asset_fails_instead_of_doing_nothing(
    capfd: pytest.CaptureFixture[str], shelf: Shelf, tmp_path: Path, verb: str
) -> None:
    given = request_for(shelf.config(tmp_path, "internal"), verb=verb, target={"path": "/baru"})
    status, result = call(capfd, Toy({}), **given)
    assert status == 1 and result["failed"] and result["sopwrap_evidence"] == []
    assert result["msg"] == "srv has no asset that was asked for. Look at sopwrap_assets and sopwrap_only."


def test_an_asset_without_a_store_fails_the_call_before_any_other_is_begun(
    capfd: pytest.CaptureFixture[str], shelf: Shelf, tmp_path: Path
) -> None:
    given = request_for(shelf.config(tmp_path, "internal"), "a", "b")
    given["assets"][1]["stores"] = []
    status, result = call(capfd, Toy({"a": b"x"}), **given)
    assert status == 1 and result["sopwrap_evidence"] == []
    assert result["msg"].startswith("The asset b names no store.")


@pytest.mark.parametrize("source", [{"pasword": "sandi-4712"}, "sandi-4712"])
def test_an_asset_whose_entry_is_wrong_is_refused_alone_and_no_secret_is_told(
    capfd: pytest.CaptureFixture[str], shelf: Shelf, tmp_path: Path, source: Any
) -> None:
    given = request_for(shelf.config(tmp_path, "internal"), "a", "b")
    given["assets"][0]["source"] = source
    status, result = call(capfd, Toy({"b": b"x"}), **given)
    assert status == 1 and result["failed"]
    assert [(one["asset"], one["outcome"]) for one in result["sopwrap_evidence"]] == [("a", "refused"), ("b", "ok")]
    assert result["msg"].startswith("a, backup: The entry of a in the inventory is wrong: ")
    assert PASSWORD not in str(result) and "sandi-4711" not in str(result) and "sandi-4712" not in str(result)


def test_a_call_whose_assets_are_all_wrong_does_nothing_but_refuse(
    capfd: pytest.CaptureFixture[str], shelf: Shelf, tmp_path: Path
) -> None:
    given = request_for(shelf.config(tmp_path, "internal"), "a", verb="restore", target={"path": "/baru"})
    del given["assets"][0]["source"]
    status, result = call(capfd, Toy({}), **given)
    assert status == 1 and [one["outcome"] for one in result["sopwrap_evidence"]] == ["refused"]


def test_a_call_that_is_wrong_itself_does_nothing(
    capfd: pytest.CaptureFixture[str], shelf: Shelf, tmp_path: Path
) -> None:
    status, result = call(capfd, Toy({}), **request_for(shelf.config(tmp_path, "internal"), "a", tujuan="x"))
    assert status == 1 and "there is no tujuan" in result["msg"] and "sopwrap_evidence" not in result
    assert PASSWORD not in str(result) and "sandi-4711" not in str(result)


def test_secrets_are_named_as_such_to_ansible() -> None:
    spec = kind_spec(SOURCE)
    assert spec["stores"]["options"]["password"]["no_log"] is True
    assert spec["assets"]["options"]["source"]["options"]["password"]["no_log"] is True
