"""Pieces of a running machine are put back by SSH: a file, a unit, an account, a crontab, a package in its version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.lab import Lab
from tests.lab.site import Site

HOST, ID = "app1", "app1-sistem"
PIECES = [
    "/etc/siakad",
    "crontab:siakad",
    "group:siakad",
    "package:sopwrap-uji",
    "unit:siakad.service",
    "user:siakad",
]
ARCHIVE = """set -e
mkdir -p /srv/arsip /var/spool/cron/crontabs; cd /srv/arsip
for version in 1.0 1.1; do
  mkdir -p p/DEBIAN p/usr/share/sopwrap-uji; echo $version > p/usr/share/sopwrap-uji/version
  printf "Package: sopwrap-uji\\nVersion: $version\\nArchitecture: all\\n" > p/DEBIAN/control
  printf "Maintainer: Uji <uji@contoh.id>\\nDescription: uji\\n" >> p/DEBIAN/control
  printf '#!/bin/sh\n[ ! -e /run/mati ] || { rm /run/mati; kill -9 $PPID; }\n' > p/DEBIAN/preinst
  chmod 0755 p/DEBIAN/preinst; dpkg-deb --build p sopwrap-uji_${version}_all.deb; rm -r p
  deb=sopwrap-uji_${version}_all.deb
  dpkg-deb -f $deb >> Packages
  printf "Filename: ./$deb\\nSize: $(stat -c %s $deb)\\nSHA256: $(sha256sum $deb | cut -d' ' -f1)\\n\\n" >> Packages
done
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d; mkdir /etc/apt/sources.list.d
echo 'deb [trusted=yes] file:/srv/arsip ./' > /etc/apt/sources.list
apt-get -q update; apt-get -qy install sopwrap-uji=1.0
"""
MACHINE = """set -e
groupadd -g 1500 siakad; useradd -u 1500 -g siakad -G www-data -M -d /srv/siakad -c 'Siakad Kampus' siakad
usermod -p '$y$canary-of-the-account' siakad
mkdir /etc/siakad; echo benar > /etc/siakad/app.conf; chown root:siakad /etc/siakad/app.conf
chmod 0640 /etc/siakad/app.conf; setfacl -m u:www-data:r /etc/siakad/app.conf
unit=/etc/systemd/system/siakad.service
printf '[Service]\\nExecStart=/bin/sleep inf\\n[Install]\\nWantedBy=multi-user.target\\n' > $unit
systemctl enable -q siakad; echo '0 2 * * * cadangkan' > /var/spool/cron/crontabs/siakad
chown siakad: /var/spool/cron/crontabs/siakad; chmod 0600 /var/spool/cron/crontabs/siakad
"""
DAMAGE = """set -e
systemctl disable -q siakad; rm /etc/systemd/system/siakad.service; systemctl daemon-reload
rm -r /var/spool/cron/crontabs/siakad /etc/siakad/app.conf; echo salah > /etc/siakad/lain.conf
userdel siakad; useradd -u 1600 -M baru; apt-get -qy install sopwrap-uji=1.1
"""
DIES = "touch /run/mati"
"""From now on the package's own script kills dpkg when it is next unpacked, once."""

TAKEN = "getent passwd baru || useradd -M baru; usermod -u 1500 baru"
GONE = "rm /srv/arsip/*1.0*; cd /srv/arsip; sed -i '1,/^$/d' Packages; apt-get -q update"
ASKED = """dpkg --audit; getent shadow siakad; getent passwd siakad; id -nG siakad; cat /usr/share/sopwrap-uji/version
cat /var/spool/cron/crontabs/siakad; stat -c '%a %U %G' /var/spool/cron/crontabs/siakad
systemctl is-enabled siakad; systemctl show --value --property=LoadState siakad
ls /etc/siakad; getfacl -cp /etc/siakad/app.conf; stat -c '%a %U %G' /etc/siakad/app.conf; true"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The host, backed up; then somebody has spoilt it."""
    folder = tmp_path_factory.mktemp("lab")
    with Lab(folder / "hosts") as lab:
        lab.up(HOST)
        lab.wait()
        lab.ssh(HOST, ARCHIVE)
        lab.ssh(HOST, MACHINE)
        site = Site(lab, folder, HOST, [{"id": ID, "kind": "system", "source": {"exclude": []}}])
        site.run("trust_permits")
        assert [one["outcome"] for one in site.run("backup_assets")] == ["ok"], site.output
        yield site


