"""WordPress and MediaWiki as visitors know them: a page with a picture is written, lost, and read again after the SOP.

They run on a host of their own with systemd, and are reached over its network alone: by SSH and by HTTP.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from sopwrap.case import Case
from sopwrap.engine import load_case
from sopwrap.formvalues import IN_PLACE
from sopwrap.workspace import Workspace, resources
from tests.lab import applications
from tests.lab.lab import Lab
from tests.office.permits import Authority
from tests.office.runs import ROOT
from tests.office.stories import BINDINGS, LETTER, PEOPLE, WISH
from tests.quick_store import quick_store

HOST, TITLE = "web1", "Selamat datang di Layanan Kampus"
STORES = {
    name: {"placement": name, "repository": f"/var/backups/{name}", "password": "kunci-uji-coba"}
    for name in ("internal", "external")
}
COMMON = {
    "kind": "application",
    "owner": "Bagian Umum",
    "classification": "terbuka",
    "personal_data": True,
    "rpo": "P1D",
    "rto": "PT4H",
    "retention": "P30D",
    "stores": ["internal", "external"],
    "services": ["nginx", "php8.2-fpm"],
}
MARIADB = {"database": "wordpress", "socket": "/run/mysqld/mysqld.sock", "user": "root"}


@dataclass
class App:
    """A real application: how it is protected, how a visitor writes, and how it is damaged."""

    id: str
    write: str
    source: dict[str, Any]
    damage: str
    url: str = ""
    page: dict[str, Any] = field(default_factory=dict)

    def asset(self) -> dict[str, Any]:
        """Its entry in the register."""
        health = {"url": f"{self.url}/", "contains": "html"}
        return {**COMMON, "id": self.id, "title": self.id.title(), "health": health, "source": self.source}


APPS = (
    App(
        "situs",
        "wordpress_write",
        {
            "quiesce": {"file": "/srv/situs/.maintenance", "text": "<?php $upgrading = time();"},
            "parts": [
                {"name": "database", "mariadb": MARIADB},
                {"name": "files", "files": {"paths": ["/srv/situs/wp-config.php", "/srv/situs/wp-content"]}},
            ],
        },
        "mariadb wordpress -e 'DROP TABLE wp_posts, wp_options'; rm -r /srv/situs/wp-content/uploads",
    ),
    App(
        "pengetahuan",
        "mediawiki_write",
        {
            "quiesce": {"file": "/srv/wiki/images/lock_yBgMBwiR", "text": "Sedang dicadangkan"},
            "parts": [
                {"name": "database", "postgresql": {"database": "wiki", "os_user": "postgres"}},
                {"name": "files", "files": {"paths": ["/srv/wiki/images", "/srv/wiki/LocalSettings.php"]}},
            ],
        },
        "runuser -u postgres -- psql -qc 'DROP TABLE mediawiki.page CASCADE' wiki; rm -r /srv/wiki/images/*",
    ),
)


class Desk:
    """An office whose only host is the lab's: its commands, and a visitor."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab, self.workspace, self.authority = lab, Workspace(folder), Authority(folder / "authority")
        people = [{"id": one, "name": name, "post": "Staf"} for one, name in PEOPLE.items()]
        key = self.authority.key.with_suffix(".pub").read_text(encoding="utf-8").strip()
        people = [{**one, "key": key} if one["id"] == "sri" else one for one in people]
        office = {"format": "sopwrap.office/1", "name": "Kantor Contoh", "place": "Pontianak", "people": people}
        self._write("office.yml", {**office, "bindings": {"majalengka": BINDINGS["majalengka"]}})
        shutil.copy(ROOT / "ansible.cfg", folder / "ansible.cfg")

    def register(self, assets: list[dict[str, Any]]) -> None:
        """Declare what is on the host."""
        for store in STORES.values():
            quick_store(self.lab.hosts[HOST].root / store["repository"].lstrip("/"), store["password"])
        host = {**self.lab.variables(HOST), "sopwrap_stores": STORES, "sopwrap_assets": assets}
        self._write("inventory/hosts.yml", {"all": {"hosts": {HOST: host}}})

    def __call__(self, *words: str, ends: tuple[int, ...] = (0,)) -> str:
        """Type one command of sopwrap; return what it said."""
        done = self._run([sys.executable, "-m", "sopwrap", "--office", str(self.workspace.folder), *words])
        assert done.returncode in ends, f"{words} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def visit(self, errand: str, **given: Any) -> dict[str, Any]:
        """Let the visitor do something."""
        done = self._run([sys.executable, "-m", "tests.lab.visitor", json.dumps({"do": errand, **given})])
        assert done.returncode == 0, f"{errand} {given}\n{done.stderr}"
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def recipe(self, role: str, verb: str, **variables: Any) -> str:
        """Include a recipe, as a playbook of the office's own does."""
        include = {"ansible.builtin.include_role": {"name": role, "tasks_from": verb}, "vars": variables}
        path = self.workspace.folder / "recipe.yml"
        play = {"hosts": HOST, "gather_facts": False, "tasks": [include]}
        path.write_text(json.dumps([play]), encoding="utf-8")
        program = str(Path(sys.executable).parent / "ansible-playbook")
        done = self._run([program, "-v", "-i", str(self.workspace.inventory), str(path)])
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def case(self) -> Case:
        """The newest case."""
        ledger = self.workspace.ledger()
        return load_case(ledger, ledger.cases()[-1])

    def form(self, given: dict[str, Any]) -> list[str]:
        """The options that give a form."""
        return ["--form", str(self._write("form.yml", given))]

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        ours = {"ANSIBLE_HOME": str(self.workspace.folder / "home"), "ANSIBLE_ROLES_PATH": str(resources().roles)}
        ours |= {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        return subprocess.run(
            [*self.lab.inside, *words],
            cwd=self.workspace.folder,
            env={**os.environ, **ours},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def _write(self, name: str, data: Any) -> Path:
        path = self.workspace.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data), encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The office; both applications are set up, and each holds a page with a picture."""
    folder = tmp_path_factory.mktemp("l")
    with Lab(folder / "h") as lab:
        lab.up(HOST)
        lab.wait()
        desk = Desk(lab, folder / "k")
        applications.web(lab, HOST)
        wordpress, mediawiki = APPS
        wordpress.url = applications.wordpress(lab, HOST, "/srv/situs")
        mediawiki.url = applications.mediawiki(lab, HOST, "/srv/wiki")
        desk.visit("look", url=wordpress.url, wait=60)
        assert desk.visit("wordpress_install", url=wordpress.url, title=TITLE)["status"] == 200
        for seed, app in enumerate(APPS):
            app.page = desk.visit(app.write, url=app.url, title="Jadwal Layanan", seed=seed)
        desk.register([app.asset() for app in APPS])
        desk("permit", "trust")
        yield desk
        lab.cut_power(HOST)


def require_readable(desk: Desk, page: dict[str, Any]) -> None:
    """The page is there with its text, and the picture byte by byte."""
    shown = desk.visit("look", url=page["page"], wait=60)
    assert shown["status"] == 200 and "Jadwal Layanan" in shown["text"], shown["text"][:2000]
    assert desk.visit("look", url=page["picture"])["sha256"] == page["sha256"]


@pytest.mark.parametrize("app", APPS, ids=lambda app: str(app.id))
def test_a_page_and_its_picture_are_lost_and_come_back_by_the_sop(desk: Desk, app: App) -> None:
    require_readable(desk, app.page)
    desk("run", "majalengka/backup", "--asset", app.id, "--ci", ends=(3,))
    made = {record.action: record for record in desk.case().evidence if record.asset == app.id}
    assert made["backup"].outcome == made["verify"].outcome == "ok"

    desk.lab.ssh(HOST, app.damage)
    lost = desk.visit("look", url=app.page["page"])
    assert lost["status"] != 200 or "Jadwal Layanan" not in lost["text"]
    assert desk.visit("look", url=app.page["picture"])["sha256"] != app.page["sha256"]

    case = restored_by_the_sop(desk, app)
    record = next(one for one in case.evidence if one.action == "restore" and one.asset == app.id)
    assert record.outcome == "ok" and record.restore is not None, [one.message for one in case.evidence]
    assert set(record.restore.services) == {"nginx.service", "php8.2-fpm.service"}
    require_readable(desk, app.page)
    again = desk.visit(app.write, url=app.url, title="Jadwal Layanan Baru", seed=99)
    require_readable(desk, again)


def restored_by_the_sop(desk: Desk, app: App) -> Case:
    """Majalengka's restore: request, disposition, decision, permit, and the machine's work on what lives."""
    letter = ["--as", "mona", "--letter", "005/12/2026", *desk.form({**LETTER, **WISH})]
    desk("request", "majalengka/restore", "--operation", "restore", "--asset", app.id, *letter, ends=(3,))
    case = desk.case().id
    desk("case", "sign", case, "l2", "--as", "kepala", "--note", "Dilaksanakan.")
    granted = ["--reason", "Sesuai.", "--key", str(desk.authority.key), *desk.form({"authority": "berwenang"})]
    desk("case", "decide", case, "l3", "disetujui", "--as", "sri", *granted)
    desk("restore", "plan", app.id)
    desk("permit", "issue", case, "--asset", app.id, "--executor", "andi", "--key", str(desk.authority.key))
    place = ["--note", "Dilaksanakan.", *desk.form({"place": IN_PLACE})]
    desk("case", "sign", case, "l4", "--as", "andi", *place)
    if desk.case().state == "open":
        desk("case", "resume", case, "--ci", ends=(0, 1, 3))
    return desk.case()


def test_the_recipe_finds_what_wordpress_is_made_of(desk: Desk) -> None:
    given = {"app_wordpress_id": "situs", "app_wordpress_folder": "/srv/situs", "app_wordpress_stores": ["internal"]}
    said = desk.recipe("app_wordpress", "backup", **given)
    assert "Backed up situs to internal" in said and "sandi-wordpress" not in said
