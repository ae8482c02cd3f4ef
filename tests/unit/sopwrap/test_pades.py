from __future__ import annotations

from pathlib import Path

from sopwrap.pades import open_pkcs12
from tests.unit.sopwrap.certificates import PASSPHRASE, pkcs12_file


def test_a_private_number_in_a_certificate_is_not_kept(tmp_path: Path) -> None:
    opened = open_pkcs12(pkcs12_file(tmp_path, "Siti 3171234567890123"), PASSPHRASE.encode())
    assert opened.name == "Siti …"
