"""`sopwrap init`: make an office's folder from the skeleton and the example inventory."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from importlib.resources import files
from pathlib import Path
from string import Template

import click

from sopwrap.errors import RefusedError, SopError
from sopwrap.workspace import OFFICE, resources

KEYS = ("internal.key", "external.key")
KEY_BYTES = 32


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="The office's name, as papers print it.  [default: the folder's name]")
@click.option("--place", default="Kota", help="The place papers are dated from.")
def init(folder: Path, name: str | None, place: str) -> None:
    """Make an office in DIR: people, inventory, settings, and a key for each store.

    The keys in DIR/secrets are made once and open everything that is stored under them: keep a copy elsewhere.
    """
    folder = folder.absolute()
    if folder.is_dir() and any(folder.iterdir()):
        raise RefusedError(f"{folder} is there already and not empty.", "Name a new folder.")
    before = os.umask(0o077)
    os.umask(before | 0o022)  # whoever writes office.yml says who signs: never everybody
    try:
        _make(folder, name or folder.name, place)
    except OSError as error:
        raise SopError(f"The office cannot be made: {error.filename}: {error.strerror}.") from error
    finally:
        os.umask(before)
    click.echo(f"The office is in {folder}.")
    click.echo(f"Next: keep a copy of {folder / 'secrets'} in a safe place, enter the people in {OFFICE},")
    click.echo("the hosts and assets in inventory/, then run `sopwrap doctor` there.")


def _make(folder: Path, name: str, place: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    skeleton = files("sopwrap") / "skeleton"
    office = Template(skeleton.joinpath(OFFICE).read_text(encoding="utf-8"))
    words = {"name": json.dumps(name, ensure_ascii=False), "place": json.dumps(place, ensure_ascii=False)}
    (folder / "ansible.cfg").write_text(skeleton.joinpath("ansible.cfg").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / ".gitignore").write_text(skeleton.joinpath("gitignore").read_text(encoding="utf-8"), encoding="utf-8")
    _copy(resources().example, folder / "inventory")
    for private in ("secrets", "stores", ".sopwrap"):
        (folder / private).mkdir(mode=0o700)
    for plain in ("sops", "papers"):
        (folder / plain).mkdir()
    for key in KEYS:
        _write_key(folder / "secrets" / key)
    # last: a folder without office.yml is no office, so a half-made one is not taken for one
    (folder / OFFICE).write_text(office.substitute(words), encoding="utf-8")


def _copy(tree: Path, folder: Path) -> None:
    """Copy what the files hold and not who may change them: that is for us to say, not for the one who installed us."""
    folder.mkdir()
    for path in sorted(tree.rglob("*")):
        place = folder / path.relative_to(tree)
        if path.is_dir():
            place.mkdir()
        else:
            shutil.copyfile(path, place)


def _write_key(path: Path) -> None:
    """A fresh random key that nobody else may read, not even for the moment of its making."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
