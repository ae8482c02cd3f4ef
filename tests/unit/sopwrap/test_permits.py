"""The wrapper writes permits in exactly the form it and the hosts read."""

from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap import permits
from sopwrap.errors import RefusedError, UsageError
from tests.office.permits import Authority
from tests.unit.collection.test_permit import PLAN


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_a_permit_comes_back_as_it_was_written_and_signed(authority: Authority) -> None:
    signed = permits.read(authority.permit(PLAN))
    assert permits.read(signed.text) == signed and signed.permit.letter.number == "045/12/TU/2026"
    permits.verify(signed, {"budi": authority.key.with_suffix(".pub").read_text()})


def test_another_key_or_no_key_of_the_signer_is_refused(authority: Authority) -> None:
    signed = permits.read(authority.permit(PLAN))
    with pytest.raises(RefusedError):
        permits.verify(signed, {"budi": authority.stranger.with_suffix(".pub").read_text()})
    with pytest.raises(RefusedError, match="no key of budi"):
        permits.verify(signed, {})


@pytest.mark.parametrize("bend", [lambda text: "", lambda text: text.replace('"K-1"', "1"), lambda text: " " + text])
def test_what_is_no_permit_is_told(bend: object, authority: Authority) -> None:
    with pytest.raises(UsageError, match="no permit"):
        permits.read(bend(authority.permit(PLAN)))  # type: ignore[operator]


def test_hosts_are_told_one_key_a_line_for_permits_alone(authority: Authority, tmp_path: Path) -> None:
    (line,) = permits.permit_signers({"budi": "ssh-ed25519 AAAA budi@laptop"}).splitlines()
    assert line == 'budi namespaces="sopwrap@permit" ssh-ed25519 AAAA'
