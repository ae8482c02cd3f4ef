"""Somebody with a browser: sets applications up, writes a page with a picture, and reads both back, over HTTP alone.

    python -m tests.lab.visitor '{"do": "wordpress_write", "url": "http://10.77.0.1", …}'

It prints one JSON object. A process of its own, since the hosts are reached only from the lab's own network.
"""

from __future__ import annotations

import hashlib
import json
import random
import struct
import sys
import time
import uuid
import xmlrpc.client
import zlib
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

USER, PASSWORD = "andi", "Kata-Sandi-Uji-2026"


def picture(seed: int) -> bytes:
    """A PNG file of 64 × 64 pixels of noise."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(64 * 3) for _ in range(64))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def look(url: str, wait: float = 0.0) -> dict[str, Any]:
    """A page's status, its text, and the SHA-256 of its bytes; one that does not answer is asked for `wait` seconds."""
    end = time.monotonic() + wait
    while True:
        try:
            with urlopen(url, timeout=30) as answer:
                return _told(answer.status, answer.read())
        except HTTPError as error:
            return _told(error.code, error.read())
        except (URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def wordpress_install(url: str, title: str) -> dict[str, Any]:
    """Fill in the form of a new WordPress."""
    form = {"weblog_title": title, "user_name": USER, "admin_password": PASSWORD, "admin_password2": PASSWORD}
    form |= {"pw_weak": "1", "admin_email": "andi@contoh.example", "blog_public": "0", "language": ""}
    with urlopen(f"{url}/wp-admin/install.php?step=2", urlencode(form).encode(), timeout=120) as answer:
        return _told(answer.status, answer.read())


def wordpress_write(url: str, title: str, seed: int) -> dict[str, Any]:
    """Write a post with a picture; return where both are."""
    server = xmlrpc.client.ServerProxy(f"{url}/xmlrpc.php")
    data = {"name": f"gambar-{seed}.png", "type": "image/png", "bits": xmlrpc.client.Binary(picture(seed))}
    upload: Any = server.wp.uploadFile(0, USER, PASSWORD, data)
    text = f'{title} <img src="{upload["url"]}" alt="">'
    post = {"post_type": "post", "post_status": "publish", "post_title": title, "post_content": text}
    number = server.wp.newPost(0, USER, PASSWORD, post)
    return {"page": f"{url}/?p={number}", "picture": upload["url"], "sha256": hashlib.sha256(picture(seed)).hexdigest()}


def mediawiki_write(url: str, title: str, seed: int) -> dict[str, Any]:
    """Log in, upload a picture and write a page that shows it; return where both are."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def ask(files: dict[str, bytes] | None = None, **form: str) -> dict[str, Any]:
        body, kind = _multipart({**form, "format": "json"}, files or {})
        with browser.open(Request(f"{url}/api.php", body, {"Content-Type": kind}), timeout=120) as answer:
            told: dict[str, Any] = json.load(answer)
        if "error" in told:
            raise RuntimeError(str(told["error"]))
        return told

    def token(kind: str) -> str:
        return str(ask(action="query", meta="tokens", type=kind)["query"]["tokens"][f"{kind}token"])

    ask(action="login", lgname=USER, lgpassword=PASSWORD, lgtoken=token("login"))
    name, csrf = f"Gambar-{seed}.png", token("csrf")
    upload = ask({"file": picture(seed)}, action="upload", filename=name, ignorewarnings="1", token=csrf)
    ask(action="edit", title=title, text=f"{title} [[File:{name}]]", token=csrf)
    return {
        "page": f"{url}/index.php?{urlencode({'title': title})}",
        "picture": upload["upload"]["imageinfo"]["url"],
        "sha256": hashlib.sha256(picture(seed)).hexdigest(),
    }


def _multipart(form: dict[str, str], files: dict[str, bytes]) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    begin = f'--{mark}\r\nContent-Disposition: form-data; name="'
    pieces = [f'{begin}{key}"\r\n\r\n{value}\r\n'.encode() for key, value in form.items()]
    for key, data in files.items():
        head = f'{begin}{key}"; filename="{key}.png"\r\nContent-Type: image/png\r\n\r\n'
        pieces.append(head.encode() + data + b"\r\n")
    return b"".join([*pieces, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def _told(status: int, body: bytes) -> dict[str, Any]:
    return {"status": status, "text": body.decode("utf-8", "replace"), "sha256": hashlib.sha256(body).hexdigest()}


ERRANDS = {
    "look": look,
    "wordpress_install": wordpress_install,
    "wordpress_write": wordpress_write,
    "mediawiki_write": mediawiki_write,
}


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(json.dumps(ERRANDS[given.pop("do")](**given)))
