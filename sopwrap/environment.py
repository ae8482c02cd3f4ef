"""The environment Ansible's programs are started with: the office's settings, and our collection within reach.

Nothing secret is added to it. What the operator's own environment holds is passed on as it is.
"""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path

from sopwrap.workspace import Resources, Workspace

_COLLECTIONS = "~/.ansible/collections:/usr/share/ansible/collections"
_ROLES = "~/.ansible/roles:/usr/share/ansible/roles:/etc/ansible/roles"

_INVENTORY_PLUGINS = "host_list,script,sopwrap.backup.hosts_file,auto,ini,toml"
"""Ansible's own but for the order, its `auto` before `yaml` reads every file of a register twice, and for its `yaml`,
which takes twice as long as the collection's."""

LARGEST_RESULT = 256 * 1024 * 1024
"""ansible-runner silently empties a result of more than 700 000 characters; hundreds of assets make more."""


def ansible_environment(workspace: Workspace, resources: Resources) -> dict[str, str]:
    """Return the variables to set on top of the present environment.

    Where PYTHONUNBUFFERED is set, as in many container images, a module on this machine would read its own text from
    its input byte by byte, which takes longer than all it does then.
    """
    path = os.environ.get("PATH") or os.defpath
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{path}",
        "ANSIBLE_COLLECTIONS_PATH": _paths(
            "ANSIBLE_COLLECTIONS_PATH", _COLLECTIONS, workspace.folder / "collections", resources.collections
        ),
        "ANSIBLE_ROLES_PATH": _paths("ANSIBLE_ROLES_PATH", _ROLES, workspace.folder / "roles", resources.roles),
        "ANSIBLE_HOST_KEY_CHECKING": str(_checks_host_keys(workspace.config)),
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "True",
        "ANSIBLE_NOCOLOR": "True",
        "MAX_EVENT_RES": str(LARGEST_RESULT),
        "PYTHONUNBUFFERED": "",
    }
    if workspace.config.is_file():
        own["ANSIBLE_CONFIG"] = str(workspace.config)
        if not (os.environ.get("ANSIBLE_INVENTORY_ENABLED") or _says(workspace.config, "inventory", "enable_plugins")):
            own["ANSIBLE_INVENTORY_ENABLED"] = _INVENTORY_PLUGINS
    if "utf" not in (os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "").lower():
        own["LC_ALL"] = "C.UTF-8"
    return own


def _paths(variable: str, usual: str, *folders: Path) -> str:
    """Folders that are there, the office's first, before what the operator has set or Ansible looks at anyway."""
    return os.pathsep.join([str(folder) for folder in folders if folder.is_dir()] + [os.environ.get(variable) or usual])


def _checks_host_keys(config: Path) -> bool:
    """What the office says of SSH host keys: yes unless it says no (ansible-runner by itself would switch it off)."""
    given = os.environ.get("ANSIBLE_HOST_KEY_CHECKING") or _says(config, "defaults", "host_key_checking")
    return given.strip().lower() not in ("0", "false", "no", "off", "n", "f")


def _says(config: Path, section: str, key: str) -> str:
    """What an office's ansible.cfg sets; empty where it sets nothing, or cannot be read (Ansible says why)."""
    settings = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        settings.read(config, encoding="utf-8")
        return settings.get(section, key, fallback="")
    except (configparser.Error, UnicodeDecodeError):
        return ""
