"""An office beside the lab's host that carries out restores by `sopwrap`, from the letter to the notice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.office.permits import Authority

NAMES = {one: f"{one.title()} Contoh" for one in ("sari", "dewi", "budi", "andi", "rina")}
LANES = {
    "majalengka": {"pemohon": ["sari"], "kadis": ["dewi"], "kabid": ["budi"], "pf": ["andi"]},
    "kaltim": {
        "opd": ["sari"], "admin": ["dewi"], "pengawas": ["budi"], "dc.pengelola": ["andi"], "dc.pemeriksa": ["rina"],
    },
}  # fmt: skip
LETTER = (
    "--set", "request_letter.unit=Humas", "--set", "request_letter.purpose=Data hilang",
    "--set", "restore_request.incident=Terhapus", "--set", "restore_request.loss_understood=ya",
)  # fmt: skip


ASKED = ("--set", "request_letter.unit=Humas", "--set", "request_letter.purpose=Data hilang")


def _told(asset: str) -> dict[str, Any]:
    """What the register has to say of an asset, beside what the machine needs."""
    known = {"title": asset.title(), "owner": "Humas", "classification": "terbatas", "personal_data": False}
    return {**known, "rpo": "P1D", "rto": "PT4H", "retention": "P30D", "reviewed": "2026-11-01"}


class LetteredOffice:
    """The office's folder, and its commands in the network of the lab; Budi approves and has a key."""

    def __init__(self, folder: Path, inside: list[str], inventory: Path, authority: Authority) -> None:
        self.folder, self._inside, self.key = folder, inside, authority.key
        (folder / "inventory").mkdir(parents=True)
        hosts = yaml.safe_load(inventory.read_text(encoding="utf-8"))
        for host in hosts["all"]["hosts"].values():
            host["sopwrap_assets"] = [{**_told(one["id"]), **one} for one in host["sopwrap_assets"]]
        (folder / "inventory" / "hosts.yml").write_text(yaml.safe_dump(hosts), encoding="utf-8")
        key = authority.key.with_suffix(".pub").read_text(encoding="utf-8").strip()
        people = [{"id": one, "name": name, "post": "Staf"} for one, name in NAMES.items()]
        people = [{**one, "key": key} if one["id"] == "budi" else one for one in people]
        office = {"format": "sopwrap.office/1", "name": "Kominfo", "place": "Majalengka", "timezone": "Asia/Jakarta"}
        known = {**office, "people": people, "bindings": LANES}
        (folder / "office.yml").write_text(yaml.safe_dump(known), encoding="utf-8")

    def __call__(self, *words: str, ends: int = 0) -> str:
        """Run a command; return what it printed, complaints too. It has to end with this code."""
        program = [str(Path(sys.executable).parent / "sopwrap"), "--office", str(self.folder)]
        done = subprocess.run(
            [*self._inside, *program, *words], capture_output=True, text=True, timeout=300, check=False,
            env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == ends, f"{words}: {done.returncode}\n{said}"
        return said

    def json(self, *words: str) -> Any:
        """What a command prints as JSON; its progress comes after that, as complaints do."""
        return json.JSONDecoder().raw_decode(self(*words, "--json"))[0]

    def ask(self, asset: str) -> str:
        """Ask for a restore in place, have it approved and permitted; return the number of the case."""
        said = self(
            "request", "majalengka/restore", "--asset", asset, "--as", "sari", "--letter", "005/1", *LETTER, ends=3
        )
        case = re.findall(r"Case (\S+) is open", said)[0]
        self("case", "sign", case, "--as", "dewi")
        approved = ("--reason", "Sesuai", "--set", "authority=berwenang")
        self("case", "decide", case, "disetujui", "--as", "budi", "--key", str(self.key), *approved)
        self("permit", "issue", case, "--asset", asset, "--executor", "andi", "--key", str(self.key))
        self("case", "sign", case, "--as", "andi", "--set", "place=di tempat semula")
        return str(case)

    def order(self, asset: str) -> str:
        """Ask by Kaltim's SOP, have it passed on to the data centre; return the number of the case."""
        words = (
            "kaltim/backup-restore",
            "--operation",
            "restore",
            "--asset",
            asset,
            "--as",
            "sari",
            "--letter",
            "006/1",
        )
        case = re.findall(r"Case (\S+) is open", self("request", *words, *ASKED, ends=3))[0]
        self("case", "sign", case, "--as", "dewi")
        self("case", "sign", case, "--as", "budi", "--key", str(self.key))
        return str(case)

    def paper(self, case: str, document: str) -> str:
        """A paper of a case as a page."""
        folder = self.folder / "papers-of-test"
        self("report", case, "--document", document, "--format", "html", "-o", str(folder))
        return (folder / f"{document}.html").read_text(encoding="utf-8")
