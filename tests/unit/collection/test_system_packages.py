from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import system_packages as packages
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

Fake = Callable[..., list[list[str]]]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Answer programs by their first two words that match; return the list of what was run."""

    def answer(**answers: str) -> list[list[str]]:
        ran: list[list[str]] = []

        def run(argv: list[str], explain: Any, **more: Any) -> bytes:
            ran.append(argv)
            return next((text for word, text in answers.items() if word in argv or f"--{word}" in argv), "").encode()

        monkeypatch.setattr(packages, "run", run)
        monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")
        return ran

    return answer


ARCHIVE = " nginx | 1.22 | file:/x\n nginx | 1.24 | file:/x\n"


def test_a_version_is_taken_where_the_archives_have_it_and_the_present_one(fake: Fake) -> None:
    ran = fake(madison=ARCHIVE, simulate="Inst nginx [1.24] (1.22 x [amd64])\nConf nginx (1.22 x [amd64])\n")
    packages.require_available({"nginx": "1.24"}, {"nginx": "1.22"})
    assert ran[-1][-1] == "nginx=1.22"
    packages.require_available({"php": "8"}, {"php": "8"})


@pytest.mark.parametrize(
    ("now", "then", "says"),
    [
        ("1.24", "1.18", "do not have nginx 1.18; they have 1.22, 1.24"),
        ("1.20", "1.22", "nginx 1.20, which is needed for the way back"),
    ],
)
def test_a_version_that_no_archive_has_is_refused_with_those_there_are(
    now: str, then: str, says: str, fake: Fake
) -> None:
    fake(madison=ARCHIVE)
    with pytest.raises(Problem, match=says):
        packages.require_available({"nginx": now}, {"nginx": then})


def test_what_apt_would_change_beside_is_refused_by_name(fake: Fake) -> None:
    fake(madison=ARCHIVE, simulate="Remv nginx-extras [1.24]\nInst nginx [1.24] (1.22 x [amd64])\n")
    with pytest.raises(Problem, match="apt would change nginx-extras as well"):
        packages.require_available({"nginx": "1.24"}, {"nginx": "1.22"})


def test_what_is_installed_is_what_dpkg_calls_so(fake: Fake) -> None:
    fake(show="nginx\t1.24\tinstalled\nphp\t8\tconfig-files\nsetengah\t2\thalf-installed\n")
    found = packages.installed(["nginx", "php", "tidak", "setengah"])
    assert found == {"nginx": "1.24", "php": None, "tidak": None, "setengah": "2 (half-installed)"}


def test_what_dpkg_was_interrupted_with_is_told_before_anything_is_touched(fake: Fake) -> None:
    fake()
    with pytest.raises(Problem, match="interrupted with the package nginx, which is there") as caught:
        packages.require_available({"nginx": "1.24 (unpacked)"}, {"nginx": "1.22"})
    assert caught.value.refused and "dpkg --configure --pending" in str(caught.value.hint)


def test_a_way_back_that_leaves_a_package_otherwise_is_not_called_one(fake: Fake, tmp_path: Any) -> None:
    fake(show="nginx\t1.24\thalf-installed\n")
    with pytest.raises(Problem, match=r"nginx is there as 1.24 \(half-installed\), not removed"):
        packages.write({"nginx": None}, str(tmp_path))


def test_both_versions_are_fetched_and_nothing_is_done_where_nothing_changes(fake: Fake, tmp_path: Any) -> None:
    ran = fake()
    packages.fetch({"nginx": "1.24", "php": None}, {"nginx": "1.22", "php": "8"}, str(tmp_path / "p"))
    assert ran == [["apt-get", "download", "nginx=1.24", "nginx=1.22", "php=8"]]
    packages.write({}, str(tmp_path))
    assert len(ran) == 1


def test_a_package_that_was_not_there_is_removed_again(fake: Fake, tmp_path: Any) -> None:
    ran = fake(show="nginx\t1.24\tinstalled\n")
    with pytest.raises(Problem, match="package nginx is there"):
        packages.write({"nginx": None, "php": None}, str(tmp_path))
    assert ["install", "nginx-"] in [words[-2:] for words in ran]
