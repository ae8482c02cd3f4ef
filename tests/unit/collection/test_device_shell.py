"""A dialogue at a device's prompt: echo, prompt, pages, questions, and what a device does to confuse."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import device_shell
from ansible_collections.sopwrap.backup.plugins.module_utils.device_shell import Dropped, Shell, clean
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import shape

PLATFORM = {"name": "uji", "commands": ["show run"], "open_end": True, "setup": ["page off"]}


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_shell, "_SETTLE", 0.06)


class Device:
    """What it is told is looked up in `answers`; `pieces` cuts what it says into pieces of that many characters."""

    def __init__(
        self, answers: dict[str, str], greeting: str = "Selamat datang\r\n\r\nrtr# ", pieces: int = 4096
    ) -> None:
        self.answers = answers
        self.told: list[str] = []
        self._pieces = pieces
        self._waiting = greeting
        self._news = asyncio.Event()

    def write(self, text: str) -> None:
        self.told.append(text)
        line = text.removesuffix("\n")
        default = f"{line}\r\n% Invalid\r\nrtr# " if text.endswith("\n") else ""
        self._waiting += self.answers.get(line, default)
        self._news.set()

    async def read(self, _most: int) -> str:
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        if self._waiting.startswith("EOF"):
            return ""
        piece, self._waiting = self._waiting[: self._pieces], self._waiting[self._pieces :]
        return piece


def said(device: Device, line: str = "show run", **platform: Any) -> str:
    async def talk() -> str:
        shell = Shell(device, device, shape({**PLATFORM, **platform}), {"enable": "buka", "password": "sandi"})
        await shell.begin()
        return await shell.say(line)

    return asyncio.run(asyncio.wait_for(talk(), 10))


TEXT = "hostname rtr\n! rtr# in a remark\nline vty"


def shown(text: str = TEXT) -> str:
    return "show run\r\n" + text.replace("\n", "\r\n") + "\r\nrtr# "


@pytest.mark.parametrize("pieces", [1, 3, 17, 4096])
def test_the_answer_is_what_stands_between_the_echo_and_the_prompt(pieces: int) -> None:
    assert said(Device({"show run": shown()}, pieces=pieces)) == TEXT
    device = Device({"show run": shown()}, pieces=pieces)
    said(device)
    assert device.told == ["page off\n", "show run\n"]


def test_a_last_line_without_an_end_is_not_lost_with_the_prompt_behind_it() -> None:
    """So that a text that was cut off in the middle of a line is seen to be."""
    for cut in (len(TEXT), len(TEXT) - 4):
        assert said(Device({"show run": shown()[: -len("\r\nrtr# ") - len(TEXT) + cut] + "rtr# "})) == TEXT[:cut]


def test_a_banner_that_looks_like_a_prompt_confuses_nobody() -> None:
    assert (
        said(Device({"show run": shown()}, greeting="*** milik kantor ***\r\nAwas #\r\n\r\nrtr# ", pieces=30)) == TEXT
    )


def test_a_line_that_looks_like_another_prompt_does_not_end_the_answer() -> None:
    text = "interface a\n description gedung#"
    assert said(Device({"show run": shown(text)}, pieces=len("show run\r\n" + text) + 1)) == text


@pytest.mark.parametrize(
    ("more", "wiped"),
    [
        (" --More-- ", "\r          \r"),
        (" --More-- ", "\b" * 10 + " " * 10 + "\b" * 10),
        ("---- More ----", "\x1b[16D                \x1b[16D"),
        ("<--- More --->", "\r              \r"),
        ("\x1b[7mlines 1-23 ", "\x1b[m\x1b[K\r\x1b[K"),
        ("-- MORE --, next page: Space", "\x1b[24;1H\r\x1b[2K"),
        ("--More--", "\x1b[2K\x1b[1G"),
    ],
)
@pytest.mark.parametrize("pieces", [4, 4096])
def test_pages_are_turned_and_leave_nothing_in_the_text(more: str, wiped: str, pieces: int) -> None:
    device = Device({"show run": f"show run\r\nsatu\r\n{more}", " ": f"{wiped}dua\r\nrtr# "}, pieces=pieces)
    assert said(device) == "satu\ndua"
    assert device.told[-1] == " "


def test_the_privileged_mode_is_asked_for_with_its_password() -> None:
    answers = {"enable": "enable\r\nPassword: ", "buka": "\r\nrtr# ", "show run": shown()}
    device = Device(answers, greeting="rtr> ")
    assert said(device, enable="enable") == TEXT
    assert device.told[:2] == ["enable\n", "buka\n"]
    refused = {"enable": "enable\r\nPassword: ", "buka": "\r\n% Bad secrets\r\nrtr> "}
    with pytest.raises(Problem, match="does not take the enable password") as caught:
        said(Device(refused, greeting="rtr> "), enable="enable")
    assert "buka" not in str(caught.value)


def test_questions_of_the_platform_are_answered() -> None:
    device = Device({"show run": "show run\r\nSure? [y/n] ", "y": f"y\r\n{shown()[10:]}"})
    assert TEXT in said(device, answers=[{"ask": r"\[y/n\] $", "say": "y"}])


def test_an_answer_of_the_platform_comes_before_the_turning_of_a_page() -> None:
    greeting = "Selamat datang\r\nPress any key to continue"
    device = Device({"": "\r\nrtr# ", "show run": shown()}, greeting=greeting)
    assert said(device, answers=[{"ask": "(?i)press any key", "say": ""}]) == TEXT
    assert device.told[0] == "\n"


def test_a_line_ends_as_the_platform_wants_it() -> None:
    class Strict(Device):
        def write(self, text: str) -> None:
            assert text.endswith("\r\n")
            super().write(text.replace("\r", ""))

    assert said(Strict({"show run": shown()}), enter="\r\n") == TEXT


def test_a_screen_that_is_written_by_places_is_read_as_lines() -> None:
    row = "\x1b[1;0H\x1b[1M\x1b[24;1H\x1b[1L\x1b[24;9H\x1b[24;1H\x1b[2K\x1b[24;1H\x1b[?25h"
    prompt = "\x1b[24;1H\x1b[2Krtr# \x1b[24;1H\x1b[24;6H\x1b[?25h"
    told = TEXT.replace("\n", "\r\n\x1b[24;1H\x1b[2K\x1b[1;24r\x1b[24;1H")
    device = Device(
        {
            "page off": f"\x1b[24;6Hpage \x1b[24;11H\x1b[24;11Hoff{row}{prompt}",
            "show run": f"\x1b[24;6Hshow\x1b[24;10H\x1b[24;10H run{row}\r\n{told}\r\n{prompt}",
        },
        greeting=prompt,
    )
    assert said(device).lstrip("\n") == TEXT


def test_a_device_without_an_echo_is_understood_after_a_pause() -> None:
    assert said(Device({"page off": "\r\nrtr# ", "show run": shown()[10:]})) == TEXT


def test_a_session_that_ends_too_early_is_no_answer() -> None:
    with pytest.raises(Dropped):
        said(Device({"show run": "EOF"}))


def test_a_device_that_does_not_stop_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_shell, "FLOOD", 10_000)
    with pytest.raises(Problem, match="did not stop"):
        said(Device({"show run": "x" * 20_000}))


def test_the_prompt_may_change_its_mode_but_not_its_name() -> None:
    device = Device({"configure": "configure\r\nrtr(config)# ", "show run": shown()}, greeting="rtr> ")

    async def talk() -> list[str]:
        shell = Shell(device, device, shape(PLATFORM), {})
        await shell.begin()
        return [await shell.say("configure"), await shell.say("show run")]

    assert asyncio.run(asyncio.wait_for(talk(), 10)) == ["", TEXT]


def test_a_mark_for_changes_may_come_into_the_prompt() -> None:
    wlc = Device(
        {"page off": "page off\r\n(rtr) [mm] # ", "show run": shown()[:-5] + "(rtr) *[mm] # "}, "(rtr) [mm] # "
    )
    assert said(wlc) == TEXT


def test_what_steers_a_terminal_is_not_text() -> None:
    assert clean("\x1b[1msatu\x1b[0m \bdua\r\r\n\x1b]0;judul\x07tiga") == "satudua\ntiga"


@pytest.mark.parametrize(
    "question",
    ["Password: ", "Kata sandi: ", "Contraseña:", "Mot de passe : ", "密码：", "Пароль: ", "Enable passcode: "],
)
def test_a_password_may_be_asked_for_in_another_language(question: str) -> None:
    answers = {"enable": f"enable\r\n{question}", "buka": "\r\nrtr# ", "show run": shown()}
    assert said(Device(answers, greeting="rtr> "), enable="enable") == TEXT


def test_no_password_is_said_where_a_name_is_asked_for() -> None:
    device = Device({"enable": "enable\r\nUsername: ", "show run": shown()}, greeting="rtr> ")
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(_begun(device, enable="enable"), 0.5))
    assert "buka\n" not in device.told


async def _begun(device: Device, **platform: Any) -> Shell:
    shell = Shell(device, device, shape({**PLATFORM, **platform}), {"enable": "buka", "password": "sandi"})
    await shell.begin()
    return shell


class Late(Device):
    """It says the second half of an answer only some time after the first one."""

    def __init__(self, first: str, second: str, after: float, **more: Any) -> None:
        super().__init__({"show run": "show run\r\n" + first.replace("\n", "\r\n")}, **more)
        self._second, self._after = second.replace("\n", "\r\n"), after

    def write(self, text: str) -> None:
        super().write(text)
        if text == "show run\n":
            asyncio.get_running_loop().call_later(self._after, self._go_on)

    def _go_on(self) -> None:
        self._waiting += self._second
        self._news.set()


BANNER = "begin\nbanner motd ^\nrtr# "


@pytest.mark.parametrize(("end", "after"), [({"open_end": True}, 0.03), ({"end": "^end$", "open_end": False}, 0.2)])
def test_the_very_prompt_within_a_configuration_does_not_end_it(end: dict[str, Any], after: float) -> None:
    device = Late(BANNER, "\n^\nline vty\nend\nrtr# ", after)
    assert said(device, begin="^begin", **end) == f"{BANNER}\n^\nline vty\nend"


def test_a_greeting_that_looks_like_a_prompt_and_a_prompt_that_comes_late_confuse_nobody() -> None:
    class Slow(Device):
        async def read(self, most: int) -> str:
            if not self._waiting and not self.told:
                await asyncio.sleep(0.2)
                self._waiting = "\r\nrtr# "
            return await super().read(most)

    greeting = "Hanya untuk pegawai>"
    for setup in ([], ["page off"]):
        device = Slow({"show run": shown(), "": "\r\nrtr# "}, greeting=greeting)
        assert said(device, setup=setup) == TEXT


def test_colours_and_mixed_line_ends_leave_nothing_in_the_text() -> None:
    text = "\x1b[1mhostname rtr\x1b[0m\r\r\n! rtr# in a remark\nline vty\r\n\x1b[32mrtr#\x1b[0m "
    device = Device({"show run": f"show run\r\n{text}"}, greeting="\x1b[32mrtr#\x1b[0m ")
    device.answers["page off"] = "page off\r\n\x1b[32mrtr#\x1b[0m "
    assert said(device) == TEXT


def test_a_device_that_asks_for_the_next_page_for_ever_is_given_up_with_a_word_about_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(device_shell, "_STALL", 0.05)

    class Endless(Device):
        def write(self, text: str) -> None:
            super().write(text)
            if text == " ":
                self._waiting += "\r          \r --More-- "

    with pytest.raises(Problem, match="asks for the next page again and again"):
        said(Endless({"show run": "show run\r\nsatu\r\n --More-- "}))
