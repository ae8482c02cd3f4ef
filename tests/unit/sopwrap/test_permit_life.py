from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sopwrap.partial import IssuedPermit
from sopwrap.permit_life import lives
from sopwrap.records import Evidence, Replacement
from tests.unit.sopwrap.small_office import record

ISSUED = IssuedPermit(datetime(2026, 11, 21, tzinfo=UTC), "a" * 32, "", "operator")
TOLD = Replacement(mode="replace", permit=ISSUED.number)


def told(action: str = "restore", outcome: str = "ok", permit: str | None = ISSUED.number) -> Evidence:
    return record(action, "laman", outcome=outcome, restore=TOLD.model_copy(update={"permit": permit}))


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([], "issued"),
        ([told(permit="b" * 32), record("restore", "laman")], "issued"),
        ([told(outcome="refused")], "refused"),
        ([told(outcome="refused"), told()], "used"),
        ([told(outcome="failed")], "failed"),
        ([told(), told("undo", "refused")], "used"),
        ([told(), told("undo"), told(outcome="refused")], "undone"),
    ],
)
def test_what_became_of_a_permit(records: list[Evidence], state: str) -> None:
    (life,) = lives([ISSUED], records)
    assert life.state == state
