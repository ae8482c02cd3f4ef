"""The example pipelines, their steps carried out as a runner's shell does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml

from tests.integration.pipeline import WAITS, Runner, calendar, waiting
from tests.integration.tiny import Tiny

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "pipelines"


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    made = Tiny(tmp_path)
    waiting(made)
    return made


def read(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def test_the_workflow_of_github_looks_backs_up_and_shows_it_on_the_runs_page(tiny: Tiny) -> None:
    jobs = {
        name: [step["run"] for step in job["steps"] if "run" in step]
        for name, job in read("github-actions.yml")["jobs"].items()
    }
    run = Runner(tiny, "uji/backup")
    calendar(tiny, "uji/backup")
    page = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(run.page)}
    for script in jobs["look"]:
        ended = run(script, **page)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    assert tiny.json("case", "list", "--all") == [], "a look opens no case"
    for script in jobs["backup"]:
        assert run(script, **page).returncode == 0
    assert run.page.read_text().startswith("### ✅") and (run.folder / "results" / "index.html").is_file()
    ended = run(jobs["backup"][0], **page)
    assert ended.returncode == 0 and "Nothing is due" in ended.stdout
    assert len(tiny.json("case", "list", "--all")) == 1
    (tiny.root / "arsip.db").unlink()
    calendar(tiny, "uji/backup", assets=["arsip"])
    ended = run(jobs["backup"][0], **page)
    assert ended.returncode == 1 and "::error title=arsip" in ended.stdout and "### ❌" in run.page.read_text()


def test_the_jobs_of_gitlab_pass_with_a_warning_where_a_person_has_the_next_step(tiny: Tiny) -> None:
    job, run = read("gitlab-ci.yml")["backup"], Runner(tiny, WAITS)
    calendar(tiny, WAITS)
    ended = run("\n".join(job["script"]))
    assert ended.returncode == 3 and job["allow_failure"]["exit_codes"] == [3]
    assert run("\n".join(job["after_script"])).returncode == 0
    [file] = run.folder.glob(job["artifacts"]["reports"]["junit"])
    [suite] = JUnitXml.fromfile(str(file))
    assert (suite.tests, suite.skipped, suite.failures) == (1, 1, 0)


def test_the_jenkinsfile_does_the_same(tiny: Tiny) -> None:
    text = (EXAMPLES / "Jenkinsfile").read_text(encoding="utf-8")
    look, back_up, board = re.findall(r"(?:script: |sh )'([^']+)'", text)
    run = Runner(tiny, WAITS)
    calendar(tiny, WAITS)
    assert run(look).returncode == 0
    assert run(back_up).returncode == 3 and "code == 3" in text
    assert run(board).returncode == 0
    [pattern] = re.findall(r"junit testResults: '([^']+)'", text)
    assert len(list(run.folder.glob(pattern))) == 1


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml", "Jenkinsfile"])
def test_two_runs_are_kept_apart_and_nothing_is_named_as_a_secret(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert re.search("concurrency:|resource_group:|disableConcurrentBuilds", text)
    assert not re.search(r"secrets\.[A-Z]|password|credentials\(", text)