def asked(site: Site) -> str:
    """What there is of all the pieces."""
    return site.lab.ssh(HOST, ASKED, check=False)


def restored(site: Site, permit: str = "", **target: Any) -> list[dict[str, Any]]:
    return site.replace(ID, sopwrap_permit=permit, sopwrap_target={"replace": True, **target})


def test_pieces_of_a_running_machine_come_back_as_they_were_and_can_be_taken_back(site: Site) -> None:
    good = asked(site)
    assert "canary-of-the-account" in good and "user:www-data:r--" in good and "enabled" in good
    site.lab.ssh(HOST, DAMAGE)
    spoilt = asked(site)

    (plan,) = site.replace(ID, "--check", sopwrap_target={"replace": True, "pieces": PIECES})
    assert plan["outcome"] == "planned", site.output
    lines = plan["restore"]["difference"]["lines"]
    assert {"-package:sopwrap-uji 1.1", "+package:sopwrap-uji 1.0", "+crontab:siakad 20 B"} <= set(lines), lines
    assert any(line.startswith("+user:siakad:x:1500:1500:Siakad Kampus:") for line in lines), lines
    assert "canary-of-the-account" not in str(plan) and asked(site) == spoilt

    permit = site.authority.permit(plan)
    (refused,) = restored(site, permit, pieces=["/etc/hosts"])
    assert refused["outcome"] == "refused" and "it is for the place" in refused["message"]

    site.lab.ssh(HOST, DIES)
    _safety, failed = restored(site, permit)
    assert failed["outcome"] == "failed" and "the data of before is back" in failed["message"], site.output
    assert asked(site) == spoilt, "the package, too, which was half unpacked when dpkg was killed"

    safety, done = restored(site, site.authority.permit(plan))
    assert (safety["action"], done["outcome"], done["restore"]["remaining"]) == ("safety", "ok", 0), site.output
    assert asked(site) == good
    assert "baru" in site.lab.ssh(HOST, "getent passwd baru"), "who came after the backup stays"
    assert "canary-of-the-account" not in site.output + str(done)

    site.lab.ssh(HOST, DIES)
    (undo,) = site.run("restore_point", sopwrap_only=[ID], sopwrap_target={"undo": True})
    assert undo["outcome"] == "failed" and "it can still be taken back" in undo["message"], site.output
    assert asked(site) == good
    (undo,) = site.run("restore_point", sopwrap_only=[ID], sopwrap_target={"undo": True})
    assert undo["outcome"] == "ok" and undo["restore"]["place"]["pieces"] == " ".join(PIECES), site.output
    assert asked(site) == spoilt


@pytest.mark.parametrize(
    ("spoil", "pieces", "says"),
    [
        ("true", [], "Nobody has said which pieces"),
        (TAKEN, ["user:siakad"], "which baru has now"),
        (GONE, ["package:sopwrap-uji"], "do not have sopwrap-uji 1.0"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_back_is_refused_with_a_sentence_before_anything_is_touched(
    spoil: str, pieces: list[str], says: str, site: Site
) -> None:
    """The host is spoilt, and each row spoils it further: an account of another, an archive without the version."""
    site.lab.ssh(HOST, f"{{ {spoil}; }} >/dev/null 2>&1")
    (plan,) = site.replace(ID, "--check", sopwrap_target={"replace": True, "pieces": pieces})
    assert plan["outcome"] == "refused", site.output
    assert says in f"{plan['message']} {plan['hint']}", plan
