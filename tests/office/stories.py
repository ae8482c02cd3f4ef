"""What people do in cases of the shipped SOPs, as a table: every procedure, every operation, every branch.

The integration tests carry it out on real stores; a contract test finds a branch that no story takes. Adding an SOP
means adding a story, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PEOPLE = {
    "kepala": "Siti Rahmawati", "andi": "Andi Pratama", "budi": "Budi Santosa", "sri": "Sri Wahyuni",
    "umum": "Muhammad Yusuf", "mona": "Mona Lestari",
}  # fmt: skip
BINDINGS = {
    "bpsdm-2024": {"ketua": ["kepala"], "anggota": ["andi", "budi"]},
    "ditjenpp-2025": {"koordinator": ["sri"], "subkoordinator": ["kepala"], "jfu": ["andi"]},
    "iain-ptk-2022": {"kepala": ["kepala"], "petugas": ["andi"], "umum": ["umum"]},
    "kaltim": {
        "opd": ["mona"], "admin": ["kepala"], "pengawas": ["sri"], "dc.pengelola": ["andi"], "dc.pemeriksa": ["budi"],
    },
    "majalengka": {"pemohon": ["mona"], "kadis": ["kepala"], "kabid": ["sri"], "pf": ["andi"]},
}  # fmt: skip
DATABASE, WEBSITE = "perpustakaan-db", "website-berkas"


@dataclass(frozen=True)
class Act:
    """What one person does at a step: signs it, or decides ``choice``; ``event`` happens in the office before."""

    step: str
    person: str
    choice: str | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    event: str = ""


@dataclass(frozen=True)
class Story:
    """One case from its trigger to its end; with a ``request`` it is opened by one (the form of its letter)."""

    procedure: str
    acts: tuple[Act, ...]
    operation: str = "backup"
    assets: tuple[str, ...] = (DATABASE, WEBSITE)
    request: Mapping[str, Any] | None = None
    actions: tuple[str, ...] = ()  # the successful actions the case's evidence has to hold
    again: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # steps done twice, the second time for these


LETTER = {"request_letter": {"unit": "UPT Perpustakaan", "purpose": ["Permohonan sesuai ketentuan"]}}
WISH = {"restore_request": {"incident": ["Data sirkulasi terhapus"], "loss_understood": "ya"}}
PLAN = {"starts": "2026-11-23 19:00", "capacity": "mencukupi"}

STORIES = {
    "bpsdm: a part fails and is done again": Story(
        "bpsdm-2024/backup",
        (
            Act("l1", "kepala", event="the database is away"),
            Act("l3", "andi", "continue"),
            Act("l3", "andi"),
            Act("l4", "budi", "T", event="the database is back"),
            Act("l3", "andi"),
            Act("l4", "budi", "Y"),
            Act("l5", "kepala"),
        ),
        actions=("backup", "copy", "verify"),
        again={"l3": (DATABASE,)},
    ),
    "ditjenpp: database, then web application": Story(
        "ditjenpp-2025/backup",
        (Act("l1", "kepala"), Act("l4", "andi"), Act("l5", "andi")),
        actions=("backup", "copy", "verify"),
    ),
    "majalengka: the schedule's backup is done twice": Story(
        "majalengka/backup",
        (
            Act("l2", "andi", "gagal"),
            Act("l2", "andi", "berhasil"),
            Act("l3", "andi"),
            Act("l5", "andi"),
            Act("l6", "sri"),
        ),
        assets=(DATABASE,),
        actions=("backup", "copy", "verify"),
    ),
    "majalengka: a restore is granted": Story(
        "majalengka/restore",
        (
            Act("l2", "kepala"),
            Act("l3", "sri", "disetujui", {"authority": "berwenang"}),
            Act("l4", "andi", form={"place": "PLACE"}),
            Act("l6", "andi"),
            Act("l7", "andi"),
            Act("l8", "mona"),
        ),
        "restore",
        (DATABASE,),
        LETTER | WISH,
        ("restore",),
    ),
    "majalengka: a restore is refused": Story(
        "majalengka/restore",
        (
            Act("l2", "kepala"),
            Act("l3", "sri", "ditolak", {"authority": "tidak berwenang"}),
            Act("tolak", "mona", form={"message": ["Permintaan ditolak."]}),
        ),
        "restore",
        (DATABASE,),
        LETTER | WISH,
    ),
    "kaltim: a backup by plan": Story(
        "kaltim/backup-restore",
        (
            Act("l2", "kepala"),
            Act("l2", "sri"),
            Act("l3", "andi", form={"plan": PLAN}),
            Act("l4", "andi"),
            Act("l5", "budi"),
            Act("l5", "mona"),
        ),
        "backup",
        (DATABASE,),
        LETTER,
        ("backup", "copy", "verify"),
    ),
    "kaltim: a restore by plan": Story(
        "kaltim/backup-restore",
        (
            Act("l2", "kepala"),
            Act("l2", "sri"),
            Act("l3", "andi", form={"plan": PLAN | {"place": "PLACE"}}),
            Act("l4", "andi"),
            Act("l5", "budi"),
            Act("l5", "mona"),
        ),
        "restore",
        (DATABASE,),
        LETTER,
        ("restore",),
    ),
    "iain: both corrections and a wait for the medium": Story(
        "iain-ptk-2022/backup",
        (
            Act("l1", "kepala"),
            Act("l3", "kepala", "perbaiki"),
            Act("l3", "kepala", "sesuai", event="the medium is away"),
            Act("l4", "andi", "tidak tersedia"),
            Act("l5", "andi"),
            Act("l6", "umum", event="the medium is back"),
            Act("l4", "andi", "tersedia"),
            Act("l8", "andi"),
            Act("l9", "andi"),
            Act("l10", "kepala", "perbaiki"),
            Act("l9", "andi"),
            Act("l10", "kepala", "sesuai"),
            Act("l11", "andi"),
        ),
        assets=(DATABASE,),
        actions=("backup", "copy", "verify"),
    ),
}
