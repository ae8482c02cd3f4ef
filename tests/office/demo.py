"""`make demo`: one whole SOP on real servers, from the order to the archive, with demo persons.

Every step is the command a person of the office would type; what they print is what they print. The
servers, the office and its papers lie under one folder (``.demo``), which may be removed afterwards.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

from tests.office import Office, OfficeError
from tests.office.packages import main as install_packages

ROOT = Path(__file__).resolve().parents[2]
SOP = "iain-ptk-2022/backup"
DONE, WAITING, HELD = 0, 3, 1


class Story:
    """Runs the office's commands in its folder, shows each, and stops the demo where one does not end as told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tell(self, sentence: str) -> None:
        """Say what the office does now."""
        print(f"\n── {sentence}", flush=True)

    def sopwrap(self, *words: str, ends: int = DONE) -> None:
        """Run one command of the wrapper; raise SystemExit when it ends otherwise than ``ends``."""
        print("$ sopwrap " + " ".join(word if " " not in word else f"'{word}'" for word in words), flush=True)
        command = [str(Path(sys.executable).parent / "sopwrap"), *words]
        ended = subprocess.run(command, cwd=self.folder, check=False).returncode
        if ended != ends:
            raise SystemExit(f"The demo stops here: the command ended with {ended}, expected {ends}.")


def make_office(folder: Path, servers: Office) -> Path:
    """Given running servers, make the office folder beside them: people, inventory and keys; returns its path."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    people = yaml.safe_load((Path(__file__).parent / "people.yml").read_text(encoding="utf-8"))
    key = folder / "secrets" / "siti"
    key.parent.mkdir(mode=0o700)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "siti", "-f", str(key)], check=True)
    people["people"][0]["key"] = " ".join(key.with_suffix(".pub").read_text(encoding="utf-8").split()[:2])
    (folder / "office.yml").write_text(yaml.safe_dump(people, allow_unicode=True, sort_keys=False), encoding="utf-8")
    servers.write_inventory(folder / "inventory")
    shutil.copy(ROOT / "ansible.cfg", folder / "ansible.cfg")
    return folder


def carry_out(story: Story, servers: Office) -> None:
    """All eleven rows of the SOP, with both correction loops and the branch without a medium."""
    key = ("--key", str(story.folder / "secrets" / "siti"))
    story.tell("The schedule opens a case. Row 1 is the head's: nothing runs before she orders it.")
    story.sopwrap("run", SOP, ends=WAITING)
    story.sopwrap("case", "sign", "--as", "siti", "--note", "Laksanakan sesuai jadwal bulan ini.", *key)
    story.tell("Row 2: the machine has prepared the checklist. Row 3: the head sends it back once, then accepts it.")
    story.sopwrap("case", "decide", "perbaiki", "--as", "siti", "--reason", "Sebutkan juga konfigurasi router.", *key)
    story.sopwrap("case", "decide", "sesuai", "--as", "siti", "--reason", "Ceklis lengkap.", *key)
    story.tell("Row 4: the machine looks for the external disk. It is not there; rows 5 and 6 ask for it and wait.")
    story.sopwrap("case", "resume", ends=WAITING)
    story.sopwrap("case", "decide", "tidak tersedia", "--as", "andi", "--reason", "Hardisk eksternal tidak terpasang.")
    story.sopwrap("case", "sign", "--as", "andi", "--note", "Mohon hardisk eksternal untuk backup bulan ini.")
    story.tell("The disk is brought and plugged in.")
    servers.plug_in_medium()
    story.sopwrap(
        "case", "sign", "--as", "yusuf", "--note", "Hardisk diserahkan kepada petugas.", "--letter", "B-017/Umum/2026"
    )
    story.sopwrap("case", "resume", ends=WAITING)
    story.sopwrap("case", "decide", "tersedia", "--as", "andi", "--reason", "Label dan ruang sesuai.")
    story.tell("Row 7: databases, files, system and router are backed up, copied to the disk, and read back.")
    story.sopwrap("case", "resume", ends=WAITING)
    story.tell(
        "Rows 8 to 11: the officer ticks the checklist, makes minutes and report; the head corrects once; archive."
    )
    story.sopwrap("case", "sign", "--as", "andi", "--checked", "all")
    story.sopwrap("case", "sign", "--as", "andi")
    story.sopwrap(
        "case", "decide", "perbaiki", "--as", "siti", "--reason", "Cantumkan nomor surat permintaan media.", *key
    )
    story.sopwrap("case", "sign", "--as", "andi", "--note", "Nomor surat dicantumkan.")
    story.sopwrap("case", "decide", "sesuai", "--as", "siti", "--reason", "Berita acara dan laporan sesuai.", *key)
    story.sopwrap("case", "sign", "--as", "andi", "--note", "Diarsipkan di lemari arsip PTID.")


def main(argv: list[str] | None = None) -> int:
    """Install what is missing, start the servers, carry the SOP out, end the servers; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / ".demo", help="where everything of the demo lies")
    folder = parser.parse_args(argv).folder
    if install_packages([]):
        return 1
    begun = time.monotonic()
    print("Starting the demo office: PostgreSQL, MariaDB, SQLite, files, an FRR router behind SSH …", flush=True)
    with Office(folder / "servers", fresh=True) as servers:
        story = Story(make_office(folder / "office", servers))
        carry_out(story, servers)
        story.tell("The papers, the state of the office, and the ledger's own check.")
        story.sopwrap("report")
        story.sopwrap("status")
        story.sopwrap("audit", "verify")
    print(f"\nDone in {time.monotonic() - begun:.0f} s. The papers: {folder / 'office' / 'papers'}", flush=True)
    print("Nothing is left running; the folder may be removed.", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OfficeError as reason:
        sys.exit(f"The demo office cannot be started: {reason}")
