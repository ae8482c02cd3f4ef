"""Documentation cannot rot: what is generated is current, what is linked is there, what is said can be found."""

from __future__ import annotations

import re

from tests.contract.house import ROLES, ROOT, STORE, tracked
from tests.quality import documents_page
from tests.quality.cli_page import commands, page
from tests.quality.role_pages import renewed


def test_the_page_of_the_commands_is_what_their_help_says() -> None:
    """Renew it with `python -m tests.quality.cli_page > docs/reference/cli.md`."""
    assert (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8") == page()


def test_the_page_of_the_documents_is_what_templates_and_sops_say() -> None:
    """Renew it with `python -m tests.quality.documents_page > docs/reference/documents.md`."""
    assert (ROOT / "docs" / "reference" / "documents.md").read_text(encoding="utf-8") == documents_page.page()


def test_every_command_says_what_it_is_for() -> None:
    from sopwrap.cli import cli

    for name, command in commands(cli):
        assert command.help, name


def test_every_kind_is_on_the_page_that_says_which_is_for_what() -> None:
    page = (ROOT / "docs" / "how-to" / "what-to-protect.md").read_text(encoding="utf-8")
    assert not [role.name for role in ROLES if role.name != STORE and f"| `{role.name}` |" not in page]


def test_every_link_inside_the_project_leads_somewhere() -> None:
    for path in tracked(".md"):
        for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text(encoding="utf-8")):
            assert re.match(r"[a-z]+:", target) or (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_table_of_inputs_in_a_roles_page_is_what_its_specs_say() -> None:
    """Renew them with `python -m tests.quality.role_pages`."""
    for role in ROLES:
        assert (role / "README.md").read_text(encoding="utf-8") == renewed(role), role.name
