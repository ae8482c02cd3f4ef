"""What the module `network_config` takes: the source of a device, and everybody's secrets named as such."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.sopwrap.backup.plugins.module_utils.network_work import spec

STORE = {"id": "s", "placement": "internal", "repository": "/x", "password": "kunci-1"}
WAY = {"address": "192.0.2.1", "user": "budi", "password": "sandi-1", "known_hosts": "/dev/null"}


def checked(**source: Any) -> Any:
    asset = {"id": "a", "stores": ["s"], "source": {**WAY, "platform": "ios", **source}}
    given = {"verb": "backup", "host": "rtr", "assets": [asset], "stores": [STORE]}
    return ArgumentSpecValidator(spec()).validate(given)


def test_a_source_gets_what_it_does_not_say() -> None:
    source = checked().validated_parameters["assets"][0]["source"]
    assert (source["port"], source["timeout"], source["retries"], source["undo_after"]) == (None, 30, 1, 300)
    assert source["telnet"] is False and source["spare"] is None


def test_every_password_of_a_way_is_a_secret() -> None:
    jump, spare = {**WAY, "password": "sandi-2"}, {**WAY, "password": "sandi-3", "enable": "sandi-4", "hostname": "c"}
    found = checked(jump=jump, spare={**spare, "jump": {**WAY, "password": "sandi-5"}}, enable="sandi-6")
    assert not found.error_messages
    assert found._no_log_values == {"kunci-1", *(f"sandi-{number}" for number in range(1, 7))}


def test_a_key_that_is_none_is_named() -> None:
    assert "assets.source.adress" in checked(adress="192.0.2.2").error_messages[0]
