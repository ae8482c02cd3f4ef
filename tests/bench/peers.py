"""What others need for the same devices: netmiko in threads, and `network_cli`, Ansible's own way to them.

Each works in a throw-away environment that is made for the measurement (about 700 MB for a while, from the package
index), since neither is a part of this project. Oxidized is a package of Ruby's that Debian does not carry, and is
therefore not here.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

PACKAGES = ("ansible~=12.0", "netmiko~=4.6", "paramiko")
PATIENCE = 900
"""Seconds the environment may take to be made."""
AT_ONCE = 50
FEW = 20
"""Devices that network_cli is measured with: it takes a second for each, and so minutes for hundreds."""

PLAY = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Fetch the configuration into a file",
                "cisco.ios.ios_config": {"backup": True, "backup_options": {"dir_path": "{{ playbook_dir }}/backup"}},
            }
        ],
    }
]


def environment(folder: Path) -> Path:
    """Make the environment with what is to be compared; return the folder of its programs."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [str(folder / "bin" / "pip"), "install", "--quiet", *PACKAGES]
    subprocess.run(install, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "bin"


def netmiko(programs: Path, port: int, count: int) -> list[str]:
    """The command that fetches so many devices with netmiko."""
    script = Path(__file__).with_name("netmiko_threads.py")
    return [str(programs / "python"), str(script), str(port), str(count), str(AT_ONCE)]


def network_cli(programs: Path, folder: Path, port: int, names: list[str]) -> list[str]:
    """The command that fetches these devices with one task of the collection cisco.ios; writes what it needs."""
    (folder / "backup").mkdir(parents=True, exist_ok=True)
    shared = {
        "ansible_host": "127.0.0.1",
        "ansible_port": port,
        "ansible_user": "{{ inventory_hostname }}",
        "ansible_password": "sandi",
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": "paramiko",
        "ansible_host_key_checking": False,
        "ansible_command_timeout": 300,
        "ansible_connect_timeout": 300,
        "ansible_python_interpreter": str(programs / "python"),
    }
    inventory = {"all": {"vars": shared, "hosts": dict.fromkeys(names)}}
    (folder / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    (folder / "play.yml").write_text(yaml.safe_dump(PLAY), encoding="utf-8")
    settings = f"[defaults]\nforks = {AT_ONCE}\n[persistent_connection]\nconnect_timeout = 300\ncommand_timeout = 300\n"
    (folder / "ansible.cfg").write_text(settings, encoding="utf-8")
    return [str(programs / "ansible-playbook"), "-i", "hosts.yml", "play.yml"]
