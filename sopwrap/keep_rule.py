"""How many recovery points of an asset an office keeps beyond its retention (sopwrap.retention goes by it)."""

from __future__ import annotations

from pydantic import NonNegativeInt

from sopwrap.models import Model


class Keep(Model):
    """How many proven points are kept: the newest ones, and the newest of each day, week, month and year."""

    last: NonNegativeInt = 0
    daily: NonNegativeInt = 0
    weekly: NonNegativeInt = 0
    monthly: NonNegativeInt = 0
    yearly: NonNegativeInt = 0
