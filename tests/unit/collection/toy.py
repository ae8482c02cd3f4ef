"""A kind so small that a test sees the common life cycle and nothing else, and stores made in no time."""

from __future__ import annotations

import contextlib
import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Blob,
    Capture,
    Content,
    Kind,
    Part,
    Problem,
    StoredPoint,
    Stream,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

from tests.quick_store import quick_store

PASSWORD = "kunci-uji-coba"


class Toy(Kind):
    """Assets are texts in memory. `form` says whether they are stored as a stream or as a blob."""

    name = "toy"

    def __init__(self, texts: dict[str, bytes], form: str = "stream") -> None:
        self.texts = texts
        self.form = form
        self.fail_at = ""
        self.restored: dict[str, bytes] = {}

    def preflight(self, asset: dict[str, Any]) -> dict[str, Any]:
        if self.fail_at == "preflight":
            raise Problem("The toy is not there.", "Buy one.")
        return {"size_bytes": len(self.texts[asset["id"]])}

    @contextlib.contextmanager
    def capture(self, asset: dict[str, Any]) -> Iterator[Capture]:
        text = self.texts[asset["id"]]
        part: Part = Stream("text", lambda: self._open(text)) if self.form == "stream" else Blob("text", text)
        yield Capture([part], lambda: self._content(text), tools={"toy": "1"})

    @contextlib.contextmanager
    def _open(self, text: bytes) -> Iterator[BinaryIO]:
        yield io.BytesIO(text)
        if self.fail_at == "stream":
            raise Problem("The toy broke while it was read.")

    def _content(self, text: bytes) -> Content:
        if self.fail_at == "content":
            raise Problem("The toy cannot be counted.")
        return Content.of(
            [
                {"name": f"line {number}", "count": 1, "digest": line.decode("latin-1")}
                for number, line in enumerate(text.splitlines())
            ]
        )

    def check(self, asset: dict[str, Any], stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        return f"it begins with {stream.read(3).decode()}"

    def restore(self, asset: dict[str, Any], stored: StoredPoint, target: dict[str, Any]) -> None:
        with stored.open("text") as stream:
            self.restored[target["name"]] = stream.read()

    def content(self, asset: dict[str, Any], target: dict[str, Any]) -> Content:
        return self._content(self.restored[target["name"]])


class Shelf:
    """Makes stores that open in no time, all with one key."""

    def __init__(self, folder: Path) -> None:
        self._key = folder / "key"
        self._key.write_text(PASSWORD)

    def config(self, folder: Path, name: str, placement: str = "internal", empty: bool = True) -> dict[str, Any]:
        """An entry of `sopwrap_stores`; its repository exists unless `empty` is false."""
        repository = folder / name
        if empty and not repository.exists():
            quick_store(repository, PASSWORD)
        return {
            "id": name,
            "placement": placement,
            "repository": str(repository),
            "password": PASSWORD,
            "cache": str(folder / "cache"),
        }

    def snapshots(self, config: dict[str, Any]) -> list[str]:
        """The ids of all snapshots, as restic says."""
        output = self._restic(Path(config["repository"]), "list", "snapshots")
        return output.split()

    def _restic(self, repository: Path, *words: str) -> str:
        command = ["restic", "-q", "--no-cache", "-r", str(repository), "--password-file", str(self._key), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def asset(name: str, *stores: str, **more: Any) -> dict[str, Any]:
    """An entry of the register."""
    return {"id": name, "kind": "toy", "title": name.title(), "stores": list(stores), "retention": "P30D", **more}


JobMaker = Callable[..., Job]


def make_job(assets: list[dict[str, Any]], *stores: dict[str, Any], **more: Any) -> Job:
    """A job on these assets and stores."""
    known = {config["id"]: Store(config["id"], config) for config in stores}
    return Job(host="srv-uji", assets=assets, stores=known, case={"case": "K-1", "step": "l1"}, **more)
