"""Files of a device: fetched and brought over SFTP, and over SCP where SFTP is refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.device_files import bring, take_away
from ansible_collections.sopwrap.backup.plugins.module_utils.device_line import Roads
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import ask
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.office.platforms import platform


class _Doorman(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "sandi"


async def _refused(*_given: object, **_named: object) -> None:
    raise asyncssh.ChannelOpenError(asyncssh.OPEN_REQUEST_SESSION_FAILED, "Session request failed")


@pytest.fixture(params=["sftp", "scp"])
def device(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Device]:
    """A device that knows SFTP, or one that refuses it."""
    loop, key = asyncio.new_event_loop(), asyncssh.generate_private_key("ssh-ed25519")
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def serve() -> int:
        listening = await asyncssh.listen(
            "127.0.0.1", 0, server_factory=_Doorman, server_host_keys=[key], sftp_factory=True, allow_scp=True
        )
        return int(listening.get_port())

    port = asyncio.run_coroutine_threadsafe(serve(), loop).result(20)
    if request.param == "scp":
        monkeypatch.setattr(asyncssh.SSHClientConnection, "start_sftp_client", _refused)
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {key.export_public_key().decode()}", encoding="utf-8")
    yield Device("rtr", platform("file"), Way("127.0.0.1", port, "budi", str(known), password="sandi"), timeout=20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def test_the_files_come_byte_by_byte(device: Device, tmp_path: Path) -> None:
    data = bytes(range(256)) * 1000
    (tmp_path / "a.bin").write_bytes(data)
    (tmp_path / "b.bin").write_bytes(b"dua")
    paths = (str(tmp_path / "a.bin"), str(tmp_path / "b.bin"))
    assert ask([replace(device, paths=paths)]) == [Answer(files={paths[0]: data, paths[1]: b"dua"})]


@pytest.mark.parametrize(("name", "words"), [("tidak-ada", "does not give"), ("kosong", "gave an empty")])
def test_a_file_that_is_missing_or_empty_is_no_backup(device: Device, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "kosong").touch()
    answer = ask([replace(device, paths=(str(tmp_path / name),))])[0]
    assert isinstance(answer, Problem)
    assert words in answer.message
    assert "rtr" in answer.message


def test_a_platform_of_files_without_a_path_is_refused(device: Device) -> None:
    with pytest.raises(Problem, match="no paths for rtr"):
        device.check()


def test_a_file_is_brought_to_the_device(device: Device, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async def talk() -> None:
        async with Roads(asyncssh).open(device) as connection:
            await bring(asyncssh, connection, b"isi\n", str(tmp_path / "baru"), request.node.callspec.params["device"])

    asyncio.run(talk())
    assert (tmp_path / "baru").read_bytes() == b"isi\n"


@pytest.mark.parametrize("device", ["sftp"], indirect=True)
def test_files_that_were_brought_are_taken_away_again(device: Device, tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("baru", "lama")]

    async def talk() -> None:
        async with Roads(asyncssh).open(device) as connection:
            for path in paths:
                await bring(asyncssh, connection, b"isi\n", path, "sftp")
            await take_away(connection, paths)

    asyncio.run(talk())
    assert not [path for path in paths if Path(path).exists()]


def test_a_device_that_falls_silent_over_a_file_costs_no_more_than_its_time(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_server: object, _path: bytes) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncssh.SFTPServer, "stat", never)
    asked = replace(device, paths=("/etc/hostname",), timeout=0.7)
    answer = ask([asked])[0]
    assert isinstance(answer, Problem)
    assert "did not answer within 0.7 seconds" in answer.message
