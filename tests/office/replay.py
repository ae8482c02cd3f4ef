"""A device that plays a recorded dialogue back over real SSH: what it was asked then, it answers as it did then.

The recordings are YAML files as the project Oxidized keeps them: `init_prompt`, and `commands` with what was printed
for each line that was sent. What was not recorded is answered as a device answers what it does not understand.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import asyncssh
import yaml

_ESCAPES = {"e": "\x1b", "r": "\r", "b": "\b", "t": "\t", "n": "\n", '"': '"', "\\": "\\", "a": "\x07", "0": "\x00"}


def unescaped(text: str) -> str:
    """The text of a recording with its escapes read."""

    def one(found: re.Match[str]) -> str:
        word = found.group(1)
        return chr(int(word[1:], 16)) if len(word) > 1 else _ESCAPES[word]

    return re.sub(r'\\(x[0-9a-fA-F]{2}|[erbtna0"\\])', one, text)


class Recording:
    """One recorded dialogue. Lines that were sent several times have their answers in turn."""

    def __init__(self, path: Path) -> None:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.greeting = unescaped(data.get("init_prompt") or "")
        self.prompt = self.greeting.rpartition("\n")[2].lstrip("\r")
        self._answers: dict[str, list[str]] = {}
        given = data["commands"]
        for pairs in given if isinstance(given, list) else [given]:
            for line, answer in pairs.items():
                self._answers.setdefault(unescaped(line), []).append(unescaped(answer or ""))

    def answer(self, line: str) -> str | None:
        """What was printed for this line (with its line end, if it has one), or None."""
        answers = self._answers.get(line)
        if not answers:
            return None
        return answers.pop(0) if len(answers) > 1 else answers[0]


class _Doorman(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "sandi"


class Player:
    """The SSH server that plays one recording. `sent` are the lines that it was sent."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sent: list[str] = []

    async def start(self, known_hosts: Path) -> int:
        """Serve on a free port of loopback; return it, and write its key to `known_hosts`."""
        key = asyncssh.generate_private_key("ssh-ed25519")
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=_Doorman,
            server_host_keys=[key],
            process_factory=self._serve,
            encoding=None,
            line_editor=False,
        )
        port = int(server.get_port())
        known_hosts.write_text(f"[127.0.0.1]:{port} {key.export_public_key().decode()}", encoding="ascii")
        return port

    async def _serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        recording = Recording(self._path)
        if process.command is not None:
            self.sent.append(process.command)
            answer = recording.answer(f"{process.command}\n")
            process.stdout.write((answer if answer is not None else "bad command name").encode())
            process.exit(0 if answer is not None else 1)
            return
        await self._converse(recording, process)

    async def _converse(self, recording: Recording, process: Any) -> None:
        process.stdout.write(recording.greeting.encode())
        waiting = ""
        while data := await process.stdin.read(4096):
            waiting += data.decode()
            while waiting:
                line, newline, rest = waiting.partition("\n")
                line, waiting = (line + newline, rest) if newline else (waiting, "")
                self.sent.append(line)
                answer = recording.answer(line)
                if answer is None and not line.strip():
                    answer = "" if line == " " else f"\r\n{recording.prompt}"
                if answer is None:
                    answer = f"{line.strip()}\r\n% Invalid input detected at '^' marker.\r\n{recording.prompt}"
                process.stdout.write(answer.encode())
                await asyncio.sleep(0)
        process.exit(0)
