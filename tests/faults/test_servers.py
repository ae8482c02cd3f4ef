"""Stores on servers: SFTP, append-only REST over TLS, S3; each is written, proven on the far side and restored from."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic

from tests.faults.desk import HOST, Desk
from tests.faults.disks import needs_mounts
from tests.faults.forgetful import Forgetful
from tests.faults.servers import S3, AppendOnly, Server, Sftp
from tests.office.process import program

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
    point = desk.records(action="copy")[0]["point"]
    desk.sopwrap("point", "export", point, "-o", str(desk.place / "hasil"), "--store", "server").says(0, "plain files")
    assert {"CARA-MEMULIHKAN.md", "SHA256SUMS", "tree.tar"} < {path.name for path in (desk.place / "hasil").iterdir()}


def test_an_append_only_server_lets_nothing_be_removed_and_is_no_trouble(desk: Desk, tmp_path: Path) -> None:
    with AppendOnly(tmp_path / "server") as server:
        entered(desk, server)
        desk.backup().says(0)
        snapshots = sorted((server.folder / "sopwrap" / "snapshots").iterdir())
        key = str(desk.key_file("internal"))
        address = server.repository.replace("gudang@", f"gudang:{server.access['password']}@")
        words = ["-r", address, "--cacert", str(server.place / "server.crt"), "--password-file", key, "--no-cache"]
        listed = json.loads(subprocess.run([program("restic"), *words, "snapshots", "--json"], check=True,
                                           capture_output=True).stdout)  # fmt: skip
        refused = subprocess.Popen([program("restic"), *words, "forget", listed[0]["id"]], stderr=subprocess.PIPE)
        assert refused.stderr is not None and b"403" in refused.stderr.readline() + refused.stderr.readline()
        refused.kill()
        refused.communicate()
        assert sorted((server.folder / "sopwrap" / "snapshots").iterdir()) == snapshots
        (Path(desk.assets[HOST][0]["source"]["paths"][0]) / "baru.txt").write_text("baru\n", encoding="utf-8")
        desk.backup().says(0, "berkas: copy in server ok")
        assert len(list((server.folder / "sopwrap" / "snapshots").iterdir())) == 2 * len(snapshots)


def test_a_server_that_answers_and_stores_nothing_is_found_out_at_once(desk: Desk) -> None:
    with Forgetful() as server:
        desk.stores["server"] = desk.store("internal", server.repository, placement="external")
        desk.assets[HOST][0]["stores"] = ["internal", "server"]
        desk.write()
        desk.backup(seconds=120).says(1, "took berkas.", "does not give it back", "Do not rely on it")
        assert desk.whole_points("internal") == 1
        server.forgets = False
        server.files.clear()
        desk.backup(seconds=120).says(0, "berkas: copy in server ok")


def test_points_go_from_one_server_to_another_of_its_own_authority(tmp_path: Path) -> None:
    with AppendOnly(tmp_path / "satu") as one, AppendOnly(tmp_path / "dua") as other, contextlib.ExitStack() as open_:
        near, far = (
            open_.enter_context(contextlib.closing(Restic(f"toko-{number}", at.repository, "kunci", None, at.access)))
            for number, at in enumerate((one, other))
        )
        for store in (near, far):
            store.init()
        source = contextlib.nullcontext(io.BytesIO(b"isi surat"))
        stored = near.store("/surat", ["sopwrap"], "srv", source)
        far.copy_from(near, [stored.snapshot])
        (copied,) = far.snapshots("sopwrap")
        with far.dump(copied["id"], "/surat") as stream:
            assert stream.read() == b"isi surat"


def test_a_server_that_falls_silent_in_the_middle_is_given_up_and_the_next_run_works(desk: Desk) -> None:
    with Forgetful() as server:
        server.forgets, server.silent_at = False, "/data/"
        desk.stores["server"] = desk.store("internal", server.repository, placement="external", access={"timeout": 3})
        desk.assets[HOST][0]["stores"] = ["internal", "server"]
        desk.write()
        said = desk.backup(seconds=120)
        said.says(1, "The server of the store server takes the call and does not answer", "access.timeout")
        assert desk.whole_points("internal") == 1
        server.silent_at = None
        desk.backup(seconds=120).says(0, "berkas: copy in server ok")


@needs_mounts
def test_a_full_sftp_server_is_not_waited_for_and_keeps_what_it_has(desk: Desk, tmp_path: Path) -> None:
    with Sftp(tmp_path / "server", size="4m") as server:
        entered(desk, server)
        desk.assets[HOST][0]["size_rule"] = {"grow": 1e9, "shrink": 1e-9}
        desk.write()
        desk.backup().says(0, "berkas: copy in server ok")
        (before,) = desk.points("internal")
        large = Path(desk.assets[HOST][0]["source"]["paths"][0]) / "besar.bin"
        large.write_bytes(os.urandom(8_000_000))
        ended = desk.backup(seconds=90)
        ended.says(1, "The server of the store server takes no more data", "are missing", "Make room at")
        read = {"action": "verify", "point": before, "store": "server", "outcome": "ok"}
        known = len(desk.records(**read))
        desk.sopwrap("point", "verify", before).says(0)
        assert len(desk.records(**read)) == known + 1
        large.unlink()
        desk.backup().says(0, "berkas: copy in server")
        server.stop()
        desk.backup(seconds=90).says(1, "The server of the store server cannot be reached", "Look at the network")
