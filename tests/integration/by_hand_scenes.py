"""For each kind something to export, where its page is to bring it back to, and the fingerprint of what came.

A scene is a context manager that gets the office and a fresh folder; what it makes on servers it removes again. What a
page says of accounts is typed too, after the scene has lost them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import hash_list
from ansible_collections.sopwrap.backup.plugins.module_utils.exclusion import Exclusion
from ansible_collections.sopwrap.backup.plugins.module_utils.files import layout
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content
from ansible_collections.sopwrap.backup.plugins.module_utils.portions import together

from tests.integration.replacing import kind_of
from tests.office import Office, platforms
from tests.office.openldap import OpenLDAP
from tests.office.redis import Redis


@dataclass
class Scene:
    """``targets`` are what is typed for TUJUAN, in the order of the page; ``found`` reads what came back.

    ``lose`` is called between export and typing; ``intact`` asserts what is no part of the fingerprint.
    """

    source: dict[str, Any]
    targets: tuple[str, ...]
    found: Callable[[], Content]
    environment: dict[str, str] = field(default_factory=dict)
    lose: Callable[[], None] = lambda: None
    intact: Callable[[], None] = lambda: None
    more: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[Office, Path], contextlib.AbstractContextManager[Scene]]


def _read(kind: str, source: dict[str, Any], target: dict[str, Any], **more: Any) -> Content:
    """The fingerprint of a restored thing, by a new adapter of its kind."""
    return kind_of(kind).content({"id": "uji", "kind": kind, "source": source, **more}, target)


def _tree(source: dict[str, Any], target: Path) -> Content:
    """The fingerprint of an unpacked tree, which lies below the target with its former path."""
    roots = layout(source["paths"])
    return hash_list.from_disk([Root(f"{target}{root.path}", root.name) for root in roots], Exclusion([])).content()


@contextlib.contextmanager
def files(office: Office, folder: Path) -> Iterator[Scene]:
    """The office's own tree: links, odd names, owners, attributes."""
    source, target = {"paths": [str(office.files.path)], "exclude": []}, folder / "pulih"
    yield Scene(source, (str(target),), lambda: _tree(source, target))


@contextlib.contextmanager
def system(office: Office, folder: Path) -> Iterator[Scene]:
    """A small /etc, and the list of this very machine."""
    etc, target, view = folder / "sistem/etc", folder / "pulih", folder / "dibaca"
    (etc / "cron.d").mkdir(parents=True)
    (etc / "shadow").write_text("root:$y$j9T$x:19000::::::\n", encoding="utf-8")
    (etc / "shadow").chmod(0o600)
    (etc / "mtab").symlink_to("/proc/self/mounts")
    source = {"etc": str(etc), "exclude": []}

    def found() -> Content:
        view.mkdir()
        Path(f"{target}{etc}").rename(view / "etc")
        (target / "state.json").rename(view / "state.json")
        return _read("system", source, {"path": str(view)})

    yield Scene(source, (str(target),), found)


@contextlib.contextmanager
def network_config(office: Office, folder: Path) -> Iterator[Scene]:
    """The router's configuration; how it gets into a device its maker's manual says, not our page."""
    source, target = {**office.router.source, "password": None, "timeout": 30}, folder / "pulih"
    more = {"host": "rtr-kampus", "platforms": platforms.files()}
    yield Scene(
        source,
        (str(target),),
        lambda: _read("network_config", source, {"path": str(next(target.iterdir()))}, **more),
        more=more,
    )


@contextlib.contextmanager
def sqlite(office: Office, folder: Path) -> Iterator[Scene]:
    """The library's loans."""
    source, target = office.sqlite.source, str(folder / "pulih.sqlite")
    yield Scene(source, (target,), lambda: _read("sqlite", source, {"path": target}))


@contextlib.contextmanager
def redis(office: Office, folder: Path) -> Iterator[Scene]:
    """Keys of all types."""
    with Redis(folder / "r") as server:
        server.fill()
        server("DEL", "sesi")
        target = str(folder / "pulih.rdb")
        yield Scene(server.source, (target,), lambda: _read("redis", server.source, {"path": target}))


@contextlib.contextmanager
def openldap(office: Office, folder: Path) -> Iterator[Scene]:
    """Twenty people and the configuration that serves them."""
    with OpenLDAP(folder / "l") as server:
        target = str(folder / "pulih")
        yield Scene(server.source, (target,), lambda: _read("openldap", server.source, {"path": target}))


