"""A case of which a backup's size has jumped, from the run to the person's decision."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from sopwrap.engine import RunResult
from sopwrap.execution import Order
from tests.unit.sopwrap.shells import RunShell

MB = 1_000_000


@pytest.fixture
def sized(run_shell: RunShell, monkeypatch: pytest.MonkeyPatch) -> RunShell:
    """The office with one asset whose next backup has ``run_shell.size`` bytes."""
    path = run_shell.workspace.folder / "office.yml"
    office: dict[str, Any] = yaml.safe_load(path.read_text())
    office["bindings"]["uji"] = {"petugas": ["andi"]}
    path.write_text(yaml.safe_dump(office))
    plain = run_shell.answer

    def answer(order: Order) -> RunResult:
        made = plain(order)
        point = f"p{len(run_shell.orders)}"
        size = run_shell.size  # type: ignore[attr-defined]
        grown = [one.model_copy(update={"point": f"{one.asset}.{point}", "size_bytes": size}) for one in made.records]
        return RunResult(made.outcome, grown, made.message)

    monkeypatch.setattr(run_shell, "answer", answer)
    return run_shell


def go(shell: RunShell, size: int, ends: int = 0) -> str:
    shell.size = size  # type: ignore[attr-defined]
    return shell("run", "uji/backup", "--asset", "laman", ends=ends).stdout


def test_a_size_that_jumped_holds_the_case_until_a_person_accepts_it(sized: RunShell) -> None:
    go(sized, 100 * MB)
    said = go(sized, 40 * MB, ends=1)
    assert "laman: its size has shrunk from 100 MB to 40 MB" in said
    assert "is held at step s1" in said
    case = sized.cases[-1]
    sized("case", "decide", case, "s1", "continue", "--as", "andi", "--reason", "Arsip lama sudah dipindahkan.")
    assert "is done" in go(sized, 41 * MB), "what was accepted is what the next one is compared with"


def test_what_nobody_accepted_is_no_measure_for_the_next_day(sized: RunShell) -> None:
    go(sized, 100 * MB)
    go(sized, 10 * MB, ends=1)
    sized("case", "decide", sized.cases[-1], "s1", "stop", "--as", "andi", "--reason", "Basis data salah.", ends=0)
    assert "has shrunk" in go(sized, 10 * MB, ends=1)
    assert "is done" in go(sized, 99 * MB)


def test_a_retry_of_the_same_content_is_held_again_and_a_mended_one_passes(sized: RunShell) -> None:
    go(sized, 100 * MB)
    go(sized, 10 * MB, ends=1)
    case = sized.cases[-1]
    sized("case", "decide", case, "s1", "retry", "--as", "andi", "--reason", "Coba lagi.")
    assert "has shrunk" in sized("case", "resume", case, ends=1).stdout
    sized("case", "decide", case, "s1", "retry", "--as", "andi", "--reason", "Diska sudah dipasang.")
    sized.size = 100 * MB  # type: ignore[attr-defined]
    assert "is done" in sized("case", "resume", case).stdout


def test_the_board_and_the_figures_show_it(sized: RunShell) -> None:
    go(sized, 100 * MB)
    go(sized, 10 * MB, ends=1)
    assert 'sopwrap_asset_size_odd{asset="laman"} 1.0' in sized("status", "--metrics").stdout
