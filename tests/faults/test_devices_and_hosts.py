"""Network devices that answer wrongly or not at all, and hosts that cannot be reached."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.faults.conftest import asset, files_asset, seal
from tests.faults.desk import Desk
from tests.faults.router import WHOLE, Router, running
from tests.office.process import free_port

DEVICE = "rtr-uji"


@pytest.fixture
def router(desk: Desk) -> Iterator[Router]:
    """A device that is the desk's only asset; its password is in the vault."""
    password = secrets.token_urlsafe(18)
    seal(desk, {"device_password": password})
    with running(desk.place / "known_hosts", password) as device:
        desk.assets = {DEVICE: [_entry("konfigurasi", device)]}
        desk.write()
        yield device


def _entry(name: str, device: Router) -> dict[str, Any]:
    place = {"address": "127.0.0.1", "port": device.port, "known_hosts": str(device.known_hosts)}
    source = {"platform": "frr", "user": "cadangan", "password": "{{ device_password }}", **place}
    return asset(name, "network_config", source)


def _cut_off(device: Router) -> None:
    device.answer = WHOLE[: WHOLE.index("!\nend")]


def _empty(device: Router) -> None:
    device.answer = ""


def _error(device: Router) -> None:
    device.answer = "% Unknown command: show running-config\n"


def _refuses(device: Router) -> None:
    device.password = "diganti-di-perangkat"


def _unknown_key(device: Router) -> None:
    known = device.known_hosts.read_text(encoding="ascii")
    device.known_hosts.write_text(known.replace(f":{device.port} ", f":{device.port + 1} "), encoding="ascii")


def _closed(device: Router) -> None:
    device.port = free_port()


def _no_known_hosts(device: Router) -> None:
    device.known_hosts = device.known_hosts.with_name("tidak-ada")


WRONG: dict[str, tuple[Callable[[Router], None], str, str]] = {
    "sends a text that is cut off": (_cut_off, "is cut off after 5 lines, which is no backup", "Run again"),
    "sends nothing": (_empty, "answered with nothing", "Try the platform's command by hand"),
    "does not understand": (_error, "% Unknown command", "Check its platform"),
    "does not let us in": (_refuses, "does not let the user cadangan in", "Correct user, key_file or password"),
    "shows an unknown key": (_unknown_key, "was not trusted", "Compare its fingerprint at the device"),
    "is switched off": (_closed, "cannot be reached", "Check the device and the way to it"),
    "has no known_hosts": (_no_known_hosts, "cannot be read", "Correct it"),
}


def test_devices_that_are_not_in_order_leave_no_backup_and_each_is_told(desk: Desk, router: Router) -> None:
    with ExitStack() as stack:
        for number, (change, _what, _hint) in enumerate(WRONG.values()):
            password = desk.vault["device_password"]
            device = stack.enter_context(running(desk.place / f"known_hosts.{number}", password))
            change(device)
            desk.assets[f"rtr-{number}"] = [_entry(f"rtr-{number}", device)]
        desk.write()
        ended = desk.backup()
    ended.says(1, "konfigurasi: backup in internal ok", f"{len(WRONG)} of {len(WRONG) + 1} assets are not done")
    for number, (_change, what, hint) in enumerate(WRONG.values()):
        (line,) = (one for one in ended.output.splitlines() if f"rtr-{number}: backup in internal" in one)
        assert what in line and hint in line, line
    assert desk.whole_points() == 1


def test_a_device_that_answers_whole_again_is_backed_up(desk: Desk, router: Router) -> None:
    _cut_off(router)
    desk.backup().says(1, "which is no backup")
    router.answer = WHOLE
    desk.sopwrap("case", "decide", "retry", "--as", "andi", "--reason", "sudah baik").says(0, "goes on")
    desk.sopwrap("case", "resume", "--ci").says(0, "is done")
    assert desk.whole_points() == 1


def _over_ssh(desk: Desk, **variables: object) -> None:
    """A second host, reached over SSH, beside the one that works."""
    desk.assets["srv-jauh"] = [files_asset(desk.place, "jauh")]
    desk.write()
    reached = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_user": "cadangan", **variables}
    path = desk.folder / "inventory" / "host_vars" / "srv-jauh.yml"
    path.write_text(path.read_text(encoding="utf-8") + "".join(f"{k}: {v}\n" for k, v in reached.items()))


def test_a_host_that_cannot_be_reached_is_told_and_the_others_are_done(desk: Desk) -> None:
    _over_ssh(desk, ansible_port=free_port())
    desk.backup().says(
        1, "srv-jauh was not reached", "Connection refused", "See whether the host is up", "1 of 2 assets is not done"
    )
    assert desk.whole_points() == 1


def test_a_host_whose_key_nobody_knows_is_not_trusted(desk: Desk, router: Router) -> None:
    desk.assets = {}
    _over_ssh(desk, ansible_port=router.port)
    desk.backup().says(1, "srv-jauh was not reached", "Host key verification failed", "See whether the host is up")
    assert not desk.snapshots()
