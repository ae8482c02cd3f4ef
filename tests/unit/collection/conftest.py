"""Where tests of the collection take their stores from."""

from __future__ import annotations

import pytest

from tests.unit.collection.toy import Shelf


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Where tests take fresh stores from."""
    return Shelf(tmp_path_factory.mktemp("shelf"))
