from __future__ import annotations

import json

from tests.unit.sopwrap.shells import RunShell


def test_doctor_ends_with_1_only_when_something_fails(run_shell: RunShell) -> None:
    checks = json.loads(run_shell("doctor", "--json", ends=1).stdout)
    assert [one["check"] for one in checks if one["state"] == "fail"] == ["inventory", "keys"]
    run_shell.workspace.secrets.mkdir(mode=0o700)
    (run_shell.workspace.secrets / "internal.key").touch(mode=0o600)
    hosts = run_shell.workspace.inventory / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("lain/backup", "uji/backup"))
    assert "0 failed" in run_shell("doctor").stdout
