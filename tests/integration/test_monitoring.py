"""What Prometheus' own tool says of our figures and of the example's alert rules."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.office.process import program
from tests.unit.sopwrap.shells import PointShell, of_point

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "prometheus"


def promtool(*words: str, cwd: Path | None = None, given: str = "") -> None:
    """Run promtool; fail with what it said."""
    ended = subprocess.run([program("promtool"), *words], cwd=cwd, input=given, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_promtool_finds_nothing_wrong_with_the_figures(tmp_path: Path) -> None:
    shell = PointShell(tmp_path / "office")
    shell.keep(of_point("backup", free_bytes=10**9, store_id="ab12"), of_point("verify"))
    promtool("check", "metrics", given=shell("status", "--metrics").stdout)


def test_the_alert_rules_ring_when_they_should_and_are_quiet_when_they_should() -> None:
    promtool("check", "rules", "alerts.yml", cwd=EXAMPLES)
    promtool("test", "rules", "alerts_test.yml", cwd=EXAMPLES)


def test_the_alert_rules_ask_for_no_figure_that_is_not_written(tmp_path: Path) -> None:
    import re

    shell = PointShell(tmp_path / "office")
    shell.keep(of_point("backup", free_bytes=10**9, store_id="ab12"))
    written = set(re.findall(r"^# TYPE (\w+)", shell("status", "--metrics").stdout, re.MULTILINE))
    asked = set(re.findall(r"sopwrap_\w+", (EXAMPLES / "alerts.yml").read_text()))
    assert asked <= written | {"sopwrap_case_since_timestamp_seconds", "sopwrap_case_late_steps"}
