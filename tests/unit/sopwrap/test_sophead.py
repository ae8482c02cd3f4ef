from __future__ import annotations

import pytest
from pydantic import ValidationError

from sopwrap.sophead import Approver, Identity, Sections


def test_what_a_paper_leaves_blank_is_null_and_never_filled() -> None:
    head = Identity(letterhead=[], title="SOP Backup")
    assert (head.number, head.revision, head.approvers) == (None, None, [])
    assert head.dates.model_dump() == {"created": None, "revised": None, "effective": None, "in_force": None}
    assert Approver(role="disahkan", post="Kepala").nip is None


def test_a_section_there_is_not_is_refused() -> None:
    with pytest.raises(ValidationError, match="peralatan"):
        Sections.model_validate({"peralatan": []})
