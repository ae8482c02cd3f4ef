from __future__ import annotations

import pytest

from sopwrap.catalogue import catalogue
from sopwrap.papers import signers
from sopwrap.sop import library
from tests.unit.sopwrap import built, cases, views


def signed(name: str, document: str, operation: str = "", choose: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Role and lane (or post) of each block."""
    sop_id, procedure_id = name.split("/")
    sop = library()[sop_id]
    case = built.walked(sop, sop.procedure(procedure_id), operation, choose=choose)
    found = signers.blocks(case, catalogue()[document])
    return [(one.role.rstrip(","), one.signatory.lane) for one in found]


@pytest.mark.parametrize(
    ("name", "document", "lanes"),
    [
        ("majalengka/backup", "backup_form", ["Kabid Bidang Informatika", "Pejabat Fungsional/Pelaksana"]),
        ("majalengka/backup", "report", ["Kabid Bidang Informatika", "Pejabat Fungsional/Pelaksana"]),
        ("majalengka/restore", "restore_request", ["Kabid Bidang Informatika", "Unit Kerja Pemohon", "Kadis Kominfo"]),
        ("majalengka/restore", "restore_form",
         ["Kabid Bidang Informatika", "Pejabat Fungsional/Pelaksana", "Unit Kerja Pemohon"]),
        ("majalengka/restore", "notice", ["Pejabat Fungsional/Pelaksana"]),
        ("kaltim/backup-restore", "report", ["Pemeriksa TIK", "Pengelola TIK"]),
        ("kaltim/backup-restore", "plan", ["Pengelola TIK"]),
        ("kaltim/backup-restore", "order", ["Administrator Bidang TIK", "Pengawas Infrastuktur TIK"]),
        ("iain-ptk-2022/backup", "minutes", ["Kepala PTID", "Petugas Backup Data"]),
        ("iain-ptk-2022/backup", "register", ["Kepala PTID", "Petugas Backup Data"]),
        ("ditjenpp-2025/backup", "report", ["Subkoordinator", "JFU/JFT"]),
    ],
)  # fmt: skip
def test_who_signs_follows_from_the_procedure(name: str, document: str, lanes: list[str]) -> None:
    assert [lane for _, lane in signed(name, document, "backup" if "kaltim" in name else "")] == lanes


def test_a_refusal_is_told_by_who_refused() -> None:
    assert signed("majalengka/restore", "notice", choose=("ditolak",)) == [
        ("Yang memberitahukan", "Kabid Bidang Informatika")
    ]


def test_the_official_the_sop_names_as_taking_note_signs_too() -> None:
    assert signed("bpsdm-2024/backup", "report")[-1] == ("Mengetahui", "Kepala Pusat Penilaian Kompetensi")


def test_a_paper_without_signers_has_no_blocks() -> None:
    assert signers.blocks(cases.finished(), catalogue()["manifest"]) == []


def test_the_offices_papers_are_signed_by_who_reviewed_and_by_a_head_nobody_guesses() -> None:
    head, reviewer = signers.office_blocks(views.full(), catalogue()["asset_register"])
    assert (head.signatory.post, head.signatory.name) == ("Pimpinan Pusat Teknologi Informasi dan Data (PTID)", None)
    assert reviewer.signatory.name == "Rina Contoh, S.Kom."
    assert signers.office_blocks(views.bare(), catalogue()["asset_register"])[1].signatory.name is None
