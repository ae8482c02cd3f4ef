"""A restore onto living data on a host of its own: by SSH, with systemd, and with what happens when all goes wrong.

The host runs PostgreSQL and nginx. nginx shows a page and stands for the application: it is stopped for the exchange.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator

import pytest

from sopwrap.engine import load_case
from sopwrap.workspace import Workspace
from tests.integration.lettered import LetteredOffice
from tests.lab.lab import Lab
from tests.lab.site import ROOT, Site

HOST, PAGE = "db1", "Selamat datang di Layanan Kampus"
ASSETS = [
    {"id": "siakad", "kind": "postgresql", "source": {"database": "siakad", "os_user": "postgres"}},
    {"id": "situs", "kind": "files", "source": {"paths": ["/srv/situs"]}},
]
COMMON = {"services": ["nginx"], "health": {"url": "http://127.0.0.1/", "contains": PAGE}}


SLOWLY = (
    "mkdir -p /etc/systemd/system/nginx.service.d; systemctl enable -q postgresql nginx; "
    "printf '[Service]\\nExecStartPre=/bin/sleep 4\\n' > /etc/systemd/system/nginx.service.d/slow.conf; "
    "sed -i s,/var/www/html,/srv/situs, /etc/nginx/sites-available/default; systemctl daemon-reload"
)
"""So that a test can be there while the data has been exchanged and the service does not run yet."""


class ServedSite(Site):
    """The host with its database and its page."""

    def rows(self) -> str:
        """What the database holds."""
        return self.lab.ssh(HOST, "runuser -u postgres -- psql -Atc 'SELECT count(*) FROM nilai' siakad").strip()

    def serves(self) -> bool:
        """Whether the service runs and shows its page."""
        fetch = f"import urllib.request as r; print({PAGE!r} in r.urlopen('http://127.0.0.1/').read().decode())"
        return self.lab.ssh(HOST, f'python3 -c "{fetch}"', check=False).strip() == "True"

    def by_nobodys_account(self, permit: str) -> None:
        """Try a way around the permit from a folder that is no office, with nothing that writes records down."""
        own = self.folder / "own.cfg"
        paths = f"collections_path = {ROOT / 'collections'}\nroles_path = {ROOT / 'roles'}\n"
        own.write_text(f"[defaults]\n{paths}", encoding="utf-8")
        self.environment = {"ANSIBLE_CONFIG": str(own)}
        assert self.replace("siakad", sopwrap_permit=permit) == [], "no record came back"
        assert "failed=1" in self.output
        self.environment = {}

    def wait_until_it_serves(self, seconds: float = 60) -> None:
        """Wait for the guard to have done its work."""
        end = time.monotonic() + seconds
        while not (self.serves() and self.states() <= {"done", "undone", "loading"}):
            assert time.monotonic() < end, self.lab.ssh(
                HOST, "journalctl -n 50 --no-pager; systemctl status nginx; true"
            )
            time.sleep(0.5)

    def states(self) -> set[str]:
        """The states of the journals on the host."""
        texts = self.lab.ssh(HOST, "cat /var/lib/sopwrap/restores/*/journal.json 2>/dev/null; true")
        decoder, found = json.JSONDecoder(), set()
        while texts:
            journal, end = decoder.raw_decode(texts)
            found.add(journal["state"])
            texts = texts[end:].lstrip()
        return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedSite]:
    """The host, its data backed up and then damaged."""
    folder = tmp_path_factory.mktemp("lab")
    with Lab(folder / "hosts") as lab:
        lab.up(HOST)
        lab.wait()
        lab.ssh(HOST, f"mkdir /srv/situs; echo '{PAGE}' > /srv/situs/index.html; {SLOWLY}")
        lab.ssh(HOST, "systemctl start postgresql nginx")
        for _ in range(100):
            if "accepting" in lab.ssh(HOST, "runuser -u postgres -- pg_isready", check=False):
                break
            time.sleep(0.2)
        create = "CREATE TABLE nilai AS SELECT generate_series(1, 1000) AS id"
        lab.ssh(HOST, f"runuser -u postgres -- createdb siakad; runuser -u postgres -- psql -c '{create}' siakad")
        site = ServedSite(lab, folder, HOST, [{**one, **COMMON} for one in ASSETS])
        site.by_nobodys_account("boleh")
        site.run("trust_permits")
        assert "failed=0" in site.output, site.output
        backups = site.run("backup_assets")
        assert {one["outcome"] for one in backups} == {"ok"}, site.output
        lab.ssh(HOST, "runuser -u postgres -- psql -c 'DELETE FROM nilai WHERE id > 10' siakad")
        yield site


WAYS = {
    "without a permit": ((), {}),
    "by the tag of nothing": (("--tags", "all"), {}),
    "from the middle": (("--start-at-task", "Restore the asset by the role of its kind"), {}),
    "with a role's own variable": ((), {"postgresql_permit": "{}"}),
    "with keys of one's own": ((), {"sopwrap_permit_signers": "mine"}),
    "as a fresh restore": ((), {"sopwrap_target": {"database": "siakad"}}),
    "under another name": ((), {"inventory_hostname": "db9"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_playbook_by_hand_does_not_get_around_the_permit(way: str, site: ServedSite) -> None:
    options, extra = WAYS[way]
    if "keys" in way:
        extra = {"sopwrap_permit_signers": site.authority.signers.replace("budi", "sari")}
        extra["sopwrap_permit"] = site.permit("siakad").replace('"signer":"budi"', '"signer":"sari"')
    records = site.replace("siakad", *options, **extra)
    assert [one["outcome"] for one in records if one["action"] == "restore"] == ["refused"], site.output
    assert site.rows() == "10" and site.serves()


def test_the_host_believes_nobody_else_once_it_was_told(site: ServedSite) -> None:
    site.run("trust_permits", sopwrap_permit_signers=site.authority.signers.replace("budi", "sari"))
    assert "says something else already" in site.output and "failed=1" in site.output


def test_the_controller_may_die_in_the_middle(site: ServedSite) -> None:
    """Everything on the controller is killed while the service is stopped: it runs again, all done or all as before.

    The host need not notice at once (a shared SSH connection stays open for a while); then it goes on to the end.
    """
    process, _evidence = site.start(
        "restore_point", sopwrap_only=["siakad"], sopwrap_target={"replace": True}, sopwrap_permit=site.permit("siakad")
    )
    _when(site, "swapped")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    site.wait_until_it_serves()
    done = "done" in site.states()
    assert site.rows() == ("1000" if done else "10")
    if done:
        site.run("restore_point", sopwrap_only=["siakad"], sopwrap_target={"undo": True})
    assert site.rows() == "10" and site.serves(), site.output


def test_the_restore_on_the_host_may_be_killed_in_the_middle(site: ServedSite) -> None:
    site.lab.ssh(HOST, "echo baru > /srv/situs/baru")
    process, _evidence = site.start(
        "restore_point", sopwrap_only=["situs"], sopwrap_target={"replace": True}, sopwrap_permit=site.permit("situs")
    )
    _when(site, "swapped")
    site.lab.ssh(HOST, KILL)
    process.communicate(timeout=120)
    site.wait_until_it_serves()
    changed = site.lab.ssh(HOST, "cat /srv/situs/baru; ls -a /srv")
    assert changed.startswith("baru") and ".sopwrap-" not in changed, "the tree of before lives, and nothing is beside"


KILL = """for open in /proc/[0-9]*/fd/*; do
  case $(readlink $open) in */restores/situs.lock) kill -9 $(echo $open | cut -d/ -f3);; esac
