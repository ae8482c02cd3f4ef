# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask many network devices for their configurations at once from one process; one in trouble costs only itself."""

from __future__ import annotations

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Union

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device, explained, library
from ansible_collections.sopwrap.backup.plugins.module_utils.device_files import fetched
from ansible_collections.sopwrap.backup.plugins.module_utils.device_line import Roads, carried_out, shell
from ansible_collections.sopwrap.backup.plugins.module_utils.device_netconf import netconf
from ansible_collections.sopwrap.backup.plugins.module_utils.device_shell import Dropped
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import Changed
from ansible_collections.sopwrap.backup.plugins.module_utils.restorability import whole

AT_ONCE = 50
"""Sessions open at a time; more brought nothing on two cores."""

_AGAIN = 0.5
"""Seconds before a lost line is tried again."""

_SHARE = 0.8
"""How much of the time that is left a device may take to tell about itself: its configuration is not lost with it."""

_READINGS = 3
"""How often a configuration is read that somebody is changing."""

Ask = Callable[[str], Awaitable[str]]
Outcome = Union[Answer, Problem]
"""What a device answered, or why there is nothing."""


class _Untold(Exception):
    """The device did not tell about itself what it was asked."""


def ask(devices: list[Device], at_once: int = AT_ONCE) -> list[Outcome]:
    """Return each device's answer or the `Problem` with it, in the order of the devices."""
    roads = Roads(library())
    _allow_many_files()
    return asyncio.run(_ask_all(roads, devices, at_once))


async def _ask_all(roads: Roads, devices: list[Device], at_once: int) -> list[Outcome]:
    gate = asyncio.Semaphore(at_once)

    async def one(device: Device) -> Outcome:
        async with gate:
            for left in range(device.retries, -1, -1):
                outcome, again = await _attempt(roads, device)
                if not again or not left:
                    break
                await asyncio.sleep(_AGAIN)
            return outcome

    try:
        return list(await asyncio.gather(*(one(device) for device in devices)))
    finally:
        roads.close()


async def _attempt(roads: Roads, device: Device) -> tuple[Outcome, bool]:
    """Ask once; the second value says whether the line was lost, so that asking again may help."""
    lost = (Dropped, roads.library.ConnectionLost, roads.library.ChannelOpenError, ConnectionError)
    try:
        return await asyncio.wait_for(_session(roads, device), device.timeout), False
    except lost as error:
        if isinstance(error, ConnectionRefusedError):
            return explained(roads.library, device, error), True
        return _dropped(device), True
    except Problem as problem:
        return _named(device, problem), False
    except (asyncio.TimeoutError, OSError, ValueError, roads.library.Error) as error:
        return explained(roads.library, device, error), False


async def _session(roads: Roads, device: Device) -> Answer:
    end = asyncio.get_running_loop().time() + device.timeout
    async with roads.open(device) as connection:
        if device.platform.shape.session == "files":
            return Answer(files=await fetched(roads.library, connection, device.name, device.all_paths))
        async with asking(connection, device) as put:
            return await _answer(device, put, end)


@contextlib.asynccontextmanager
async def asking(connection: Any, device: Device, session: str | None = None) -> AsyncIterator[Ask]:
    """Give the way a platform is asked: at its prompt, by RPCs or single commands (`session` where not as usual)."""
    way = session or device.platform.shape.session
    if way == "netconf":
        async with netconf(connection) as rpcs:
            yield rpcs.say
    elif way == "shell":
        async with shell(connection, device) as dialogue:
            yield dialogue.say
    else:
        yield lambda command: carried_out(connection, command)


async def _answer(device: Device, put: Ask, end: float) -> Answer:
    """Ask for the configuration, then for the facts: a device that stumbles over these has given the first already.

    `end` is when it must have answered, on the loop's clock.
    """
    told = Answer(await _settled(device, put))
    try:
        left = end - asyncio.get_running_loop().time()
        await asyncio.wait_for(_ask_about(device, put, told), _SHARE * left)
    except (asyncio.TimeoutError, Dropped, OSError, _Untold, library().Error):
        told.silent = True
    return told


async def _ask_about(device: Device, put: Ask, told: Answer) -> None:
    """Ask for the facts and whether the configuration is saved; what is heard is put into `told` at once."""
    answers: dict[str | None, str] = {None: told.text}
    for source in device.platform.shape.facts:
        known = source.known.keys() <= told.facts.keys()
        if source.command and source.command not in answers and not known:
            answers[source.command] = await _heard(put, source.command)
        told.facts = device.platform.facts_in(answers)
    serial = told.facts.get("serial")
    if device.serial and serial not in (None, device.serial):
        raise Problem(
            f"{device.name} has the serial number {serial} instead of {device.serial}, which is no backup.",
            "Correct its address, or its serial in the inventory when it was replaced.",
        )
    told.unsaved = await _unsaved(device, put)


async def _heard(put: Ask, command: str) -> str:
    try:
        return await put(command)
    except Problem as problem:
        raise _Untold from problem


async def configuration(device: Device, put: Ask) -> str:
    """Ask for the configuration; raise when the answer is none."""
    return whole(device.platform, await _shown(device, put), device.name, device.hostname)


async def _settled(device: Device, put: Ask) -> str:
    """Ask for the configuration until nobody has changed it meanwhile; raise when it is none.

    What a device shows while somebody commits may be half of the one and half of the other, and look whole.
    """
    changed = device.platform.shape.changed
    if changed is None:
        return await configuration(device, put)
    for _reading in range(_READINGS):
        before = None if changed.shown else await _last_change(device, changed, put)
        answer = await _shown(device, put)
        if changed.shown:
            before = device.platform.found(changed.line, answer)
        if await _last_change(device, changed, put) in (None, before):  # one that may not say it says nothing
            return whole(device.platform, answer, device.name, device.hostname)
    raise Problem(
        f"{device.name} was changed each of the {_READINGS} times it was read, which is no backup.",
        "Back up again when nobody is changing it.",
    )


async def _last_change(device: Device, changed: Changed, put: Ask) -> str | None:
    return device.platform.found(changed.line, await put(changed.command))


async def _shown(device: Device, put: Ask) -> str:
    """What the first of the platform's commands prints that answers with a configuration."""
    answer = ""
    for command in device.platform.shape.commands:
        answer = await put(command)
        if device.platform.recognises(answer):
            break
    return answer


async def _unsaved(device: Device, put: Ask) -> str | None:
    """Return the line in which the device says that its running configuration was not saved."""
    if device.platform.shape.unsaved is None:
        return None
    command, line = device.platform.shape.unsaved
    return next((told.strip() for told in (await _heard(put, command)).split("\n") if line.search(told)), None)


def _dropped(device: Device) -> Problem:
    return Problem(
        f"{device.place} ended the session before its configuration was complete, which is no backup.",
        "Check the device and the way to it, then back up again.",
    )


def _named(device: Device, problem: Problem) -> Problem:
    """Put the device's name where a sentence only says `it`."""
    if not problem.message.startswith("It "):
        return problem
    return Problem(f"{device.place}{problem.message[2:]}", problem.hint, problem.refused)


def _allow_many_files() -> None:
    """A session is an open file, and so is the lock of every asset."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 65536:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 65536, hard))
