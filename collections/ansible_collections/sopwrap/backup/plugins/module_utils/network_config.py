# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configurations of network devices: asked for over SSH, all devices at once, stored as the text that goes back.

A text that is empty, cut off, an error, or another device's is no backup; it is refused and said so. A restore writes
the text into a new file; giving it to the device is a decision of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import Answer, Device, ask
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Blob,
    Capture,
    Content,
    Kind,
    Problem,
    StoredPoint,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform

_PART = "configuration.txt"


class NetworkConfig(Kind):
    """The kind `network_config`; `platforms` is the data of all platforms that `source.platform` may name."""

    name = "network_config"

    def __init__(self, platforms: list[dict[str, Any]]) -> None:
        self._data = {str(data.get("name")): data for data in platforms}
        self._platforms: dict[str, Platform] = {}
        self._answers: dict[str, Answer] = {}

    def prepare(self, assets: list[Asset]) -> None:
        """Ask all devices at once; a device's trouble is kept until its own turn."""
        devices: dict[str, Device] = {}
        for asset in assets:
            try:
                device = self._device(asset)
                device.check()
                devices[asset["id"]] = device
            except Problem as problem:
                self._answers[asset["id"]] = problem
        try:
            self._answers.update(zip(devices, ask(list(devices.values()))))
        except Problem as problem:
            self._answers.update(dict.fromkeys(devices, problem))

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Have the device's configuration, by asking it if that was not done with the others."""
        device, text = self._device(asset), self._text(asset)
        return {
            "platform": device.platform.name,
            "address": device.address,
            "port": device.port,
            "hostname": device.platform.name_in(text),
            "size_bytes": len(_bytes(text)),
        }

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Give the text that was fetched before."""
        text = self._text(asset)
        platform = self._device(asset).platform
        yield Capture([Blob(_PART, _bytes(text))], lambda: platform.content(text))

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Prove that the stored text is a whole configuration, and the one that was fetched."""
        device = self._device(asset)
        text = _text(stream.read())
        if device.platform.whole(text, f"The stored text of {device.name}", device.hostname) != text:
            raise Problem(f"The stored text of {device.name} is more than a configuration.", "Use another point.")
        difference = stored.content().difference(device.platform.content(text))
        if difference:
            raise Problem(f"The stored configuration is not what was backed up: {difference}.", "Use another point.")
        return f"a whole configuration of {device.platform.name_in(text) or device.name}"

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Write the text into a new file that only its owner may read: configurations hold passwords."""
        path = _path(target)
        with stored.open(_PART) as stream:
            data = stream.read()
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Problem(
                f"The target {path} exists already.", "Name a file that does not exist.", refused=True
            ) from None
        with open(descriptor, "wb") as sink:
            sink.write(data)

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of the restored text."""
        with open(_path(target), "rb") as stream:
            return self._device(asset).platform.content(_text(stream.read()))

    def _text(self, asset: Asset) -> str:
        if asset["id"] not in self._answers:
            self.prepare([asset])
        answer = self._answers[asset["id"]]
        if isinstance(answer, Problem):
            raise answer
        return answer

    def _device(self, asset: Asset) -> Device:
        source = asset["source"]
        return Device(
            name=str(asset.get("host") or asset["id"]),
            platform=self._platform(source["platform"]),
            address=source["address"],
            port=source["port"],
            user=source["user"],
            known_hosts=source["known_hosts"],
            password=source["password"],
            key_file=source["key_file"],
            hostname=source["hostname"],
            timeout=source["timeout"],
        )

    def _platform(self, name: str) -> Platform:
        if name not in self._data:
            raise Problem(
                f"The platform {name} is not known (known are {', '.join(sorted(self._data)) or 'none'}).",
                "Correct platform in the asset's source, or describe the platform in network_config_platforms.",
                refused=True,
            )
        if name not in self._platforms:
            self._platforms[name] = Platform.of(self._data[name])
        return self._platforms[name]


def _path(target: dict[str, Any]) -> str:
    path = str(target.get("path") or "")
    if not os.path.isabs(path) or not os.path.isdir(os.path.dirname(path)):
        raise Problem(
            f"The target {path or 'of the restore'} is no absolute path in a folder that exists.",
            "Give sopwrap_target: {path: /folder/new-file}.",
            refused=True,
        )
    return path


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
