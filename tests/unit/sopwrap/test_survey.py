from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sopwrap.survey import late_steps
from tests.unit.sopwrap.small_office import place


def test_a_step_counts_as_late_from_the_moment_its_standard_time_is_over(tmp_path: Path) -> None:
    here = place(tmp_path)
    case = here.resume()
    assert late_steps(case, case.opened_at + timedelta(hours=1)) == 0
    assert late_steps(case, case.opened_at + timedelta(days=8)) == 1
