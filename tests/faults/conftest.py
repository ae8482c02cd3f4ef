"""A desk for each test: an office folder with its keys, canary secrets, and one small asset that can be backed up."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.desk import HOST, SOPWRAP, Desk
from tests.faults.moments import end_all
from tests.office import Office
from tests.quick_store import quick_store

Databases = Callable[..., Desk]
SOP = Path(__file__).parent / "data" / "uji.yml"
SMALL, BIG = "uji", "uji_besar"
ROWS = {
    "postgresql": "SELECT g AS id, repeat(md5(g::text), 320) AS isi FROM generate_series(1, {rows}) g",
    "mariadb": "SELECT seq AS id, REPEAT(MD5(seq), 320) AS isi FROM seq_1_to_{rows}",
}
"""Rows of 10 kB."""
MANY = 800
"""So many of them are more than what fits into the pipes (1 MiB each) and a socket between a server and restic."""


@pytest.fixture(scope="session")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office folder as `sopwrap init` makes it, with one person, the SOP of these tests and an empty store.

    Beside it lies an empty repository for each of its keys.
    """
    folder = tmp_path_factory.mktemp("skeleton") / "office"
    subprocess.run([SOPWRAP, "init", str(folder), "--name", "Kantor Uji"], check=True, capture_output=True)
    shutil.rmtree(folder / "inventory")
    shutil.copy(SOP, folder / "sops")
    office = yaml.safe_load((folder / "office.yml").read_text(encoding="utf-8"))
    office["people"] = [{"id": "andi", "name": "Andi Contoh", "post": "Staf"}]
    office["bindings"] = {"uji": {"staf": ["andi"]}}
    (folder / "office.yml").write_text(yaml.safe_dump(office), encoding="utf-8")
    settings = (folder / "ansible.cfg").read_text(encoding="utf-8")
    settings = settings.replace("[defaults]", "[defaults]\nvault_password_file = secrets/vault.password", 1)
    (folder / "ansible.cfg").write_text(settings, encoding="utf-8")
    for name in ("internal", "external"):
        key = folder / "secrets" / f"{name}.key"
        quick_store(folder.parent / name, key.read_text(encoding="ascii").strip())
    shutil.copytree(folder.parent / "internal", folder / "stores" / "internal")
    return folder


@pytest.fixture(scope="module")
def databases(office: Office) -> dict[str, Any]:
    """The office's servers by kind, each with a tiny database and one that takes a moment to dump.

    Made for each file of tests: those of a round trip, run in between, leave the servers with their first data alone.
    """
    servers = {"postgresql": office.postgresql, "mariadb": office.mariadb}
    for kind, server in servers.items():
        for database, rows in ((SMALL, 10), (BIG, MANY)):
            server.create(database, 0)
            server.sql(f"CREATE TABLE data AS {ROWS[kind].format(rows=rows)}", database)
    return servers


@pytest.fixture
def desk(skeleton: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk with a tiny tree of files as its only asset; after the test everything must be whole and silent."""
    desk = Desk(tmp_path)
    shutil.copytree(skeleton, desk.folder)
    desk.empty_external = skeleton.parent / "external"
    desk.secrets += [desk.key_file(name).read_text(encoding="ascii").strip() for name in ("internal", "external")]
    seal(desk, {"canary": secrets.token_urlsafe(24)})
    desk.assets = {HOST: [files_asset(tmp_path)]}
    desk.write()
    try:
        yield desk
        desk.whole_and_silent()
    finally:
        end_all(desk.mark)


@pytest.fixture
def databases_of(desk: Desk, databases: dict[str, Any]) -> Databases:
    """Call it with a kind of database: the desk then has a database of that kind as its only asset.

    It is reached over TCP; or over its server's socket, whose buffers do not grow with what the machine has to give.
    """

    def choose(kind: str, database: str = SMALL, socket: bool = False) -> Desk:
        source = databases[kind].source if socket else databases[kind].tcp_source
        sealed = {**source, "database": database}
        if "password" in source:
            seal(desk, {f"{kind}_password": source["password"]})
            sealed["password"] = f"{{{{ {kind}_password }}}}"
        desk.assets = {HOST: [asset("uji-db", kind, sealed)]}
        desk.write()
        return desk

    return choose


def asset(identity: str, kind: str, source: dict[str, Any], stores: tuple[str, ...] = ("internal",)) -> dict[str, Any]:
    """An entry of the register with every field it needs."""
    about = {"title": "Uji", "owner": "PTID", "classification": "terbatas", "personal_data": False}
    times = {"rpo": "P1D", "rto": "PT4H", "retention": "P30D", "reviewed": "2026-01-10"}
    return {"id": identity, "kind": kind, **about, **times, "stores": list(stores), "source": source}


def files_asset(place: Path, identity: str = "berkas") -> dict[str, Any]:
    """An asset of a folder with three files."""
    folder = place / identity
    folder.mkdir()
    for number in range(3):
        (folder / f"berkas-{number}.txt").write_text(f"isi {number}\n", encoding="utf-8")
    return asset(identity, "files", {"paths": [str(folder)]})


def seal(desk: Desk, variables: dict[str, str]) -> None:
    """Put variables into the office's vault, and look for their values everywhere from now on."""
    from ansible.parsing.vault import VaultLib, VaultSecret

    desk.vault |= variables
    desk.secrets += [value for value in variables.values() if value not in desk.secrets]
    password = desk.secret("vault.password", secrets.token_urlsafe(24)).read_bytes()
    vault = VaultLib([("default", VaultSecret(password))])
    path = desk.folder / "inventory" / "group_vars" / "all" / "vault.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, value in desk.vault.items():
        lines += [f"{name}: !vault |", *(f"  {line}" for line in vault.encrypt(value).decode().splitlines())]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
