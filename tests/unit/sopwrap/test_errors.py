from __future__ import annotations

import pytest

from sopwrap.errors import Exit, LockedError, NothingMatchedError, RefusedError, SopError, UsageError


@pytest.mark.parametrize(
    ("error", "code"),
    [(SopError, 1), (UsageError, 2), (RefusedError, 4), (NothingMatchedError, 5), (LockedError, 75)],
)
def test_every_failure_has_the_exit_code_the_contract_with_pipelines_gives_it(error: type[SopError], code: int) -> None:
    raised = error("The medium is not there.", "Plug it in.")
    assert raised.code == Exit(code)
    assert str(raised) == "The medium is not there. Plug it in."
    assert str(error("Alone.")) == "Alone."
