# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk to a device by NETCONF (RFC 6241) over the SSH connection there is anyway (RFC 6242).

A line that is said is the body of an RPC; the answer is the reply's data as XML lines, nothing for a mere `ok`, or
`rpc-error: ...`. So a platform's file says everything about a device that speaks NETCONF, too.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.device_shell import FLOOD, Dropped
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

_BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
_VERSIONS = ("urn:ietf:params:netconf:base:1.0", "urn:ietf:params:netconf:base:1.1")
_STARTUP = "urn:ietf:params:netconf:capability:startup:1.0"
_AFTER_HELLO = 0.3
"""Seconds; many sessions wait for them together."""

_END = b"]]>]]>"
_CHUNK = re.compile(rb"\n#(?:([1-9]\d*)|(#))\n")


@asynccontextmanager
async def netconf(connection: Any) -> AsyncIterator[Netconf]:
    """Give a session on the connection's subsystem `netconf`."""
    process = await connection.create_process(subsystem="netconf", encoding=None)
    made = Netconf(_library(), process.stdout, process.stdin)
    await made.begin()
    yield made


class Netconf:
    """One session; `reader` and `writer` are streams of bytes."""

    def __init__(self, library: Any, reader: Any, writer: Any) -> None:
        self._xml, self._reader, self._writer = library, reader, writer
        self._waiting = b""
        self._chunked = False
        self._capabilities: set[str] = set()
        self._number = 0

    async def begin(self) -> None:
        """Greet each other. Ours goes first, and then nothing for a moment: netconfd loses what comes with it."""
        capabilities = "".join(f"<capability>{version}</capability>" for version in _VERSIONS)
        self._send(f'<hello xmlns="{_BASE}"><capabilities>{capabilities}</capabilities></hello>'.encode())
        hello = self._read_xml(await self._message())
        self._capabilities = {(one.text or "").strip() for one in hello.iter(f"{{{_BASE}}}capability")}
        self._chunked = _VERSIONS[1] in self._capabilities
        await asyncio.sleep(_AFTER_HELLO)

    async def say(self, line: str) -> str:
        """Send one RPC and return its answer. A `<data>` in it, which is what a backup keeps, is sent as `<config>`.

        What is said of a start-up configuration is left out where the device keeps none.
        """
        if "<startup" in line and _STARTUP not in self._capabilities:
            return ""
        self._number += 1
        rpc = self._read_xml(f'<rpc xmlns="{_BASE}" message-id="{self._number}">{line}</rpc>'.encode())
        for data in list(rpc.iter(f"{{{_BASE}}}data")):
            data.tag = f"{{{_BASE}}}config"
        self._send(self._xml.tostring(rpc))
        return self._told(self._read_xml(await self._message()))

    def _told(self, reply: Any) -> str:
        errors = [one for one in reply.iter(f"{{{_BASE}}}rpc-error") if _text(one, "error-severity") != "warning"]
        if errors:
            said = _text(errors[0], "error-message") or _text(errors[0], "error-tag")
            return f"rpc-error: {' '.join(said.split())}\n"
        data = reply.find(f"{{{_BASE}}}data")
        return (
            ""
            if data is None
            else str(self._xml.tostring(data, encoding="unicode", pretty_print=True, with_tail=False))
        )

    def _send(self, message: bytes) -> None:
        if self._chunked:
            self._writer.write(b"\n#%d\n%b\n##\n" % (len(message), message))
        else:
            self._writer.write(b'<?xml version="1.0" encoding="UTF-8"?>\n' + message + _END)

    async def _message(self) -> bytes:
        """Read one message in the framing that was agreed upon."""
        if not self._chunked:
            while _END not in self._waiting:
                await self._more()
            message, _end, self._waiting = self._waiting.partition(_END)
            return message.strip()
        pieces: list[bytes] = []
        while True:
            head = await self._chunk_head()
            if head is None:
                return b"".join(pieces).strip()
            while len(self._waiting) < head:
                await self._more(sum(map(len, pieces)))
            pieces.append(self._waiting[:head])
            self._waiting = self._waiting[head:]

    async def _chunk_head(self) -> int | None:
        """Take the head of the next chunk away and return its length; None after the last one."""
        while True:
            found = _CHUNK.match(self._waiting)
            if found:
                self._waiting = self._waiting[found.end() :]
                return int(found[1]) if found[1] else None
            if len(self._waiting) > 20:
                raise Problem("It does not keep to the framing of NETCONF.", "Check the device.")
            await self._more()

    async def _more(self, had: int = 0) -> None:
        piece = await self._reader.read(65536)
        if not piece:
            raise Dropped
        self._waiting += piece
        if had + len(self._waiting) > FLOOD:
            raise Problem(f"It did not stop after {FLOOD // 1_000_000} million characters.", "Check the device.")

    def _read_xml(self, message: bytes) -> Any:
        """Read XML that comes from elsewhere: nothing in it is looked up anywhere."""
        parser = self._xml.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True, huge_tree=True)
        try:
            return self._xml.fromstring(message, parser)
        except self._xml.XMLSyntaxError as error:
            raise Problem(f"It sent something that is no XML: {error}.", "Check the device.") from error


def _text(element: Any, name: str) -> str:
    return str(element.findtext(f"{{{_BASE}}}{name}") or "").strip()


def _library() -> Any:
    try:
        from lxml import etree
    except ImportError:
        raise Problem(
            f"NETCONF is spoken with the Python library lxml, which {sys.executable} does not have.",
            f"Install it there: {sys.executable} -m pip install lxml.",
        ) from None
    return etree
