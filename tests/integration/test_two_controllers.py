"""Two controllers with one ledger in PostgreSQL; one of them only carries out playbooks, as AWX does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import yaml

from sopwrap.environment import ansible_environment
from sopwrap.workspace import resources
from tests.integration.tiny import Tiny
from tests.office import Office

DATABASE = "dua_pengendali"


def runner(tiny: Tiny, playbook: str, private: Path, **variables: object) -> Path:
    """Carry out a playbook with ansible-runner, in no container; return the folder of its artifacts."""
    ours = resources()
    (private / "env").mkdir(parents=True)
    (private / "env" / "extravars").write_text(json.dumps(variables))
    command = [str(Path(sys.executable).parent / "ansible-runner"), "run", str(private), "--ident", "job"]
    command += [
        "--project-dir",
        str(ours.playbooks),
        "-p",
        f"{playbook}.yml",
        "--inventory",
        str(tiny.workspace.inventory),
    ]
    environment = {**os.environ, **ansible_environment(tiny.workspace, ours), "HOME": str(tiny.root / "home")}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=300)
    return private / "artifacts" / "job"


def test_what_another_runner_did_is_taken_from_its_events_and_seen_by_every_controller(
    office: Office, tmp_path: Path
) -> None:
    server, first = office.postgresql, Tiny(tmp_path)
    server.sql(f"CREATE DATABASE {DATABASE};", "postgres")
    url = f"postgresql://postgres@/{DATABASE}?host={quote(server.host, safe='')}&port={server.port}"
    path = first.folder / "office.yml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), "ledger": url}))
    shutil.copytree(first.folder, tmp_path / "lain")
    try:
        away = (first.root / "arsip.db").rename(first.root / "arsip.away")
        first("run", "uji/backup", "--asset", "arsip", "--ci", ends=1)
        away.rename(first.root / "arsip.db")
        [case] = [one["case"] for one in first.json("case", "next")]
        of_case = {"sopwrap_only": ["arsip"], "sopwrap_case": {"case": case, "step": "s1"}}
        jobs = [
            runner(first, name, tmp_path / name, **of_case, sopwrap_point="", sopwrap_target={})
            for name in ("backup_assets", "verify_points")
        ]
        first.folder = tmp_path / "lain"  # from here on the other controller
        for job in jobs:
            first("case", "attach", case, "--evidence", str(job), ends=0)
        assert "already taken in" in first("case", "attach", case, "--evidence", str(jobs[0]), ends=4)
        first("case", "decide", case, "s1", "retry", "--as", "andi", "--reason", "Dikerjakan oleh AWX.")
        assert "is done" in first("case", "resume", case, "--ci")
        first.folder = tmp_path / "kantor"
        [asset] = [one for one in first.json("status")["assets"] if one["asset"] == "arsip"]
        assert asset["standing"] == "ok" and asset["proven_at"]
        assert len(first.json("case", "show", case)["steps"][0]["rounds"]) == 1
    finally:
        server.sql(f"DROP DATABASE {DATABASE} WITH (FORCE);", "postgres")
