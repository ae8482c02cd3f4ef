"""OpenLDAP: entries are told apart by what they hold, in whatever order, and a database changes places as a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.openldap import Openldap
from ansible_collections.sopwrap.backup.plugins.module_utils.openldap_client import (
    Programs,
    database_of,
    entries,
    fingerprint,
    moved,
    value,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.openldap_live import OpenldapLive, folder_of
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair

from tests.office.openldap import SUFFIX, OpenLDAP

CONFIG = b"""dn: cn=config
cn: config

dn: olcDatabase={1}mdb,cn=config
olcSuffix: dc=kantor, DC=example
olcDbDirectory: /var/lib/ldap
olcDbIndex: uid eq
"""


def written(path: Path, text: bytes) -> str:
    path.write_bytes(text)
    return str(path)


def test_entries_are_compared_by_their_lines_in_any_order_and_named(tmp_path: Path) -> None:
    one = written(tmp_path / "1", b"dn: uid=a\ncn: A\nsn: B\n\ndn:: dWlkPcOp\ncn: C\n\n")
    same = written(tmp_path / "2", b"dn:: dWlkPcOp\ncn: C\n\ndn: uid=a\nsn: B\ncn: A\n\n")
    other = written(tmp_path / "3", b"dn: uid=a\ncn: A\nsn: X\n\ndn:: dWlkPcOp\ncn: C\n\n")
    before = fingerprint(one, CONFIG, SUFFIX)
    assert before.count == 2 and "uid=é" in {item["name"] for item in before.items}
    assert before.difference(fingerprint(same, CONFIG, SUFFIX)) is None
    assert before.difference(fingerprint(other, CONFIG, SUFFIX)) == "different: uid=a"
    assert before.difference(fingerprint(one, moved(CONFIG, SUFFIX, "/lain"), SUFFIX)) is None
    assert "config olcDatabase" in str(before.difference(fingerprint(one, CONFIG.replace(b"uid eq", b"cn eq"), SUFFIX)))


def test_a_database_is_found_by_its_suffix_however_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "cn=config").mkdir()
    text = CONFIG.split(b"\n\n")[1].replace(b"/var/lib/ldap", b"/var/lib\n /ldap")
    (tmp_path / "cn=config" / "olcDatabase={1}mdb.ldif").write_bytes(b"# AUTO-GENERATED FILE\n" + text)
    assert value(database_of(str(tmp_path), SUFFIX), "olcdbdirectory") == "/var/lib/ldap"
    with pytest.raises(Problem, match="no database for dc=lain"):
        database_of(str(tmp_path), "dc=lain")
    found = list(entries(iter(moved(CONFIG, SUFFIX, "/baru").splitlines())))
    assert [value(entry, "olcDbDirectory") for entry in found] == [None, "/baru"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenLDAP]:
    with OpenLDAP(tmp_path_factory.mktemp("d") / "l") as server:
        yield server


@pytest.fixture
def asset(server: OpenLDAP) -> dict[str, Any]:
    return {"id": "direktori", "source": server.source}


class Stored:
    """What a capture gave, as a store gives it back."""

    id = "titik"

    def __init__(self, kind: Openldap, asset: dict[str, Any]) -> None:
        self.manifest = {"source": kind.preflight(asset)}
        with kind.capture(asset) as capture, Beside(capture.content) as content:
            data, config = capture.parts
            with data.open() as stream:  # type: ignore[attr-defined]
                self.parts = {data.name: stream.read(), config.name: config.data}  # type: ignore[attr-defined]
            self.found = content.result()

    def content(self) -> Any:
        return self.found

    def open(self, part: str) -> Any:
        import io
        from contextlib import nullcontext

        return nullcontext(io.BytesIO(self.parts[part]))


def test_a_database_changes_places_with_a_restored_one_and_back(asset: dict[str, Any], server: OpenLDAP) -> None:
    kind = Openldap()
    assert isinstance(kind, OpenldapLive) and folder_of(asset) == str(server.data)
    assert kind.place(asset) == {"directory": str(server.data), "suffix": SUFFIX}
    assert kind.is_live(asset, {"path": str(server.folder)}) and not kind.is_live(asset, {"path": "/srv/uji"})
    stored = Stored(kind, asset)
    everybody = server.people()
    server.remove("p1", "p2")
    kind.restore(asset, stored, kind.beside(asset, "ab"))  # type: ignore[arg-type]
    assert stored.content().difference(kind.content(asset, kind.beside(asset, "ab"))) is None
    with pytest.raises(Problem, match=r"have the directory .* open: slapd"):
        kind.require_idle(asset)
    server.stop()
    kind.require_idle(asset)
    pair = Pair(asset, "ab")
    pair.notes = kind.note(pair)
    for _twice in range(2):
        kind.swap(pair)
        assert server.people() == everybody
    kind.swap(pair, back=True)
    assert server.people() == everybody - {"p1", "p2"} and kind.alive(asset)
    kind.remove(pair)
    assert not list(server.folder.glob(".sopwrap-*"))
    server.start()


def test_a_check_names_the_entry_that_is_not_what_was_stored(asset: dict[str, Any]) -> None:
    import io

    kind = Openldap()
    stored = Stored(kind, asset)
    whole = stored.parts["data.ldif"]
    said = kind.check(asset, stored, "data.ldif", io.BytesIO(whole))  # type: ignore[arg-type]
    assert said == f"{stored.content().count} entries are as they were at the backup"
    with pytest.raises(Problem, match="different: uid=p7"):
        damaged = whole.replace(b"uid: p7", b"uid: px")
        kind.check(asset, stored, "data.ldif", io.BytesIO(damaged))  # type: ignore[arg-type]


def test_a_suffix_or_a_configuration_that_is_not_there_is_told(server: OpenLDAP, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no such suffix"):
        Programs("dc=lain", str(server.config)).dump(str(tmp_path / "x"))
    with pytest.raises(Problem, match="/tidak/ada cannot be read"):
        Programs(SUFFIX, "/tidak/ada").dump_config()


def test_a_person_makes_a_directory_of_the_exported_files(
    asset: dict[str, Any], server: OpenLDAP, tmp_path: Path
) -> None:
    import subprocess

    kind = Openldap()
    stored = Stored(kind, asset)
    for name, data in stored.parts.items():
        (tmp_path / name).write_bytes(data)
    _first, *steps = kind.by_hand(stored.manifest)
    script = "\n".join(["set -e", f"TUJUAN={tmp_path}/pulih", *(line for step in steps for line in step.commands)])
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True)
    assert server.people(tmp_path / "pulih/config") == server.people()
