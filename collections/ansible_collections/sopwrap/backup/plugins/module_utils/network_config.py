# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configurations of network devices: asked for over SSH, all devices at once, stored as the text that goes back.

A text that could not go back (empty, cut off, masked, an error, another device's) is no backup; it is refused and said
so. A restore writes the text into a new file; giving it to the device is a decision of its own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, as_they_are
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device
from ansible_collections.sopwrap.backup.plugins.module_utils.device_rehearsal import rehearsed, require_spare
from ansible_collections.sopwrap.backup.plugins.module_utils.device_remarks import remark, same_device
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import Outcome, ask
from ansible_collections.sopwrap.backup.plugins.module_utils.device_source import device_of, spare_of
from ansible_collections.sopwrap.backup.plugins.module_utils.history import History, Kept
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Blob,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Tried,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.network_live import TEXT, NetworkLive
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import known_by_name
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform
from ansible_collections.sopwrap.backup.plugins.module_utils.restorability import missing, whole
from ansible_collections.sopwrap.backup.plugins.module_utils.trial import tried


class NetworkConfig(NetworkLive):
    """The kind `network_config`; `platforms` is the data of all platforms that `source.platform` may name.

    `history` is where masked texts are kept for people to look at; None keeps none.
    """

    name = "network_config"

    def __init__(self, platforms: list[dict[str, Any]] | None = None, history: History | None = None) -> None:
        self._history = history
        self._data = known_by_name(platforms or [])
        self._platforms: dict[str, Platform] = {}
        self._devices: dict[str, Device] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._same: dict[str, str] = {}
        self._masked: dict[str, str] = {}
        self._restored: dict[str, Platform] = {}

    def prepare(self, assets: list[Asset]) -> None:
        """Ask all devices at once; a device's trouble is kept until its own turn."""
        devices: dict[str, Device] = {}
        for asset in assets:
            try:
                device = self.device(asset)
                device.check()
                devices[asset["id"]] = self._devices[asset["id"]] = device
            except Problem as problem:
                self._outcomes[asset["id"]] = problem
        try:
            self._outcomes.update(zip(devices, ask(list(devices.values()))))
        except Problem as problem:
            self._outcomes.update(dict.fromkeys(devices, problem))
        self._same = same_device(devices, self._outcomes)

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Have the device's configuration, by asking it if that was not done with the others."""
        device, answer = self.device(asset), self._answer(asset)
        sizes = [len(data) for data in _parts(answer).values()]
        return {
            "platform": device.platform.name,
            "address": device.way.address,
            "port": device.way.port,
            "hostname": device.platform.name_in(answer.text),
            "size_bytes": sum(sizes),
            **answer.facts,
        }

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Give what was fetched before."""
        answer = self._answer(asset)
        platform = self.device(asset).platform
        blobs = [Blob(name, data) for name, data in _parts(answer).items()]
        extras = {"unsaved": answer.unsaved} if answer.unsaved else {}
        known = {
            "unencrypted": self.device(asset).way.telnet,
            "unsaved": answer.unsaved,
            "same_device": asset["id"] in self._same,
        }
        warnings = [name for name, holds in known.items() if holds]
        yield Capture(blobs, lambda: _content(platform, _parts(answer)), extras=extras, warnings=warnings)

    def make_ready(self, assets: list[str]) -> None:
        """Mask the texts while restic is at work on another processor."""
        if self._history:
            self._masked.update((asset, self._text_to_keep(asset)) for asset in assets)

    def keep(self, points: dict[str, str], case: dict[str, Any]) -> dict[str, str]:
        """Keep the masked texts in the history; return what has to be known of a backup."""
        found, remarks = {}, {}
        for asset, point in points.items():
            answer, device = self._outcomes[asset], self._devices[asset]
            if isinstance(answer, Answer):
                if self._history:
                    text = self._masked.pop(asset, None) or self._text_to_keep(asset)
                    found[asset] = Kept(text, point, self._facts(asset, answer))
                remarks[asset] = " ".join(filter(None, (remark(answer, device), self._same.get(asset))))
        if self._history:
            for asset in self._history.keep(found, case):
                remarks[asset] = f"{remarks[asset]} The history has the change.".strip()
        return remarks

    def _text_to_keep(self, asset: str) -> str:
        answer, platform = self._answer({"id": asset}), self._devices[asset].platform
        text = "\n".join(platform.meaningful(answer.text)) if answer.text else _list_of(answer)
        return platform.masked(text) + "\n"

    def _facts(self, asset: str, answer: Answer) -> dict[str, str]:
        """What is known of a device; one that gives no answer is what it was."""
        before = self._known_facts(asset) if answer.silent else {}
        return {**before, **answer.facts}

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Prove that the stored text could go back; say what would be missing.

        That it is the one that was fetched, its SHA-256 proves; for what it means there may be better rules since.
        """
        device, data = self.device(asset), stream.read()
        if part != TEXT:
            known = next((item for item in stored.content().items if item["name"] == part), None)
            if known is None or known["digest"] != hashlib.sha256(data).hexdigest():
                raise Problem(f"The stored file {part} is not what was backed up.", "Use another point.")
            return f"the file {part} with its checksum"
        text = _text(data)
        if whole(device.platform, text, f"The stored text of {device.name}", device.hostname) != text:
            raise Problem(f"The stored text of {device.name} is more than a configuration.", "Use another point.")
        notes = self._notes(asset, stored, text)
        return " ".join([f"a whole configuration of {device.platform.name_in(text) or device.name};", *notes]).rstrip(
            ";"
        )

    def caveat(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> str | None:
        """Say what the text alone would not bring back, and what the device as it is now would not take."""
        if self.device(asset).platform.shape.form == "binary":
            return None
        with stored.open(TEXT) as stream:
            return " ".join(self._notes(asset, stored, _text(stream.read()))) or None

    def _notes(self, asset: Asset, stored: StoredPoint, text: str) -> list[str]:
        source, extras = stored.manifest.get("source") or {}, stored.manifest.get("extras") or {}
        outcome = self._outcomes.get(asset["id"])
        has = outcome.facts if isinstance(outcome, Answer) else self._known_facts(asset["id"])
        platform = self.device(asset).platform
        return missing(platform, text, source.get("version"), extras.get("unsaved"), has.get("version"))

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse a target that exists, or that no file can be made at, and a spare that cannot be used at all."""
        path = _path(target)
        if os.path.lexists(path):
            raise Problem(f"The target {path} exists already.", "Name a file that does not exist.", refused=True)
        spare = spare_of(asset, self.device(asset))
        if spare:
            require_spare(spare)

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Write what was stored into a new place that only its owner may read: configurations hold passwords."""
        self.admit(asset, stored, target)
        names = [item["name"] for item in stored.manifest.get("parts") or []] or [TEXT]
        path = _path(target)
        self._restored[path] = self.device(asset).platform
        if len(names) > 1:
            os.mkdir(path, 0o700)
        for name in names:
            with stored.open(name) as stream:
                data = stream.read()
            place = os.path.join(path, name) if len(names) > 1 else path
            with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
                sink.write(data)

    def wanted(self, stored: StoredPoint, target: dict[str, Any]) -> Content:
        """What the stored text means by the rules known now; by those of then it may have meant something else."""
        platform = self._restored[_path(target)]
        if platform.shape.form == "binary":
            return stored.content()
        with stored.open(TEXT) as stream:
            return _content(platform, {TEXT: stream.read()})

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """A person puts the text in by the device's console: how, its maker's manual says."""
        words = "Masukkan lewat konsol perangkat menurut buku petunjuk pembuatnya: ganti seluruhnya, jangan digabung."
        return [*as_they_are(manifest["parts"]), Step(f"{words} Berkas ini memuat kata sandi.", ())]

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of what was restored."""
        device, path = self.device(asset), _path(target)
        if os.path.isdir(path):
            return _content(device.platform, {name: _read(os.path.join(path, name)) for name in os.listdir(path)})
        single = TEXT if device.platform.shape.form != "binary" else _part_name(device.all_paths[0])
        return _content(device.platform, {single: _read(path)})

    def trial(self, asset: Asset, target: dict[str, Any]) -> Tried | None:
        """Load the restored text onto the spare device, or into the platform's own software on the controller."""
        path, device = _path(target), self.device(asset)
        if os.path.isdir(path) or device.platform.shape.form == "binary":
            return None
        text, spare = _text(_read(path)), spare_of(asset, device)
        return rehearsed(spare, text) if spare else tried(device.platform, text)

    def _answer(self, asset: Asset) -> Answer:
        if asset["id"] not in self._outcomes:
            self.prepare([asset])
        outcome = self._outcomes[asset["id"]]
        if isinstance(outcome, Problem):
            raise outcome
        return outcome

    def text_now(self, asset: Asset) -> str:
        """Ask the device anew and return its configuration."""
        self._outcomes.pop(asset["id"], None)
        return self._answer(asset).text

    def device(self, asset: Asset) -> Device:
        """Return the device an asset's source describes."""
        platform = self._platform(asset["source"]["platform"], asset.get("platforms"))
        return device_of(asset, platform, self._known_facts(asset["id"]).get("serial"))

    def _known_facts(self, asset: str) -> dict[str, str]:
        """What the device told of itself when it was asked before."""
        return self._history.facts(asset) if self._history else {}

    def _platform(self, name: str, given: list[dict[str, Any]] | None) -> Platform:
        """Return a platform; an asset that is handed to another process brings the data of its own along."""
        if given and name not in self._data:
            self._data.update(known_by_name(given))
        if name not in self._data:
            raise Problem(
                f"The platform {name} is not known (known are {', '.join(sorted(self._data)) or 'none'}).",
                "Correct platform in the asset's source, or describe the platform in the office's network_platforms/.",
                refused=True,
            )
        if name not in self._platforms:
            self._platforms[name] = Platform.of(self._data[name])
        return self._platforms[name]


def _list_of(answer: Answer) -> str:
    """Files have no lines to look at; their checksums tell when they changed."""
    return "\n".join(f"{hashlib.sha256(data).hexdigest()}  {path}" for path, data in sorted(answer.files.items()))


def _parts(answer: Answer) -> dict[str, bytes]:
    """The parts of a point by their names: the text, or a device's files under plain names."""
    if answer.files:
        return {_part_name(path): data for path, data in answer.files.items()}
    return {TEXT: answer.text.encode("utf-8", "surrogateescape")}


def _part_name(path: str) -> str:
    return path.strip("/").replace("/", "_")


def _content(platform: Platform, parts: dict[str, bytes]) -> Content:
    if platform.shape.form != "binary":
        return platform.content(_text(parts[TEXT]))
    return Content.of(
        [{"name": name, "count": len(data), "digest": hashlib.sha256(data).hexdigest()} for name, data in parts.items()]
    )


def _path(target: dict[str, Any]) -> str:
    path = str(target.get("path") or "")
    if not os.path.isabs(path) or not os.path.isdir(os.path.dirname(path)):
        raise Problem(
            f"The target {path or 'of the restore'} is no absolute path in a folder that exists.",
            "Give sopwrap_target: {path: /folder/new-file}.",
            refused=True,
        )
    return path


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
