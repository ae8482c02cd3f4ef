"""The page of exported files: in Indonesian, with commands that can be typed as they stand."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, as_they_are, chosen, file_of, page
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Kind
from ansible_collections.sopwrap.backup.plugins.module_utils.openldap import Openldap
from ansible_collections.sopwrap.backup.plugins.module_utils.redis import Redis
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite import Sqlite

TREE = {"name": "tree", "form": "tree"}
TEXT = {"name": "isi aneh's.txt", "form": "blob"}
MANIFEST = {
    "point": "berkas.20260110T000000Z.abc123",
    "asset": "berkas",
    "title": "Arsip surat",
    "kind": "files",
    "host": "srv-a",
    "created_at": "2026-01-10T00:00:00.000000Z",
    "tools": {"restic": "0.14.0"},
}


def test_a_tree_becomes_an_archive_and_everything_else_keeps_its_name() -> None:
    assert (file_of(TREE), file_of(TEXT)) == ("tree.tar", "isi aneh's.txt")


def test_what_needs_no_program_of_its_own_is_unpacked_and_copied() -> None:
    typed = [command for step in as_they_are([TREE, TEXT]) for command in step.commands]
    assert typed[0].startswith("TUJUAN=") and "--file=tree.tar" in typed[2]
    assert typed[3] == """cp 'isi aneh'"'"'s.txt' "$TUJUAN"/"""
    assert len(as_they_are([TREE])) == len(as_they_are([TEXT])) == 3


def test_the_page_says_what_it_is_that_it_is_not_encrypted_and_every_step_in_order() -> None:
    text = page(MANIFEST, {"tree.tar": (7, "ab12")}, [chosen("/srv/pulih", "folder"), Step("Lihat.", ("ls",))])
    for words in (
        "# Cara memulihkan Arsip surat",
        "2026-01-10 00:00:00 UTC",
        "tidak dienkripsi",
        "| tree.tar | 7 | ab12 |",
    ):
        assert words in text
    typed = [line.strip() for line in text.splitlines() if line.startswith(" " * 7)]
    assert typed == ["sha256sum --check SHA256SUMS", "TUJUAN=/srv/pulih", "ls"]


@pytest.mark.parametrize("kind", [Openldap(), Redis(), Sqlite()], ids=["openldap", "redis", "sqlite"])
def test_what_a_server_is_to_read_is_given_to_its_account(kind: Kind) -> None:
    source = {"suffix": "dc=kantor", "directory": "/var/lib/ldap"}
    assert any("(chown" in step.words for step in kind.by_hand({"source": source}))
