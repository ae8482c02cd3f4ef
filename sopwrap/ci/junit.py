"""The outcome as JUnit XML: one test case for each action, and one for the step the case stands at."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sopwrap.ci.outcome import Action, Outcome

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters XML 1.0 has no way to write."""


def junit(told: Outcome) -> bytes:
    """The file's bytes. A case that waits for a person is a skipped test: nothing failed, nothing is done."""
    suite = Element("testsuite", name=f"{told.procedure} {told.case}")
    for action in told.actions:
        _test(suite, action)
    _step(suite, told)
    tests = suite.findall("testcase")
    counts = {
        "tests": len(tests),
        "failures": len(suite.findall("testcase/failure")),
        "errors": 0,
        "skipped": len(suite.findall("testcase/skipped")),
    }
    for name, count in counts.items():
        suite.set(name, str(count))
    suite.set("time", f"{sum(one.seconds for one in told.actions):.3f}")
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _test(suite: Element, action: Action) -> None:
    name = f"{action.action} in {action.store}" if action.store else action.action
    test = SubElement(
        suite,
        "testcase",
        classname=_text(f"{action.host}.{action.asset}"),
        name=_text(name),
        time=f"{action.seconds:.3f}",
    )
    if not action.good:
        failure = SubElement(test, "failure", type=action.outcome, message=_text(action.message))
        failure.text = _text(f"{action.message} {action.hint or ''}".strip())


def _step(suite: Element, told: Outcome) -> None:
    where = told.next.step or "end"
    test = SubElement(suite, "testcase", classname=told.procedure, name=f"step {where}", time="0.000")
    who = f" (waits for {', '.join(told.next.people or told.next.lanes)})" if told.next.lanes else ""
    text = _text(f"{told.next.text}{who}")
    if told.state == "waiting":
        SubElement(test, "skipped", message=text)
    elif told.state != "done":
        SubElement(test, "failure", type=told.state, message=text).text = text


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
