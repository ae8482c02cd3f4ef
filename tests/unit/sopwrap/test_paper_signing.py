from __future__ import annotations

import pytest

from sopwrap.paper_signing import is_of


@pytest.mark.parametrize(
    ("name", "common", "same"),
    [
        ("Siti Rahmawati, S.Kom., M.T.", "SITI RAHMAWATI", True),
        ("Muhammad Yusuf, S.E.", "Muhammad Ali", False),
        ("Soekarno", "SOEKARNO", True),
        ("Siti Contoh", "Balai Sertifikasi Elektronik", False),
    ],
)
def test_a_certificate_is_of_whoever_most_of_its_words_name(name: str, common: str, same: bool) -> None:
    assert is_of(name, common) is same
