from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from junitparser import Failure, JUnitXml, Skipped, TestSuite

from sopwrap.ci.junit import junit
from sopwrap.ci.outcome import Outcome
from tests.unit.sopwrap.small_office import place
from tests.unit.sopwrap.test_outcome import held, told


def read(found: Outcome) -> TestSuite:
    """The file as another program's reader understands it."""
    [suite] = JUnitXml.fromstring(junit(found))
    return suite


def test_failures_are_those_of_the_assets_and_of_the_step_that_is_held(tmp_path: Path) -> None:
    suite = read(held(tmp_path))
    bad = {test.name: test.result[0] for test in suite if test.result}
    assert set(bad) == {"backup in internal", "step l7"}
    assert isinstance(bad["backup in internal"], Failure)
    assert bad["backup in internal"].text == "backup of siakad-db broke. Start it."
    assert (suite.failures, suite.skipped, suite.errors) == (2, 0, 0) and suite.tests == len(list(suite))


def test_a_case_that_waits_for_a_person_is_skipped_and_not_passed(tmp_path: Path) -> None:
    here = place(tmp_path)
    here.resume()
    suite = read(told(here, 3))
    [test] = list(suite)
    assert isinstance(test.result[0], Skipped) and "waits for siti" in test.result[0].message
    assert (suite.tests, suite.skipped, suite.failures) == (1, 1, 0)


def test_letters_that_xml_cannot_hold_do_not_break_the_file(tmp_path: Path) -> None:
    found = held(tmp_path)
    odd = tuple(replace(one, message=f"{one.message}\x1b[31m <&> \x00") for one in found.actions)
    assert len(list(read(replace(found, actions=odd)))) == len(odd) + 1
