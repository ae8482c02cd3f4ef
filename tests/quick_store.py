"""Repositories that open in no time, so that tests spend theirs on something else than scrypt.

restic chooses scrypt's cost at `init` so that a modern machine needs half a second for every call. The key file holds
the repository's master key, sealed with a key that scrypt derives, and `config` is sealed with the master key
(restic's design document, "Keys, Encryption and MAC"). Here one repository is made by restic for each test process;
every copy gets an id of its own and a key file sealed with its own password at the least cost.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import secrets
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

CHEAP = {"N": 2, "r": 8, "p": 1}
_NONCE = 16
_PASSWORD = "template"


def quick_store(repository: Path, password: str) -> None:
    """Make an empty repository that `password` opens at once."""
    folder, master = _template()
    shutil.copytree(Path(folder.name, "empty"), repository)
    (path,) = (repository / "keys").iterdir()
    salt = secrets.token_bytes(64)
    key = json.loads(path.read_bytes()) | CHEAP | {"salt": base64.b64encode(salt).decode()}
    sealed = _seal(_derive(password, salt, CHEAP), json.dumps(master).encode())
    text = json.dumps(key | {"data": base64.b64encode(sealed).decode()}).encode()
    path.unlink()
    path.with_name(hashlib.sha256(text).hexdigest()).write_bytes(text)
    config, opens = repository / "config", _bytes_of(master)
    known = json.loads(_open(opens, config.read_bytes()))
    config.chmod(0o600)
    config.write_bytes(_seal(opens, json.dumps(known | {"id": secrets.token_hex(32)}).encode()))


@functools.cache
def _template() -> tuple[TemporaryDirectory[str], dict[str, object]]:
    """A folder with an empty repository that restic has made, and its master key."""
    folder = TemporaryDirectory(prefix="sopwrap-template-")
    repository, password = Path(folder.name, "empty"), Path(folder.name, "password")
    password.write_text(_PASSWORD, encoding="ascii")
    words = ["restic", "-q", "--no-cache", "-r", str(repository), "--password-file", str(password), "init"]
    subprocess.run(words, check=True, capture_output=True)
    (path,) = (repository / "keys").iterdir()
    key = json.loads(path.read_bytes())
    derived = _derive(_PASSWORD, base64.b64decode(key["salt"]), key)
    return folder, json.loads(_open(derived, base64.b64decode(key["data"])))


def _bytes_of(master: dict[str, object]) -> bytes:
    """32 bytes for AES-256, 16 and 16 for Poly1305-AES."""
    mac, encrypt = master["mac"], master["encrypt"]
    assert isinstance(mac, dict)
    assert isinstance(encrypt, str)
    return b"".join(base64.b64decode(one) for one in (encrypt, mac["k"], mac["r"]))


def _derive(password: str, salt: bytes, cost: dict[str, int]) -> bytes:
    """64 bytes, as in `_bytes_of`."""
    enough = 256 * cost["N"] * cost["r"] * cost["p"] + 2**20
    return hashlib.scrypt(password.encode(), salt=salt, n=cost["N"], r=cost["r"], p=cost["p"], maxmem=enough, dklen=64)


def _tag(key: bytes, nonce: bytes, data: bytes) -> Poly1305:
    block = Cipher(algorithms.AES(key[32:48]), modes.ECB()).encryptor().update(nonce)
    poly = Poly1305(key[48:64] + block)
    poly.update(data)
    return poly


def _open(key: bytes, sealed: bytes) -> bytes:
    nonce, data, tag = sealed[:_NONCE], sealed[_NONCE:-16], sealed[-16:]
    _tag(key, nonce, data).verify(tag)
    return Cipher(algorithms.AES(key[:32]), modes.CTR(nonce)).decryptor().update(data)


def _seal(key: bytes, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    data = Cipher(algorithms.AES(key[:32]), modes.CTR(nonce)).encryptor().update(plain)
    return nonce + data + _tag(key, nonce, data).finalize()
