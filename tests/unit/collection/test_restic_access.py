"""The way to a repository: what restic is told, and that no secret is among it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_access import Access

SECRET = "rahasia-uY7qpR2x"


def said(access: Access) -> str:
    return " ".join([*access.named(), *access.options(), *access.environment().values()])


@pytest.mark.parametrize(
    ("repository", "folder"),
    [
        ("/srv/x", "/srv/x"),
        ("local:/srv/x", "/srv/x"),
        ("sftp:h:/x", None),
        ("rest:https://h/", None),
        ("s3:h/b", None),
    ],
)
def test_only_a_repository_on_this_host_has_a_folder(repository: str, folder: str | None) -> None:
    assert Access(repository).folder == folder


def test_an_anchored_repository_is_the_folder_that_was_there_then(tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    access = Access(str(place))
    access.anchor()
    place.rename(tmp_path / "drawer")
    place.mkdir()
    (_, name) = access.named()
    (Path(name.replace("/dev/fd", "/proc/self/fd")) / "berkas").write_text("x")
    assert (tmp_path / "drawer" / "berkas").exists() and not (place / "berkas").exists()
    assert access.plain(f"write {name}/data: no") == f"write {place}/data: no"
    access.close()


def test_ssh_gets_key_and_known_hosts_by_files_and_the_link_is_watched() -> None:
    access = Access("sftp://budi@bk1:2222//srv/x", {"ssh_key": SECRET, "known_hosts": "bk1 ssh-ed25519 AAAA"})
    (_, command) = access.options()
    for word in ("budi@bk1 -s sftp", "-p 2222", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes", "ServerAlive"):
        assert word in command
    assert Path(command.split(" -i ")[1].split()[0]).read_text() == f"{SECRET}\n"
    assert SECRET not in said(access)
    assert "UserKnownHostsFile" not in " ".join(Access("sftp:budi@bk1:/srv/x").options())


def test_a_servers_password_goes_into_the_address_in_a_file_only() -> None:
    access = Access("rest:https://budi@bk2:8443/x/", {"password": f"{SECRET}/@"})
    (option, path) = access.named("--from-")
    assert option == "--from-repository-file"
    assert Path(path).read_text() == f"rest:https://budi:{SECRET}%2F%40@bk2:8443/x/"
    assert SECRET not in said(access)
    with pytest.raises(Problem, match="names no account"):
        Access("rest:https://bk2/", {"password": SECRET})


def test_an_account_of_s3_is_in_a_file_whose_name_alone_is_in_the_environment() -> None:
    access = Access("s3:https://bk3/ember/x", {"key_id": "AKIA", "secret": SECRET, "region": "id-1"})
    (path,) = access.environment().values()
    assert f"aws_secret_access_key = {SECRET}" in Path(path).read_text()
    assert access.options() == ["-o", "s3.region=id-1"]
    assert SECRET not in said(access)


def test_two_servers_restic_could_not_tell_apart_are_refused_and_others_are_joined() -> None:
    far, near = Access("s3:https://a/b", {"key_id": "A"}), Access("/srv/x")
    assert far.beside(near) == ([], far.environment())
    rest = Access("rest:https://h/", {"cacert": "PEM"})
    assert rest.beside(far) == (rest.options(), far.environment())
    for one, other in (
        (Access("sftp:a:/x"), Access("sftp:b:/x")),
        (Access("sftp:a:/x", {"ssh_key": "K"}), Access("sftp:a:/y", {"ssh_key": "L"})),
        (Access("s3:https://a/b", {"key_id": "A"}), Access("s3:https://a/c", {"key_id": "B"})),
    ):
        with pytest.raises(Problem, match="two servers it reaches by s"):
            one.beside(other)


def test_two_stores_that_are_reached_the_same_way_and_all_rest_servers_are_joined() -> None:
    one, other = (Access(f"rest:https://{name}/", {"cacert": f"PEM of {name}"}) for name in ("a", "b"))
    assert one.beside(other) == ([*one.options(), *other.options()], {})
    for repository, known in (("sftp:a:/{}", {"ssh_key": "K"}), ("s3:https://a/{}", {"key_id": "A", "secret": "S"})):
        near, far = (Access(repository.format(name), known) for name in ("x", "y"))
        assert far.beside(near) == (far.options(), far.environment())


def test_the_draft_of_a_lock_that_nobody_writes_any_more_is_removed_and_no_other_lock(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    left, writing, lock = (tmp_path / "locks" / name for name in ("a-tmp-1", "b-tmp-2", "c"))
    for path in (left, writing, lock):
        path.touch()
    for path in (left, lock):
        os.utime(path, (0, 0))
    Access(str(tmp_path)).remove_drafts_of_locks()
    Access("sftp:srv:/store").remove_drafts_of_locks()
    assert sorted((tmp_path / "locks").iterdir()) == [writing, lock]
