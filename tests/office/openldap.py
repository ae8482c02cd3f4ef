"""An OpenLDAP server of the tests: its own configuration folder and database, on a socket, ended by its own pid."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.office.process import program, run

SUFFIX = "dc=kantor,dc=example"
ADMIN, PASSWORD = f"cn=admin,{SUFFIX}", "rahasia"
_CONFIG = """dn: cn=config
objectClass: olcGlobal
cn: config

dn: cn=module{{0}},cn=config
objectClass: olcModuleList
cn: module{{0}}
olcModulePath: /usr/lib/ldap
olcModuleLoad: back_mdb

dn: cn=schema,cn=config
objectClass: olcSchemaConfig
cn: schema

include: file:///etc/ldap/schema/core.ldif
include: file:///etc/ldap/schema/cosine.ldif
include: file:///etc/ldap/schema/inetorgperson.ldif

dn: olcDatabase={{1}}mdb,cn=config
objectClass: olcDatabaseConfig
objectClass: olcMdbConfig
olcDatabase: {{1}}mdb
olcSuffix: {suffix}
olcRootDN: {admin}
olcRootPW: {password}
olcDbDirectory: {data}
olcDbMaxSize: 16777216
olcDbIndex: uid eq
"""
_PERSON = """dn: uid={uid},{suffix}
objectClass: inetOrgPerson
uid: {uid}
cn: Pegawai é {uid}
sn: Contoh
userPassword: sandi-{uid}

"""


class OpenLDAP:
    """Use it as a context manager; ``folder`` must have a short path."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.config = folder, folder / "data", folder / "config"
        self._address = f"ldapi://{quote(str(folder / 's'), safe='')}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def source(self) -> dict[str, Any]:
        """What an asset's ``source`` says to reach it."""
        return {"suffix": SUFFIX, "config": str(self.config), "scratch": str(self.folder)}

    def __enter__(self) -> OpenLDAP:
        for path in (self.data, self.config):
            path.mkdir(parents=True)
        words = {"suffix": SUFFIX, "admin": ADMIN, "password": PASSWORD, "data": self.data}
        run([program("slapadd"), "-n", "0", "-F", str(self.config)], text=_CONFIG.format(**words))
        self.start()
        top = f"dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: Kantor\ndc: kantor\n\n"
        self.add(top + "".join(_PERSON.format(uid=f"p{number}", suffix=SUFFIX) for number in range(20)))
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        words = [program("slapd"), "-h", self._address, "-F", str(self.config), "-d", "0"]
        with (self.folder / "slapd.log").open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log)
        end = time.monotonic() + 30
        while not self._answers():
            assert time.monotonic() < end, (self.folder / "slapd.log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server; its data stay."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def add(self, ldif: str) -> None:
        """Add entries."""
        run([program("ldapadd"), *self._login()], text=ldif)

    def remove(self, *uids: str) -> None:
        """Delete people."""
        run([program("ldapdelete"), *self._login(), *(f"uid={uid},{SUFFIX}" for uid in uids)])

    def people(self, config: Path | None = None) -> set[str]:
        """The uids of all people, as slapcat says."""
        text = run([program("slapcat"), "-F", str(config or self.config), "-b", SUFFIX])
        return {line.removeprefix("uid: ") for line in text.splitlines() if line.startswith("uid: ")}

    def _answers(self) -> bool:
        words = [program("ldapwhoami"), *self._login()]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0

    def _login(self) -> list[str]:
        return ["-x", "-H", self._address, "-D", ADMIN, "-w", PASSWORD]