done"""
"""The restore is the only process that has this file open."""


def test_the_power_may_be_cut_in_the_middle(site: ServedSite) -> None:
    process, _evidence = site.start(
        "restore_point", sopwrap_only=["siakad"], sopwrap_target={"replace": True}, sopwrap_permit=site.permit("siakad")
    )
    _when(site, "swapped")
    site.lab.cut_power(HOST)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    site.lab.boot(HOST)
    site.lab.wait()
    site.wait_until_it_serves()
    assert site.rows() == "10", "the exchange was done, and is taken back by itself"


def _when(site: ServedSite, state: str, seconds: float = 120) -> None:
    """Wait until the restore has come this far; it stays there for a while, since the service starts slowly."""
    end = time.monotonic() + seconds
    while state not in site.states():
        assert time.monotonic() < end, "the restore never came so far"


def test_a_restore_takes_the_place_of_living_data_and_is_taken_back(site: ServedSite) -> None:
    permit = site.permit("siakad")
    safety, done = site.replace("siakad", sopwrap_permit=permit)
    assert (safety["action"], done["outcome"]) == ("safety", "ok"), site.output
    assert done["restore"]["services"] == ["nginx.service"] and PAGE in done["restore"]["health"]
    assert 0 < done["restore"]["downtime_seconds"] < done["restore"]["lost_seconds"] + 120
    assert site.rows() == "1000" and site.serves()
    (again,) = site.replace("siakad", sopwrap_permit=permit)
    assert again["outcome"] == "refused" and "was used already" in again["message"]

    (undo,) = site.run("restore_point", sopwrap_only=["siakad"], sopwrap_target={"undo": True})
    assert undo["outcome"] == "ok", site.output
    assert site.rows() == "10" and site.serves()


def test_majalengkas_restore_runs_from_the_letter_to_the_proof_and_back(site: ServedSite) -> None:
    """Rows 4 and 6 are the machine's: it stops the service for the exchange alone, and has it run again."""
    office = LetteredOffice(site.folder / "kantor", site.lab.inside, site.inventory, site.authority)
    tries = unheard(site)
    site.lab.ssh(HOST, "runuser -u postgres -- psql -c 'INSERT INTO nilai SELECT generate_series(11, 1000)' siakad")
    office("run", "majalengka/backup", "--asset", "siakad", "--ci", ends=3)
    site.lab.ssh(HOST, "runuser -u postgres -- psql -c 'DELETE FROM nilai WHERE id > 10' siakad")

    plan = office.json("request", "majalengka/restore", "--asset", "siakad", "--plan")
    assert (plan["outcome"], plan["restore"]["services"]) == ("planned", ["nginx.service"]) and plan["proven_at"]
    assert office.json("case", "list", "--all")[-1]["procedure"] == "majalengka/backup", "a plan opens nothing"

    case = office.ask("siakad")
    said = office("case", "resume", case, "--ci", ends=3)
    assert "waits at step l7" in said, said
    assert site.rows() == "1000" and site.serves()
    form = office.paper(case, "restore_form")
    assert "nginx.service" in form and "tidak ada klien terhubung" in form and "diukur sistem" in form

    assert "restore_minutes.pdf" in office("restore", "undo", "siakad")
    assert site.rows() == "10" and site.serves()
    assert "lalu dibatalkan pada" in office.paper(case, "restore_form"), "the case tells of it, too"
    lines = Workspace(office.folder).ledger().of_kind("evidence", containing='"outcome":"refused"')
    known = [(line.data["record"]["finished_at"], line.data["record"]["message"]) for line in lines]
    assert len(known) == len(set(known)), "each once, however often the host tells of it"
    kept = site.lab.ssh(HOST, "cat /var/lib/sopwrap/permits/refusals.jsonl").splitlines()
    assert {(one["finished_at"], one["message"]) for one in map(json.loads, filter(None, kept))} == set(known)
    assert all(any(said in message for _at, message in known) for said in tries)


