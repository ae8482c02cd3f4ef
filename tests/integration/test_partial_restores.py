"""A piece of a point instead of all of it, into a fresh place, compared with the fingerprint of that piece."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.replacing import Bench
from tests.office.permits import Authority
from tests.unit.collection.toy import Shelf


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


def bench(folder: Path, shelf: Shelf, kind: str, source: dict[str, Any]) -> Bench:
    asset = {"id": f"uji-{kind}", "kind": kind, "stores": ["internal"], "source": source}
    made = Bench(folder, asset, shelf.config(folder, "internal"), Authority(folder / "authority"))
    made.back_up()
    return made


@pytest.fixture(scope="module")
def trees(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Two trees with names that a pattern would take for something else."""
    folder = tmp_path_factory.mktemp("trees")
    for name in ("situs/a[1]*.html", "situs/a1x.html", "situs/unggahan/dalam/b.txt", "situs/unggahanku", "lain/c"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (folder / "situs/unggahan").chmod(0o2750)
    return bench(folder, shelf, "files", {"paths": [str(folder / "situs"), str(folder / "lain")], "exclude": []})


def test_one_folder_and_one_file_of_the_point_come_back_and_nothing_else(trees: Bench, tmp_path: Path) -> None:
    only = [str(trees.folder / "situs/unggahan"), str(trees.folder / "situs/a[1]*.html")]
    (done,) = trees.do({"path": str(tmp_path / "uji"), "only": only})
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
    found = sorted(path.name for path in (tmp_path / "uji").rglob("*") if path.is_file())
    assert found == ["a[1]*.html", "b.txt"]
    (folder,) = (tmp_path / "uji").rglob("unggahan")
    assert folder.stat().st_mode & 0o7777 == 0o2750


@pytest.mark.parametrize(
    ("only", "says"),
    [(["/tidak/ada"], "nothing at /tidak/ada"), (["situs"], "no list of absolute paths"), ("situs", "no list")],
)
def test_what_the_point_does_not_hold_is_refused_before_anything_is_made(
    only: Any, says: str, trees: Bench, tmp_path: Path
) -> None:
    (refused,) = trees.do({"path": str(tmp_path / "uji"), "only": only})
    assert refused["outcome"] == "refused" and says in refused["message"]
    assert not (tmp_path / "uji").exists()


def test_a_piece_that_is_missing_afterwards_is_no_success(
    trees: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import point

    whole = point.Recovered.extract

    def lossy(self: Any, part: str, into: str, only: Any = ()) -> None:
        whole(self, part, into, only)
        next(Path(into).rglob("b.txt")).unlink()

    monkeypatch.setattr(point.Recovered, "extract", lossy)
    (failed,) = trees.do({"path": str(tmp_path / "uji"), "only": [str(trees.folder / "situs/unggahan")]})
    assert failed["outcome"] == "failed" and "missing" in failed["message"]


def test_a_part_of_a_servers_configuration_comes_back_with_the_list_of_the_machine(
    shelf: Shelf, tmp_path: Path
) -> None:
    etc = tmp_path / "etc"
    for name in ("nginx/nginx.conf", "hosts"):
        (etc / name).parent.mkdir(parents=True, exist_ok=True)
        (etc / name).write_text(name, encoding="utf-8")
    made = bench(tmp_path, shelf, "system", {"etc": str(etc), "exclude": []})
    (done,) = made.do({"path": str(tmp_path / "uji"), "only": [str(etc / "nginx")]})
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
    files = sorted(path.name for path in (tmp_path / "uji").rglob("*") if path.is_file())
    assert files == ["nginx.conf", "state.json"]
