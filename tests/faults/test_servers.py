"""Stores on servers: SFTP, append-only REST over TLS, S3; each is written, proven on the far side and restored from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.faults.desk import HOST, Desk
from tests.faults.servers import S3, AppendOnly, Server, Sftp

SERVERS = {"sftp": Sftp, "rest": AppendOnly, "s3": S3}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param) / "server") as running:
        yield running


def entered(desk: Desk, server: Server) -> None:
    """Enter the server as the asset's second store; what opens the way to it are files among the office's secrets."""
    access = {}
    for name, value in server.access.items():
        if name in ("known_hosts", "cacert"):
            access[name] = value
        else:
            desk.secret(f"server.{name}", value)
            access[name] = "{{ lookup('ansible.builtin.file', inventory_dir + '/../secrets/server." + name + "') }}"
    medium = {"label": "SRV-01", "form": "server", "place": "Ruang server Fakultas"}
    desk.stores["server"] = desk.store(
        "internal", server.repository, placement="external", medium=medium, access=access
    )
    desk.assets[HOST][0]["stores"] = ["internal", "server"]
    desk.write()


def test_a_store_on_a_server_is_written_proven_on_the_far_side_and_restored_from(desk: Desk, server: Server) -> None:
    entered(desk, server)
    desk.backup().says(0, "berkas: copy in server ok")
    desk.sopwrap("media", "check", "--ci").says(0, "SRV-01", "Ruang server Fakultas")
    desk.sopwrap("point", "verify", "--asset", "berkas", "--ci").says(0)
    (proof,) = desk.records(action="verify", store="server", asset="berkas")
    assert proof["outcome"] == "ok" and proof["verify"]["ok"] and proof["medium"] == "SRV-01"
    shutil.rmtree(desk.stores["internal"]["repository"])
    listed = desk.sopwrap("point", "list", "--store", "--json")
    (point,) = json.loads(listed.output[listed.output.index("[") : listed.output.rindex("]") + 1])
    assert (point["store"], point["placement"]) == ("server", "external")
