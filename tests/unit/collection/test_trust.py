"""A host is told once whose permits it believes."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.trust import establish

SIGNERS = 'budi namespaces="sopwrap@permit" ssh-ed25519 AAAA\n'


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(permit_register, "TRUST", str(tmp_path / "etc"))
    return tmp_path / "etc"


def test_a_host_is_told_once_and_then_only_agrees(place: Path) -> None:
    assert establish("srv", SIGNERS, check=True) and not place.exists()
    assert establish("srv", SIGNERS) and not establish("srv", SIGNERS)
    assert (place / "permit_signers").read_text() == SIGNERS
    assert (place / "permit_host").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(("host", "signers"), [("other", SIGNERS), ("srv", SIGNERS.replace("AAAA", "BBBB"))])
def test_what_a_host_believes_is_never_changed(place: Path, host: str, signers: str) -> None:
    establish("srv", SIGNERS)
    with pytest.raises(Problem, match="says something else already"):
        establish(host, signers)
    assert (place / "permit_signers").read_text() == SIGNERS


@pytest.mark.parametrize(
    "signers", ["", '* namespaces="sopwrap@permit" ssh-ed25519 AAAA', "budi ssh-ed25519 AAAA", "budi"]
)
def test_a_list_that_lets_too_much_sign_is_refused(signers: str, place: Path) -> None:
    with pytest.raises(Problem, match="list of permit signers"):
        establish("srv", signers)
    assert not place.exists()
