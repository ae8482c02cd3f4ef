from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.crash import keep


def test_outside_of_an_office_the_report_goes_to_a_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        raise KeyError("lost at postgresql://budi:r4hasia@db/x")
    except KeyError as error:
        path = keep(error, None)
    text = path.read_text()
    assert "KeyError" in text
    assert "r4hasia" not in text
    assert path.stat().st_mode & 0o077 == 0
    path.unlink()
    path.parent.rmdir()


def test_in_an_office_that_cannot_be_written_the_report_goes_to_a_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "office.yml").touch()
    (tmp_path / ".sopwrap").mkdir()
    monkeypatch.setattr("sopwrap.crash.os.access", lambda path, mode: False)
    path = keep(KeyError("x"), tmp_path)
    assert tmp_path not in path.parents
    path.unlink()
    path.parent.rmdir()
