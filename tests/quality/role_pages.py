"""The table of inputs in each role's README, generated from its argument specs.

python -m tests.quality.role_pages     renews them
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLES = ROOT / "collections" / "ansible_collections" / "sopwrap" / "backup" / "roles"
BEGIN = "<!-- inputs: generated from meta/argument_specs.yml by `python -m tests.quality.role_pages` -->"
END = "<!-- /inputs -->"


def table(role: Path) -> str:
    """The inputs of a role: name, type, what it means, default, and the verbs that take it."""
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    inputs: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for verb, spec in specs.items():
        for name, option in (spec.get("options") or {}).items():
            inputs.setdefault(name, (option, []))[1].append(verb)
    lines = ["| input | type | meaning | default | verbs |", "|---|---|---|---|---|"]
    for name, (option, verbs) in inputs.items():
        default = str(option.get("default", "required")).replace("|", "\\|")
        about = option["description"] if isinstance(option["description"], str) else " ".join(option["description"])
        lines.append(f"| `{name}` | {option['type']} | {about} | `{default}` | {', '.join(verbs)} |")
    return "\n".join([BEGIN, "", *lines, "", END])


def renewed(role: Path) -> str:
    """The role's README with a current table (put at its end where it has none yet)."""
    text = (role / "README.md").read_text(encoding="utf-8")
    if BEGIN not in text:
        return f"{text.rstrip()}\n\n## Inputs\n\n{table(role)}\n"
    before, rest = text.split(BEGIN, 1)
    return before + table(role) + rest.split(END, 1)[1]


if __name__ == "__main__":
    for folder in sorted(path for path in ROLES.iterdir() if path.is_dir()):
        (folder / "README.md").write_text(renewed(folder), encoding="utf-8")
