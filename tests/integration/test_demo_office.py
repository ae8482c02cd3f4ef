"""The demo office itself: what the demo and all other integration tests stand on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, OfficeError
from tests.office.process import program
from tests.office.runs import ROOT, Playbooks, Stores

SMALL = 0.02


@pytest.fixture
def short_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that is closed to other users, as a checkout in root's home is, with a space in its name."""
    folder = tmp_path_factory.mktemp("a b")
    folder.chmod(0o700)
    yield folder / "kantor"


def processes_of(folder: Path) -> list[str]:
    """The command lines of all living processes that name ``folder``."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words and path.parent.name != str(os.getpid()):
            found.append(words)
    return found


def test_every_part_answers_over_the_way_the_inventory_names(office: Office) -> None:
    assert int(office.postgresql.sql("SELECT count(*) FROM akademik.krs")) == 22_000
    assert int(office.mariadb.sql("SELECT COUNT(*) FROM komentar")) == 20_000
    assert office.sqlite.sql("SELECT count(*) FROM peminjaman") == [(8_000,)]
    assert Path(f"{office.sqlite.path}-wal").stat().st_size > 100_000, "no rows are left in the WAL"
    assert "neighbor 192.0.2.1 peer-group HULU" in office.router.ssh("show running-config")
    over_tcp = office.postgresql.tcp_source
    words = ["-h", over_tcp["host"], "-p", str(over_tcp["port"]), "-U", over_tcp["user"], "-d", over_tcp["database"]]
    environment = {**os.environ, "PGPASSWORD": over_tcp["password"]}
    subprocess.run([program("psql"), "-X", "-w", *words, "-c", "SELECT 1"], check=True, env=environment)
    refused = subprocess.run([program("psql"), "-X", "-w", *words, "-c", "SELECT 1"], check=False, capture_output=True)
    assert refused.returncode, "TCP let us in without a password"


def test_the_router_takes_each_command_as_one_word_that_no_shell_reads(office: Office) -> None:
    for command in ("show version; id", "show version $(id)", "`id`", "show version && id", "show version\nexit\nid"):
        try:
            said = office.router.ssh(command)
        except OfficeError as error:
            said = str(error)
        assert "uid=" not in said


def test_the_inventory_is_the_asset_register_of_the_office(office: Office) -> None:
    command = [str(Path(sys.executable).parent / "ansible-inventory"), "-i", str(office.inventory), "--list"]
    listing = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    assets = {asset["id"]: asset for host in listing["_meta"]["hostvars"].values() for asset in host["sopwrap_assets"]}
    kinds = {asset["kind"] for asset in assets.values()}
    assert kinds == {"postgresql", "mariadb", "sqlite", "files", "system", "network_config"}
    assert office.asset("siakad-db")["source"] == office.postgresql.source
    assert assets["siakad-db"]["owner"] == "Bagian Akademik dan Kemahasiswaan"


@pytest.mark.parametrize("kind", ["postgresql", "mariadb", "sqlite", "files", "network_config"])
def test_damage_changes_the_live_data_and_reseeding_brings_them_back(office: Office, kind: str) -> None:
    before = look(office, kind)
    assert office.damage(kind).endswith(".")
    assert look(office, kind) != before
    office.reseed(kind)
    assert look(office, kind) == before


def look(office: Office, kind: str) -> str:
    """What can be seen of the data of a kind, as one text."""
    if kind == "postgresql":
        socket = ["-h", office.postgresql.host, "-p", str(office.postgresql.port), "-U", "postgres"]
        dump = subprocess.run(
            [program("pg_dump"), *socket, "siakad"], check=True, capture_output=True, text=True
        ).stdout
        return "\n".join(line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))
    if kind == "mariadb":
        client = [program("mariadb-dump"), f"--defaults-file={office.secrets / 'mariadb.cnf'}", "--skip-dump-date"]
        dump = subprocess.run([*client, "-R", "-E", "--hex-blob", "website"], check=True, capture_output=True)
        return dump.stdout.decode(errors="backslashreplace")
    if kind == "sqlite":
        return subprocess.run(
            [program("sqlite3"), str(office.sqlite.path), ".dump"], check=True, capture_output=True
        ).stdout.decode()
    if kind == "files":
        return "\n".join(
            sorted(
                repr((str(path), path.lstat()[0], path.lstat()[6:7], path.lstat()[8]))
                for path in office.files.path.rglob("*")
            )
        )
    return str(office.router.configuration())


def test_the_medium_is_away_until_it_is_plugged_in_and_keeps_what_is_on_it(office: Office) -> None:
    assert not office.medium.path.exists()
    place = office.plug_in_medium()
    (place / "isi").write_text("tetap", encoding="ascii")
    office.unplug_medium()
    office.plug_in_medium(label="HDD-02")
    assert not (place / "isi").exists()
    office.plug_in_medium()
    assert (place / "isi").read_text(encoding="ascii") == "tetap"


def test_fresh_stores_are_empty_and_the_evidence_of_no_run_is_no_record(
    stores: Stores, run_playbook: Playbooks
) -> None:
    assert stores.snapshots("internal") == []
    assert stores.medium.is_dir()
    run = run_playbook("there_is_no_such_playbook")
    assert run.rc != 0
    assert run.records == []


def test_stopping_leaves_no_process_and_the_folder_can_be_used_again(short_folder: Path) -> None:
    with Office(short_folder, scale=SMALL) as office:
        office.postgresql.sql("CREATE TABLE akademik.tetap AS SELECT 1 AS satu")
        shell = [*office.router._ssh_words()]
        with subprocess.Popen(
            [*shell], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as session:
            time.sleep(0.5)
            office.stop()
            assert session.wait(5), "the session outlived the office"
        assert processes_of(short_folder) == []
    with Office(short_folder, scale=SMALL) as office:
        assert office.postgresql.sql("SELECT satu FROM akademik.tetap").strip() == "1"
    with Office(short_folder, scale=SMALL, fresh=True) as office:
        assert office.postgresql.sql("SELECT to_regclass('akademik.tetap') IS NULL").strip() == "t"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_office_that_is_killed_takes_its_servers_along_and_starts_again(
    short_folder: Path, how: signal.Signals
) -> None:
    command = [sys.executable, "-m", "tests.office", "up", str(short_folder), "--scale", str(SMALL)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("Ready")
        process.send_signal(how)
        process.wait(10)
    deadline = time.monotonic() + 5
    while processes_of(short_folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_of(short_folder) == []
    with Office(short_folder, scale=SMALL) as office:
        assert office.mariadb.sql("SELECT COUNT(*) FROM artikel").strip() == "50"


def test_an_office_that_is_killed_while_it_is_being_made_is_made_at_the_next_start(short_folder: Path) -> None:
    command = [sys.executable, "-m", "tests.office", "up", str(short_folder), "--scale", str(SMALL)]
    for seconds, how in ((0.4, signal.SIGKILL), (1.0, signal.SIGINT), (1.6, signal.SIGKILL), (2.0, signal.SIGINT)):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(seconds)
            process.send_signal(how)
            process.wait(15)
    with Office(short_folder, scale=SMALL) as office:
        assert office.postgresql.sql("SELECT count(*) FROM akademik.mahasiswa").strip() == "50"
        assert office.mariadb.sql("SELECT COUNT(*) FROM artikel").strip() == "50"


def test_two_offices_in_one_folder_are_refused_and_two_folders_are_two_offices(tmp_path: Path) -> None:
    with Office(tmp_path / "a", scale=SMALL, parts={"sqlite"}):
        with pytest.raises(OfficeError, match="running in"):
            Office(tmp_path / "a", scale=SMALL, parts={"sqlite"}).start()
        with pytest.raises(OfficeError, match="running in"):
            Office(tmp_path / "a", scale=SMALL, parts={"sqlite"}, fresh=True).start()
        with Office(tmp_path / "b", scale=SMALL, parts={"sqlite"}) as other:
            assert other.postgresql is None


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "surat.txt").write_text("penting", encoding="ascii")
    with pytest.raises(OfficeError, match="not an office"):
        Office(tmp_path, fresh=True).start()
    assert (tmp_path / "surat.txt").exists()


def test_another_seed_makes_other_data_and_the_same_seed_the_same(tmp_path: Path) -> None:
    told = []
    for number, seed in enumerate((1, 1, 2)):
        with Office(tmp_path / str(number), seed=seed, scale=SMALL, parts={"sqlite"}) as office:
            told.append(office.sqlite.sql("SELECT group_concat(judul) FROM buku"))
    assert told[0] == told[1] != told[2]


def test_filler_databases_have_about_the_size_that_was_asked_for(office: Office) -> None:
    office.postgresql.create("isian", 4)
    assert 3.5e6 < int(office.postgresql.sql("SELECT sum(length(isi)) FROM isian", "isian")) < 4.8e6
    office.mariadb.create("isian", 4)
    assert 3.5e6 < int(office.mariadb.sql("SELECT SUM(LENGTH(isi)) FROM isian", "isian")) < 4.8e6
    office.postgresql.sql("DROP DATABASE isian", "postgres")
    office.mariadb.sql("DROP DATABASE isian", "mysql")
