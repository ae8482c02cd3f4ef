"""Make a repository's key cheap to open, so that tests spend their time on something else than scrypt.

restic chooses scrypt's cost at `init` so that a modern machine needs half a second for every call. The key file holds
the repository's master key, sealed with a key that scrypt derives (restic's design document, "Keys, Encryption and
MAC"); here it is sealed anew with the least cost. Nothing else of the repository changes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

CHEAP = {"N": 2, "r": 8, "p": 1}
_NONCE = 16


def make_cheap(repository: Path, password: str) -> None:
    """Seal the only key of a repository anew; raise InvalidSignature when the password does not open it."""
    (path,) = (repository / "keys").iterdir()
    key = json.loads(path.read_bytes())
    salt = base64.b64decode(key["salt"])
    master = _open(_derive(password, salt, key), base64.b64decode(key["data"]))
    key |= {**CHEAP, "data": base64.b64encode(_seal(_derive(password, salt, CHEAP), master)).decode()}
    text = json.dumps(key).encode()
    path.unlink()
    path.with_name(hashlib.sha256(text).hexdigest()).write_bytes(text)


def _derive(password: str, salt: bytes, cost: dict[str, int]) -> bytes:
    """64 bytes: 32 for AES-256, 16 and 16 for Poly1305-AES."""
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
