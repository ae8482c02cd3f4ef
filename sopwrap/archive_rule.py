"""One rule of an office's archive schedule (sopwrap.archive goes by it)."""

from __future__ import annotations

from typing import Literal

from pydantic import NonNegativeInt

from sopwrap.models import Model

Final = Literal["musnah", "permanen", "dinilai kembali"]


class ArchiveRule(Model):
    """For some papers (ids; none named: all that no other rule names): years in use, years in store, and what then."""

    papers: list[str] = []
    active_years: NonNegativeInt
    inactive_years: NonNegativeInt
    final: Final
