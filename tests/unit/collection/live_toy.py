"""A toy whose living data can be replaced: texts in files, so that a guard's own process could find them, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room

from tests.unit.collection.toy import Toy


class LiveToy(Toy, Replaceable):
    """The living text is a file (a guard finds it as the asset's `source.path`); `log` is what was asked for."""

    def __init__(self, path: Path = Path()) -> None:
        super().__init__({})
        self.path = path
        self.log: list[str] = []
        self.busy = False
        self.free: int | None = 1000

    def preflight(self, asset: dict[str, Any]) -> dict[str, Any]:
        self.texts = {asset["id"]: self.path.read_bytes()}
        return super().preflight(asset)

    def place(self, asset: dict[str, Any]) -> dict[str, str]:
        return {"path": str(self.path)}

    def alive(self, asset: dict[str, Any]) -> bool:
        return self.path.exists()

    def is_live(self, asset: dict[str, Any], target: dict[str, Any]) -> bool:
        return bool(target.get("name") == str(self.path))

    def beside(self, asset: dict[str, Any], mark: str) -> dict[str, Any]:
        return {"name": f"{self.path}.{mark}"}

    def room(self, asset: dict[str, Any], manifest: dict[str, Any]) -> Room:
        return Room(10, self.free)

    def require_idle(self, asset: dict[str, Any]) -> None:
        if self.busy:
            raise Problem("Somebody plays with the toy.", refused=True)

    def restore(self, asset: dict[str, Any], stored: StoredPoint, target: dict[str, Any]) -> None:
        with stored.open("text") as stream:
            Path(target["name"]).write_bytes(stream.read())

    def content(self, asset: dict[str, Any], target: dict[str, Any]) -> Content:
        return self._content(Path(target["name"]).read_bytes())

    def note(self, pair: Pair) -> dict[str, Any]:
        return {"live": self._text(self.path), "beside": self._text(self._other(pair))}

    def swap(self, pair: Pair, back: bool = False) -> None:
        self.log.append("back" if back else "swap")
        self.path = Path(pair.asset.get("source", {}).get("path") or self.path)
        if self.fail_at == "swap" and not back:
            raise Problem("The toy is stuck.")
        if self._text(self.path) == pair.notes["live" if back else "beside"]:
            return
        live, beside = self._text(self.path), self._text(self._other(pair))
        for path, text in ((self.path, beside), (self._other(pair), live)):
            if text is None:
                path.unlink()
            else:
                path.write_text(text)

    def discard(self, asset: dict[str, Any], target: dict[str, Any]) -> None:
        Path(target["name"]).unlink(missing_ok=True)

    def _other(self, pair: Pair) -> Path:
        return Path(f"{self.path}.{pair.mark}")

    @staticmethod
    def _text(path: Path) -> str | None:
        return path.read_text() if path.exists() else None
