"""The commands that issue permits: by two people in an emergency, and only on the letter that was scanned."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sopwrap import permits
from sopwrap.approval import require_letter
from sopwrap.engine import RunResult
from sopwrap.errors import RefusedError
from sopwrap.partial import Attachment
from sopwrap.records import Replacement
from tests.office.emergencies import Pair
from tests.unit.sopwrap.shells import PointShell, of_point
from tests.unit.sopwrap.small_office import PEOPLE
from tests.unit.sopwrap.test_engine_sops import restoring

PLAN = Replacement(mode="replace", manifest="b" * 64, place={"path": "/srv/arsip.db"})


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture
def shell(point_shell: PointShell, pair: Pair) -> PointShell:
    """An office in which Siti and Yusuf may permit in an emergency, and a plan."""
    people = [{**one, "key": pair.public.get(one["id"])} for one in PEOPLE]
    path = point_shell.workspace.folder / "office.yml"
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**known, "people": people, "emergency": ["siti", "yusuf"]}), encoding="utf-8")
    point_shell.keep(of_point("restore", outcome="planned", restore=PLAN).model_copy(update={"kind": "files"}))
    return point_shell


def words(pair: Pair, second: str = "yusuf", key: Path | None = None) -> tuple[str, ...]:
    signers = ("--first", "siti", "--first-key", str(pair.first), "--second", second)
    return (*signers, "--second-key", str(key or pair.second), "--reason", "Server disusupi", "--executor", "andi")


def test_two_people_permit_a_restore_and_it_ends_on_its_own_minutes(shell: PointShell, pair: Pair) -> None:
    text = shell("permit", "emergency", "arsip", *words(pair)).stdout
    permit = permits.read(text).permit
    assert isinstance(permit, permits.Emergency) and permit.signers == ("siti", "yusuf")
    assert json.loads(shell("permit", "show", permit.number, "--json").stdout)["reason"] == "Server disusupi"
    told = PLAN.model_copy(update={"permit": permit.number, "emergency": True})
    shell.answer = RunResult("ok", [of_point("restore", restore=told)])
    said = shell("restore", "run", "arsip", "--permit", permit.number).stderr
    assert (shell.orders[-1].case, shell.orders[-1].permit) == (None, text)
    assert f"pemulihan-{permit.number[:8]}/restore_minutes.pdf" in said


def test_who_may_not_or_signs_twice_permits_nothing(shell: PointShell, pair: Pair) -> None:
    for second, key, says in (
        ("siti", pair.first, "An emergency needs two people"),
        ("andi", pair.second, "may not permit a restore in an emergency"),
        ("yusuf", pair.stranger, "not of yusuf's key"),
    ):
        assert says in shell("permit", "emergency", "arsip", *words(pair, second, key), ends=4).stderr
    misspelt = shell("permit", "emergency", "arsp", *words(pair), ends=2).stderr
    assert "There is no asset arsp in the inventory" in misspelt and "arsip" in misspelt
    assert shell.workspace.ledger().of_kind("permit") == []


def test_the_hosts_are_told_who_may_in_an_emergency(shell: PointShell) -> None:
    shell.answer = RunResult("ok", [])
    shell("permit", "trust")
    told = str(shell.orders[-1].variables["sopwrap_permit_signers"])
    assert told.count("sopwrap@permit,sopwrap@emergency") == 2


def test_the_letter_is_the_one_that_was_scanned(tmp_path: Path) -> None:
    here = restoring(tmp_path)
    scan = tmp_path / "surat.pdf"
    scan.write_bytes(b"%PDF surat")
    require_letter(here.case(), None)
    with pytest.raises(RefusedError, match="holds no scan"):
        require_letter(here.case(), "a" * 64)
    first = here.case().steps[0].rounds[-1]
    assert first.scan is None
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    held = replace(first, scan=Attachment(first.due_at, scan.name, sha256, 10, "", "operator"))
    case = here.case()
    case = replace(case, steps=(replace(case.steps[0], rounds=(held,)), *case.steps[1:]))
    require_letter(case, sha256)
    for shown, says in ((None, "Show it with --letter"), ("b" * 64, "is not the letter")):
        with pytest.raises(RefusedError, match=says):
            require_letter(case, shown)
