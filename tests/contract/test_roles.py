"""All roles rhyme: who has read one has read them all, and what a role says of its inputs is true."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from sopwrap.sop import Category
from tests.contract.house import COLLECTION, RECIPES, ROLES, STORE, VERBS, named, read, tasks

KINDS = [role for role in ROLES if role.name != STORE]
SHAPE = {
    "README.md",
    "defaults/main.yml",
    "meta/argument_specs.yml",
    "meta/main.yml",
    "tasks/main.yml",
    "tasks/backup.yml",
    "tasks/verify.yml",
    "tasks/restore.yml",
}


def files(role: Path) -> set[str]:
    return {
        str(path.relative_to(role)) for path in role.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("role", ROLES, ids=named(ROLES))
def test_a_role_has_the_files_every_role_has(role: Path) -> None:
    extra = {name for name in files(role) - SHAPE if not name.startswith(("vars/", "files/"))}
    allowed = (
        {"tasks/check.yml", "tasks/list.yml", "tasks/trust.yml", "tasks/forget.yml", "tasks/rekey.yml"}
        if role.name == STORE
        else set()
    )
    assert not SHAPE - files(role)
    assert not extra - allowed


@pytest.mark.parametrize("role", KINDS, ids=named(KINDS))
def test_a_kind_says_what_it_is_about(role: Path) -> None:
    """By the first of its tags; a step of an SOP that is about databases alone goes by it."""
    tags = read(role / "meta" / "main.yml")["galaxy_info"].get("galaxy_tags")
    assert tags
    assert tags[0] in get_args(Category)


@pytest.mark.parametrize("verb", VERBS)
def test_kinds_differ_in_a_verb_by_their_own_name_and_input_alone(verb: str) -> None:
    """After replacing the role's name every kind does the same things in the same order."""
    flows = {}
    for role in KINDS:
        names = [task["name"].replace(role.name, "ROLE") for task in tasks(role / "tasks" / f"{verb}.yml")]
        flows.setdefault(tuple(names), []).append(role.name)
    assert len(flows) == 1, flows


@pytest.mark.parametrize("role", [*ROLES, *RECIPES], ids=named([*ROLES, *RECIPES]))
def test_the_argument_specs_have_the_keys_and_values_of_the_defaults(role: Path) -> None:
    defaults = read(role / "defaults" / "main.yml") or {}
    specs = read(role / "meta" / "argument_specs.yml")["argument_specs"]
    stated: dict[str, object] = {}
    for entry, spec in specs.items():
        assert entry == "main" or spec.get("description"), f"{entry} has no description"
        for key, option in (spec.get("options") or {}).items():
            assert option.get("required") or "default" in option, f"{entry}.{key} has neither default nor required"
            if "default" in option:
                stated[key] = option["default"]
                assert option["default"] == defaults.get(key), f"{entry}.{key}"
    assert set(defaults) == set(stated), "defaults and argument specs name different inputs"


@pytest.mark.parametrize("role", [*ROLES, *RECIPES], ids=named([*ROLES, *RECIPES]))
def test_each_verb_is_an_entry_point_with_a_spec(role: Path) -> None:
    specs = read(role / "meta" / "argument_specs.yml")["argument_specs"]
    assert set(VERBS) <= set(specs)
    for verb in set(specs) - {"main"}:
        assert (role / "tasks" / f"{verb}.yml").is_file(), f"{verb} has a spec and no task file"


@pytest.mark.parametrize("role", [*ROLES, *RECIPES], ids=named([*ROLES, *RECIPES]))
def test_names_tell_their_owner(role: Path) -> None:
    """Inputs begin with the role's name, what is private with two underscores (GPA, naming parameters)."""
    for key in read(role / "defaults" / "main.yml") or {}:
        assert key.startswith(f"{role.name}_"), key
    for path in (role / "tasks").glob("*.yml"):
        for task in tasks(path):
            prefix = "" if path.stem == "main" else f"{path.stem} | "  # ansible-lint wants none in main.yml
            assert task["name"].startswith(prefix), f"{path}: {task['name']}"
            for key in [task.get("register"), *task.get("vars", {})]:
                assert (
                    key is None or key.startswith((f"__{role.name}_", f"{role.name}_", "sopwrap_")) or role in RECIPES
                ), key
    for path in (role / "vars").glob("*.yml"):
        for key in read(path) or {}:
            assert key.startswith(f"__{role.name}_"), key


@pytest.mark.parametrize("role", [*ROLES, *RECIPES], ids=named([*ROLES, *RECIPES]))
def test_no_task_file_is_dead(role: Path) -> None:
    specs = set(read(role / "meta" / "argument_specs.yml")["argument_specs"])
    text = "".join(path.read_text(encoding="utf-8") for path in (role / "tasks").glob("*.yml"))
    for path in (role / "tasks").glob("*.yml"):
        assert path.stem in specs | {"main"} or path.name in text, f"{path} is included by nothing"


@pytest.mark.parametrize("role", [*ROLES, *RECIPES], ids=named([*ROLES, *RECIPES]))
def test_a_role_without_a_verb_refuses_instead_of_doing_nothing(role: Path) -> None:
    """A role under `roles:` that has no main.yml succeeds silently: the worst end of a backup."""
    only = list(tasks(role / "tasks" / "main.yml"))
    assert len(only) == 1
    assert "ansible.builtin.fail" in only[0]
    assert "tasks_from" in only[0]["ansible.builtin.fail"]["msg"]


@pytest.mark.parametrize("role", [*ROLES, *RECIPES], ids=named([*ROLES, *RECIPES]))
def test_no_task_hides_a_failure_or_runs_a_shell(role: Path) -> None:
    for path in (role / "tasks").glob("*.yml"):
        for task in tasks(path):
            assert not task.get("ignore_errors"), task["name"]
            assert task.get("failed_when") is not False, task["name"]
            assert not {"ansible.builtin.shell", "shell", "ansible.builtin.set_fact", "set_fact"} & set(task), task[
                "name"
            ]
            assert "run_once" not in task or "delegate_to" in task, task["name"]


@pytest.mark.parametrize("role", KINDS, ids=named(KINDS))
def test_a_kind_is_one_role_one_module_one_round_trip(role: Path) -> None:
    root = COLLECTION.parents[3]
    assert (COLLECTION / "plugins" / "modules" / f"{role.name}.py").is_file()
    assert (root / "tests" / "integration" / f"test_{role.name}_round_trip.py").is_file()


def test_roles_of_the_collection_and_recipes_never_share_a_name() -> None:
    """With one name in both trees a playbook and a role would silently get different ones."""
    assert not {role.name for role in ROLES} & {role.name for role in RECIPES}


@pytest.mark.parametrize(
    "path", [path for role in [*ROLES, *RECIPES] for path in (role / "tasks").glob("*.yml")], ids=str
)
def test_a_task_file_fits_a_screen(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80
