from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sopwrap.errors import RefusedError, SopError
from sopwrap.key_files import create, former, lent, read, swap, upcoming


def test_a_key_is_random_ours_alone_and_never_written_over(tmp_path: Path) -> None:
    one, other = tmp_path / "secrets" / "a.key", tmp_path / "secrets" / "b.key"
    create(one)
    create(other)
    assert read(one) != read(other) and len(read(one)) >= 43
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    before = read(one)
    with pytest.raises(RefusedError):
        create(one)
    assert read(one) == before
    with pytest.raises(SopError, match="cannot be read"):
        read(tmp_path / "none.key")


def test_a_change_keeps_both_keys_until_the_former_one_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    create(path, "lama")
    fresh = read(upcoming(path))
    assert read(upcoming(path)) == fresh, "a second attempt goes on with the same key"
    swap(path)
    assert (read(path), read(former(path))) == (fresh, "lama")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.key", "a.key.old"]


def test_a_lent_key_is_gone_when_it_was_used(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lent("kunci") as path:
        assert read(path) == "kunci" and stat.S_IMODE(path.stat().st_mode) == 0o600
        1 / 0  # noqa: B018
    assert not path.exists()
