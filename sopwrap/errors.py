"""What can go wrong, as one exception with the exit code a pipeline acts on.

Exit codes are the contract with CI (docs/reference/cli.md): 0 done, 1 failed, 2 usage,
3 waiting for a person, 4 refused, 5 nothing matched, 75 another run holds the lock.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended, as seen by the shell."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    WAITING = 3
    REFUSED = 4
    NOTHING = 5
    LOCKED = 75


class SopError(Exception):
    """A failure told in one sentence.

    ``message`` says what and where, ``hint`` what to do next. Neither may hold a secret: both are
    printed, and written to the ledger.
    """

    def __init__(self, message: str, hint: str = "", code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(SopError):
    """The request itself is wrong: an unknown SOP, a misspelt asset, a file that does not parse."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, Exit.USAGE)


class RefusedError(SopError):
    """The request is understood and not allowed: wrong person, second signature, missing medium."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, Exit.REFUSED)


class NothingMatchedError(SopError):
    """No host or asset is left to work on; never a success (a backup of nothing is no backup)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, Exit.NOTHING)


class LockedError(SopError):
    """Another run is at work in this office."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, Exit.LOCKED)
