from __future__ import annotations

from sopwrap.commands._evidence import keep_evidence, known_points
from tests.unit.sopwrap.shells import POINT, PointShell, of_point


def test_evidence_of_no_case_is_kept_in_one_piece_and_gives_points(point_shell: PointShell) -> None:
    ledger = point_shell.workspace.ledger()
    keep_evidence(ledger, [of_point("backup"), of_point("verify")])
    assert [(entry.case, entry.data["origin"]) for entry in ledger.of_kind("evidence")] == [(None, "run")] * 2
    assert [one.id for one in known_points(ledger)] == [POINT]
