"""When a backup's size has jumped, as office.yml and single assets of the register say it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sopwrap.models import Model


class SizeRule(Model):
    """``shrink`` and ``grow`` are ratios to the last accepted size: at or beyond them a person has to look.

    ``least``: bytes below which both sizes are too small to mean anything; ``least_rows`` the same for rows. A table
    set or a tree that had something and has nothing is odd whatever its size was.
    """

    shrink: Annotated[float, Field(gt=0, lt=1)] = 0.5
    grow: Annotated[float, Field(gt=1)] = 10.0
    least: Annotated[int, Field(ge=0)] = 1_000_000
    least_rows: Annotated[int, Field(ge=0)] = 1000
