"""Dependencies point one way, and what is said on two sides of a border is the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from sopwrap.papers import results
from sopwrap.records import Evidence
from sopwrap.sop import library
from tests.contract.house import COLLECTION, ROLES, ROOT, STORE, imports, named, python_sources, tracked

WRAPPER = [path for path in python_sources() if path.is_relative_to(ROOT / "sopwrap")]
MODULE_UTILS = COLLECTION / "plugins" / "module_utils"
PLUGINS = [path for path in python_sources() if path.is_relative_to(COLLECTION)]


def test_nothing_shadows_pythons_own_collections() -> None:
    assert not (ROOT / "collections" / "__init__.py").exists()


@pytest.mark.parametrize("path", WRAPPER, ids=named(WRAPPER))
def test_the_wrapper_imports_nothing_of_ansible_but_the_runner_in_one_place(path: Path) -> None:
    for name in imports(path):
        top = name.split(".")[0]
        assert top not in ("ansible", "ansible_collections"), f"{path.name} imports {name}"
        assert top != "ansible_runner" or path.name == "execution.py"


@pytest.mark.parametrize("path", WRAPPER, ids=named(WRAPPER))
def test_the_wrapper_knows_no_kind_by_name(path: Path) -> None:
    """Kinds are folders of the collection; a name of one in the wrapper would be a second place to register it.

    `files` and `system` are plain words too, so only text that is exactly such a name counts. The ledger may lie in
    a database, whose dialect SQLAlchemy calls by a name that is a kind's too; `application` is a category of assets
    and of media types.
    """
    kinds = {role.name for role in ROLES if role.name != STORE} - {"application"}
    words = {
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    }
    dialects = {"sqlite", "postgresql"} if path.name.startswith("ledger") else set()
    assert not (kinds - dialects) & {word for word in words if isinstance(word, str)}


@pytest.mark.parametrize("path", PLUGINS, ids=named(PLUGINS))
def test_the_collection_imports_nothing_of_the_wrapper(path: Path) -> None:
    assert not [name for name in imports(path) if name.split(".")[0] in ("sopwrap", "ansible_runner")]


def test_module_utils_import_no_module_and_modules_no_controller_code() -> None:
    for path in PLUGINS:
        if path.parent.name in ("modules", "module_utils"):
            for name in imports(path):
                assert not name.startswith("ansible.") or name.startswith("ansible.module_utils."), (
                    f"{path.name}: {name}"
                )
                assert ".plugins.modules" not in name, f"{path.name}: {name}"


def test_a_module_brings_no_kinds_to_a_host_but_those_its_assets_are_made_of() -> None:
    """Ansible packs all that a module imports, wherever in it, and each call unpacks and compiles it."""
    adapters = {role.name for role in ROLES if role.name != STORE}
    made_of = {"application": adapters, "system": {"files"}}
    for path in PLUGINS:
        if path.parent.name == "modules":
            others = {name.stem for name in _packed(path)} & adapters - {path.stem}
            assert others <= made_of.get(path.stem, set()), f"{path.name}: {others}"


def _packed(path: Path) -> set[Path]:
    """The files of module_utils that a module's archive holds."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and ".module_utils" in (node.module or ""):
                words = {str(node.module).rpartition(".")[2], *(alias.name for alias in node.names)}
                fresh = {file for word in words if (file := MODULE_UTILS / f"{word}.py").exists()} - found
                found |= fresh
                waiting += fresh
    return found


def test_both_sides_of_the_evidence_record_have_the_same_fields() -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import evidence

    wrapper = {("schema" if name == "schema_" else name) for name in Evidence.model_fields}
    assert set(evidence.FIELDS) == wrapper
    assert evidence.SCHEMA == "sopwrap.evidence/1"


def test_every_warning_of_a_record_is_taken_by_the_wrapper_has_a_sentence_on_paper_and_is_explained() -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import evidence

    taken = TypeAdapter(Evidence.model_fields["warnings"].annotation)
    assert taken.validate_python(list(evidence.WARNINGS)) == list(evidence.WARNINGS)
    assert set(results.WARNINGS) == set(evidence.WARNINGS)
    page = (ROOT / "docs" / "record-format.md").read_text(encoding="utf-8")
    assert not [word for word in evidence.WARNINGS if f"`{word}`" not in page]


def test_the_record_format_page_explains_every_field() -> None:
    page = (ROOT / "docs" / "record-format.md").read_text(encoding="utf-8")
    for name in Evidence.model_fields:
        assert f"`{name.rstrip('_')}`" in page, name


def test_every_document_an_sop_asks_for_has_a_template() -> None:
    known = {path.name for path in (ROOT / "sopwrap" / "templates").iterdir() if path.is_dir()}
    for sop in library().values():
        for procedure in sop.procedures:
            for step in procedure.steps:
                assert set(step.documents) <= known, f"{sop.id}/{procedure.id} {step.id}"


@pytest.mark.parametrize("path", python_sources(), ids=named(python_sources()))
def test_a_source_file_is_small_and_its_functions_are_too(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or node.lineno) - node.lineno < 60, node.name


@pytest.mark.parametrize("path", python_sources(), ids=named(python_sources()))
def test_what_is_public_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name != "__init__.py" and path.parent.name not in ("modules", "doc_fragments"):
        assert ast.get_docstring(tree), "the file has no docstring"
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            plugin = node.name in ("main", "ModuleDocFragment", "FilterModule", "CallbackModule")
            assert plugin or ast.get_docstring(node), f"{node.name} has no docstring"


def test_every_source_file_is_tried_by_a_unit_test() -> None:
    """By a test file of its name, or by one that imports it (a module cut in two keeps its tests together)."""
    tests = [path for path in tracked(".py") if path.is_relative_to(ROOT / "tests" / "unit")]
    names = {path.stem.removeprefix("test_") for path in tests}
    imported = {name.rpartition(".")[2] for path in tests for name in imports(path)}
    for path in python_sources():
        thin = path.parent.name in ("modules", "doc_fragments") and "\n    def " not in path.read_text(encoding="utf-8")
        part_of = path.stem.lstrip("_").split("_")[0] if path.stem.startswith("_") else path.stem
        wanted = {path.stem, f"commands_{path.stem}", f"commands_{part_of}"}
        assert path.stem in ("__init__", "__main__") or thin or wanted & names or path.stem in imported, path.name


def test_no_file_holds_a_path_of_one_machine_or_an_open_end() -> None:
    open_end = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")) + r")\b")
    home = re.compile(r"(?<![\w.])/(?:" + "|".join(("work" + "/main", "root/" + r"\.pyenv", "home/[a-z]+/")) + ")")
    for path in tracked():
        if path.suffix in {".py", ".yml", ".yaml", ".j2", ".md", ".toml", ".cfg", ".sh", ""} and not path.is_symlink():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not home.search(text), path
            assert path.name == "LICENSE" or not open_end.search(text), path


def test_the_collection_carries_the_licence_of_the_project() -> None:
    """A copy: Ansible's sanity tests allow no link that leads out of a collection."""
    assert (COLLECTION / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