@contextlib.contextmanager
def application(office: Office, folder: Path) -> Iterator[Scene]:
    """Files and a database of one moment; its page brings back one after the other.

    The database is a copy: a process that has one open and reads its file besides loses SQLite's locks on it.
    """
    files_source = {"paths": [str(office.files.path)]}
    database = {"path": str(folder / "asal.sqlite")}
    office.sqlite.sql(f"VACUUM INTO '{database['path']}'")
    parts = [{"name": "berkas", "files": files_source}, {"name": "data", "sqlite": database}]
    tree, base = folder / "pulih", str(folder / "pulih.sqlite")
    source = {"quiesce": {"file": str(folder / "istirahat")}, "parts": parts}

    def found() -> Content:
        return together({"berkas": _tree(files_source, tree), "data": _read("sqlite", database, {"path": base})})

    yield Scene(source, (str(tree), base), found)


ROLES = 'DROP ROLE IF EXISTS "Uji Tangan", uji_masuk'
ABOUT = """SELECT rolname, rolcanlogin, rolpassword, ARRAY(SELECT roleid::regrole::text FROM pg_auth_members
WHERE member = a.oid) FROM pg_authid a WHERE rolname IN ('uji_masuk', 'Uji Tangan') ORDER BY 1"""


@contextlib.contextmanager
def postgresql(office: Office, folder: Path) -> Iterator[Scene]:
    """A database owned by a role that is lost with it, and comes back with its password and memberships."""
    server, target = office.postgresql, "uji tangan"
    made = f"""{ROLES}; CREATE ROLE "Uji Tangan" NOLOGIN; CREATE ROLE uji_masuk LOGIN PASSWORD 'canary-by-hand';
    GRANT "Uji Tangan" TO uji_masuk"""
    server.create("uji_ekspor", 0)
    server.sql(made, "postgres")
    server.sql("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); ALTER TABLE t OWNER TO uji_masuk", "uji_ekspor")
    before = server.sql(ABOUT, "postgres")
    source = {**server.source, "database": "uji_ekspor"}

    def lose() -> None:
        server.sql(f"DROP DATABASE uji_ekspor; {ROLES}", "postgres")

    def intact() -> None:
        assert server.sql(ABOUT, "postgres") == before and "SCRAM" in before
        assert server.sql("SELECT tableowner FROM pg_tables WHERE tablename = 't'", target).strip() == "uji_masuk"

    reached = {"PGHOST": source["host"], "PGPORT": str(source["port"]), "PGUSER": source["user"]}
    try:
        yield Scene(
            {**source, "roles": True},
            (target,),
            lambda: _read("postgresql", source, {"database": target}),
            reached,
            lose,
            intact,
        )
    finally:
        for name in (target, "uji_ekspor"):
            server.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', "postgres")
        server.sql(ROLES, "postgres")


GONE = "DROP USER IF EXISTS 'uji tangan'@'localhost'"


@contextlib.contextmanager
def mariadb(office: Office, folder: Path) -> Iterator[Scene]:
    """A database, and an account that may read it, which is lost and comes back with its password."""
    server, target = office.mariadb, "uji_tangan"
    server.sql(
        f"""{GONE}; CREATE DATABASE uji_ekspor; CREATE TABLE uji_ekspor.t (a INT); INSERT INTO uji_ekspor.t VALUES (1);
        CREATE USER 'uji tangan'@'localhost' IDENTIFIED BY 'canary-by-hand';
        GRANT SELECT ON uji_ekspor.* TO 'uji tangan'@'localhost'""",
        "mysql",
    )
    ask = ("SHOW CREATE USER 'uji tangan'@'localhost'", "SHOW GRANTS FOR 'uji tangan'@'localhost'")
    before = [server.sql(one, "mysql") for one in ask]
    source = {**server.source, "database": "uji_ekspor"}
    login = {key: source[key] for key in ("socket", "user", "password")}
    (folder / ".my.cnf").write_text("\n".join(["[client]", *(f"{key}={value}" for key, value in login.items()), ""]))

    def intact() -> None:
        assert [server.sql(one, "mysql") for one in ask] == before

    try:
        yield Scene(
            {**source, "accounts": True},
            (target,),
            lambda: _read("mariadb", source, {"database": target}),
            lose=lambda: server.sql(f"{GONE}; DROP DATABASE uji_ekspor", "mysql"),
            intact=intact,
        )
    finally:
        server.sql(f"{GONE}; DROP DATABASE IF EXISTS uji_ekspor; DROP DATABASE IF EXISTS {target}", "mysql")


SCENES: dict[str, Maker] = {
    one.__name__: one
    for one in (application, files, mariadb, network_config, openldap, postgresql, redis, sqlite, system)
}
