"""What a platform's lines may name is put in; braces that are the device's own stay."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.device_values import Values


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("timer {minutes}", "timer 6"),
        ("timeout {seconds}", "timeout 301"),
        ("commit timer {hms}", "commit timer 00:06:00"),
        ("load {path}", "load flash:a.cfg"),
        ("load {safety}", "load {safety}"),
        ("session sopwrap-{mark}", "session sopwrap-1f"),
        ("{text}", "isi {x}"),
        ("show {semua}", "show {semua}"),
    ],
)
def test_a_line_is_filled_with_what_is_known_and_time_is_rounded_up(line: str, said: str) -> None:
    assert line.format_map(Values({"path": "flash:a.cfg"}, 300.2, "isi {x}", "1f")) == said
