"""The guards of these tests can fail; and secrets stay secret where an operator's mistake puts them in the way."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.conftest import Databases
from tests.faults.desk import HOST, Desk
from tests.faults.going import Ended
from tests.faults.secrecy import Sampler, files_with

CANARY = "kenari-7f3a91c2"


@pytest.mark.parametrize(
    ("arguments", "environment", "seen"),
    [((CANARY,), {}, "cmdline of"), ((), {"SANDI": CANARY}, "environ of"), ((), {}, "")],
    ids=["argument", "environment", "neither"],
)
def test_a_secret_in_the_process_list_is_seen(
    arguments: tuple[str, ...], environment: dict[str, str], seen: str
) -> None:
    sampler = Sampler([CANARY])
    sampler.start()
    with subprocess.Popen(
        ["sleep", "0.4"] if not arguments else ["sh", "-c", "sleep 0.4; :", *arguments], env=environment
    ):
        time.sleep(0.3)
    assert any(seen in found for found in sampler.stop()) is bool(seen)


def test_a_secret_in_a_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text(f"x{CANARY}y", encoding="ascii")
    (tmp_path / "own").write_text(CANARY, encoding="ascii")
    (tmp_path / "base64").write_text("a2VuYXJpLTdmM2E5MWMy\n", encoding="ascii")
    assert sorted(files_with([CANARY], [tmp_path], {tmp_path / "own"})) == sorted(
        str(tmp_path / name) for name in ("plain", "base64")
    )


@pytest.mark.parametrize("output", ["Traceback (most recent call last):", "failed: ['a', 'b']", "KeyError('x')"])
def test_what_only_a_programmer_reads_is_seen(output: str) -> None:
    with pytest.raises(AssertionError):
        Ended(1, output).says(1)


def test_a_half_point_is_seen(desk: Desk) -> None:
    desk.restic(
        "internal", "backup", "--tag", "sopwrap,point:berkas.x,asset:berkas,role:data", str(desk.key_file("external"))
    )
    with pytest.raises(AssertionError, match="not whole"):
        desk.whole_points()
    desk.backup().says(0)
    assert desk.whole_points() == 1, "the next run sweeps what a dead one left"


def test_secrets_in_the_operators_environment_stay_there(desk: Desk) -> None:
    """Not even the files a run needs while it lasts may hold what an operator has in the environment."""
    desk.extra = {"VAULT_TOKEN_OF_OPERATOR": CANARY}
    ended = desk.backup()
    assert (ended.code, CANARY in ended.output) == (0, False)
    assert not files_with([CANARY], [desk.folder, desk.home, desk.temp], set())


def test_a_wrong_variable_does_not_print_the_secrets_beside_it_however_loud_ansible_is(databases_of: Databases) -> None:
    desk = databases_of("postgresql")
    desk.assets[HOST][0]["source"]["port"] = "bukan-angka"
    desk.write()
    settings = desk.folder / "ansible.cfg"
    settings.write_text(settings.read_text().replace("[defaults]", "[defaults]\nverbosity = 3", 1))
    ended = desk.backup()
    ended.says(1, "port")
    assert not any(secret in ended.output for secret in desk.secrets)


def test_a_vault_that_the_password_does_not_open_is_said_so(databases_of: Databases) -> None:
    desk = databases_of("postgresql")
    password = (desk.folder / "secrets" / "vault.password").read_text(encoding="ascii")
    desk.secret("vault.password", "sandi-brankas-yang-salah")
    desk.backup().says(1, "vault", "No evidence of the backup of uji-db")
    assert not desk.snapshots()
    desk.secret("vault.password", password)
    desk.backup().says(0)