def test_kaltims_restore_runs_from_the_letter_by_plan_and_capacity_to_the_confirmation(site: ServedSite) -> None:
    """Its SOP has no decision: what lets the restore go on is the disposition to the data centre."""
    office = LetteredOffice(site.folder / "kaltim", site.lab.inside, site.inventory, site.authority)
    before = site.lab.ssh(HOST, "cat /srv/situs/index.html")
    office("run", "majalengka/backup", "--asset", "situs", "--ci", ends=3)
    site.lab.ssh(HOST, f"echo '{PAGE}, diretas' > /srv/situs/index.html")
    case = office.order("situs")
    known = load_case(Workspace(office.folder).ledger(), case)
    (capacity,) = [one for one in known.findings if one.lookup == "capacity_check"]
    assert capacity.ok and "situs" in capacity.text, capacity
    assert office.json("restore", "plan", "situs")["outcome"] == "planned"
    plan = ("plan.starts=2026-11-23 19:00", "plan.capacity=mencukupi", "plan.place=di tempat semula")
    office("case", "sign", case, "--as", "andi", *(word for one in plan for word in ("--set", one)))

    said = office("case", "resume", case, "--ci", ends=1)
    assert "There is no permit" in said and site.lab.ssh(HOST, "cat /srv/situs/index.html") != before
    office("permit", "issue", case, "--asset", "situs", "--executor", "andi", "--key", str(office.key))
    office("case", "decide", case, "retry", "--as", "andi", "--reason", "Izin sudah terbit")
    office("case", "resume", case, "--ci", ends=3)
    assert site.lab.ssh(HOST, "cat /srv/situs/index.html") == before and site.serves()
    office("case", "sign", case, "--as", "andi")
    office("case", "sign", case, "--as", "rina")
    office("case", "sign", case, "--as", "sari")
    assert office.json("case", "show", case)["state"] == "done"
    assert "mencukupi" in office.paper(case, "plan") and "006/1" in office.paper(case, "order")
    office("restore", "undo", "situs")


def unheard(site: ServedSite) -> list[str]:
    """Try ways around the permit, as somebody did who came before the host was told of permits; tell what was said."""
    (plan,) = site.replace("siakad", "--check")
    for permit in ("", site.authority.permit(plan, site.authority.stranger)):
        site.by_nobodys_account(permit)
    return ["There is no permit", "its signature is not of budi", "it is not a line of JSON"]
