"""The guards of these tests can fail; and secrets stay secret where an operator's mistake puts them in the way."""

from __future__ import annotations

import secrets
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from tests.faults.conftest import Databases
from tests.faults.desk import HOST, Desk
from tests.faults.going import Ended
from tests.faults.secrecy import Sampler, files_with
from tests.office.sheets import words

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


def test_keys_and_their_shares_are_seen_nowhere_while_they_are_made_split_tried_changed_and_lost(desk: Desk) -> None:
    desk.sopwrap("keys", "create", "cadangan").says(0, "cadangan.key is made")
    made = (desk.folder / "secrets" / "cadangan.key").read_text(encoding="ascii").strip()
    desk.secrets.append(made)
    desk.backup().says(0)
    by = ("internal", "--as", "andi")
    people = yaml.safe_load((desk.folder / "office.yml").read_text(encoding="utf-8"))
    people["people"] += [{"id": one, "name": one.title(), "post": "Staf"} for one in ("siti", "yusuf")]
    (desk.folder / "office.yml").write_text(yaml.safe_dump(people), encoding="utf-8")
    sheets, holders = desk.place / "cetak", [word for one in ("andi", "siti", "yusuf") for word in ("--holder", one)]
    desk.sopwrap("keys", "escrow", *by, *holders, "-o", str(sheets), "--leave").says(0, "2 of 3 sheets open")
    shares = [words(sheets / f"{one}.pdf") for one in ("andi", "siti", "yusuf")]
    desk.secrets += shares
    drill = ("keys", "drill", *by, "--asset", "berkas", "--ci", "--into")
    desk.sopwrap(*drill, str(desk.place / "uji"), typed=shares[:2]).says(0)
    desk.sopwrap(*drill, str(desk.place / "lagi"), typed=[shares[0], f"{shares[1]} salah"]).says(2)
    assert (desk.place / "uji" / "berkas-0.txt").exists() and not (desk.place / "lagi").exists()

    key = desk.key_file("internal")
    former = key.rename(desk.place / "hilang.key").read_text(encoding="ascii")
    desk.sopwrap("keys", "recover", "internal", typed=shares[1:]).says(0, "is there again")
    assert key.read_text(encoding="ascii") == former
    fresh = secrets.token_urlsafe(32)
    desk.secret("internal.key.next", f"{fresh}\n")
    desk.sopwrap("keys", "rotate", *by, "--ci", seconds=120).says(0, "is another key now")
    assert key.read_text(encoding="ascii").strip() == fresh
    desk.sopwrap("keys", "list").says(0, "internal.key")
    desk.backup().says(0)


def test_a_vault_that_the_password_does_not_open_is_said_so(databases_of: Databases) -> None:
    desk = databases_of("postgresql")
    password = (desk.folder / "secrets" / "vault.password").read_text(encoding="ascii")
    desk.secret("vault.password", "sandi-brankas-yang-salah")
    desk.backup().says(1, "vault", "No evidence of the backup of uji-db")
    assert not desk.snapshots()
    desk.secret("vault.password", password)
    desk.backup().says(0)
