from __future__ import annotations

from pathlib import Path

from sopwrap.redaction import known_secrets, scrub


def test_keys_of_the_office_are_masked_the_longest_first(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_text("geheim-1\n")
    (tmp_path / "b.key").write_text("geheim-1-and-more\n")
    (tmp_path / "blob").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "short").write_text("ok\n")
    secrets = known_secrets(tmp_path)
    assert secrets == ["geheim-1-and-more", "geheim-1"]
    assert scrub("with geheim-1-and-more or geheim-1, ok", secrets) == "with ******** or ********, ok"


def test_a_password_in_an_address_is_masked() -> None:
    assert scrub("rest:https://budi:r4hasia@host:8000/x") == "rest:https://budi:********@host:8000/x"
    assert scrub("http://host:8000/a@b") == "http://host:8000/a@b"


def test_an_office_without_secrets_has_none(tmp_path: Path) -> None:
    assert known_secrets(tmp_path / "none") == []
