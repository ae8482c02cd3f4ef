"""The demo office: real servers under one folder, for `make demo` and for the integration tests."""

from __future__ import annotations

from tests.office.office import ALL_PARTS, Office
from tests.office.process import OfficeError

__all__ = ["ALL_PARTS", "Office", "OfficeError"]
