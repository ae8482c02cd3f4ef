"""A store's key in shares of words (SLIP-39, by the library shamir-mnemonic): so many open it, fewer tell nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sopwrap.errors import SopError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST = 16
"""Bytes of a secret the library takes at least; their number has to be even."""


@dataclass(frozen=True)
class Sheet:
    """One holder's sheet of paper: ``number`` of ``of`` shares, of which ``threshold`` open the key."""

    key: str
    stores: tuple[str, ...]
    holder: Mapping[str, Any]
    number: int
    of: int
    threshold: int
    words: str


def split(key: str, threshold: int, of: int) -> list[str]:
    """Return ``of`` shares, each a line of words, any ``threshold`` of which give the key back."""
    if not 2 <= threshold <= of <= 16:
        raise UsageError(f"{threshold} of {of} shares is no escrow.", "From 2 of 2 up to 16 holders can be named.")
    secret = key.encode()
    padded = secret.ljust(max(SHORTEST, len(secret) + len(secret) % 2), b"\0")
    shares: list[str] = _library().generate_mnemonics(1, [(threshold, of)], padded)[0]
    return shares


def needed(share: str) -> int:
    """How many shares open the key this one is of; raise UsageError when it was mistyped."""
    from shamir_mnemonic.share import Share

    try:
        return int(Share.from_mnemonic(_plain(share)).member_threshold)
    except _library().MnemonicError as error:
        raise _mistake(error) from None


def join(shares: Sequence[str]) -> str:
    """Return the key; raise UsageError where the shares are mistyped, too few, or not of one set."""
    library = _library()
    try:
        secret: bytes = library.combine_mnemonics([_plain(one) for one in shares])
    except library.MnemonicError as error:
        raise _mistake(error) from None
    return secret.rstrip(b"\0").decode()


def _plain(share: str) -> str:
    return " ".join(share.lower().split())


def _mistake(error: Exception) -> UsageError:
    """The library's complaint without the words it quotes, which are part of a share."""
    told = str(error)
    what = {
        "Invalid mnemonic word": "A word of it is not one of the list.",
        "Invalid mnemonic checksum": "A word of it is another one than was printed.",
        "Invalid mnemonic length": "Words are missing, or there are too many.",
        "Wrong number": "They are too few, or one was given twice.",
        "Invalid set": "They are shares of different keys, or of different sheets of one key.",
    }
    said = next((words for begin, words in what.items() if told.startswith(begin)), "Words are missing or mistyped.")
    return UsageError(
        f"These shares do not open the key: {said[0].lower()}{said[1:]}", "Type them as they are printed."
    )


def _library() -> Any:
    try:
        import shamir_mnemonic
    except ImportError:
        raise SopError("The library for shares of keys is not installed.", "pip install 'sopwrap[keys]'") from None
    return shamir_mnemonic
