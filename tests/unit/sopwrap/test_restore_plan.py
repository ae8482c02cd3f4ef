from __future__ import annotations

import pytest

from sopwrap.case import Asset
from sopwrap.records import Evidence, Replacement
from sopwrap.restore_plan import RestorePlan, restore_plan
from tests.unit.sopwrap.small_office import record

TOLD = Replacement(
    mode="replace", place={"paths": "/srv/laman"}, services=["nginx.service"], needed_bytes=2048, free_bytes=4096,
    lost_seconds=7200, downtime_seconds=3.0,
)  # fmt: skip
PLANNED = record("restore", "laman", outcome="planned", point="laman.1", restore=TOLD)


def plan(*records: Evidence, rpo: str | None = "PT24H", planned: Evidence = PLANNED) -> RestorePlan:
    asset = Asset(id="laman", kind="files", host="web1", rpo=rpo)
    return restore_plan(asset, planned, [], [*records, record("restore", "lain", restore=TOLD)])


def test_it_says_what_stops_is_replaced_lost_and_needed() -> None:
    said = dict(plan().rows())
    assert said["stops"] == "nginx.service" and said["replaces"] == "paths /srv/laman"
    assert "2 h, within the RPO of PT24H" in said["loses"] and "2.05 kB of 4.1 kB" in said["needs"]
    assert said["takes"] == "not known: it was never done here" and "ledger does not know" in said["point"]


def test_the_lines_that_would_change_are_shown() -> None:
    change = {"removed": 1, "added": 2, "hidden": 1, "lines": ["-mtu 1500", "+mtu 9000"], "cut": True}
    told = Replacement.model_validate({"mode": "replace", "difference": change})
    said = plan(planned=record("restore", "rtr", outcome="planned", point="rtr.1", restore=told)).text()
    assert "1 lines go, 2 lines come (1 of them in secrets, not shown)" in said
    assert said.index("-mtu 1500") < said.index("+mtu 9000") < said.index("... and more")
    assert "changes" not in plan().text()


def test_what_lives_and_is_not_in_the_point_is_named() -> None:
    told = TOLD.model_copy(update={"stays": ["database:baru", "role:budi"]})
    said = dict(plan(planned=record("restore", "laman", outcome="planned", point="laman.1", restore=told)).rows())
    assert said["stays"] == "database:baru, role:budi: not in the point" and "stays" not in dict(plan().rows())


@pytest.mark.parametrize(("rpo", "within"), [("PT1H", False), ("PT2H", True), (None, None)])
def test_the_real_rpo_is_held_against_the_registers(rpo: str | None, within: bool | None) -> None:
    assert plan(rpo=rpo).within_rpo is within


def test_the_last_restore_onto_living_data_counts_before_a_drill() -> None:
    drill, real = record("restore", "laman"), record("restore", "laman", restore=TOLD)
    assert "into a fresh place" in dict(plan(drill).rows())["takes"]
    assert "3 s of it without services" in dict(plan(drill, real, drill).rows())["takes"]
    assert "never done" in dict(plan(PLANNED, record("restore", "laman", outcome="failed")).rows())["takes"]


def test_a_refusal_says_what_to_do_and_nothing_else() -> None:
    refused = plan(planned=record("restore", "laman", outcome="refused", message="No room.", hint="Make some."))
    assert list(dict(refused.rows())) == ["asset", "refused", "do"] and not refused.possible
