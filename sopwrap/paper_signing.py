"""Signing an issued paper with a person's PKCS#12 file: in their own field, under their own name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from sopwrap import pades
from sopwrap.case import Case
from sopwrap.errors import RefusedError
from sopwrap.indonesian import date_time
from sopwrap.office import Office
from sopwrap.papers.pdf import bare_pdf
from sopwrap.papers.signature_fields import person_of
from sopwrap.papers.timing import zone_of
from sopwrap.persons import Person

WORD = re.compile(r"[^\W\d_]{3,}")
"""What counts as a name's word: three letters or more, so that titles and initials do not."""


@dataclass(frozen=True)
class Signer:
    """The person who signs, and their opened certificate."""

    person: Person
    certificate: pades.Certificate


def sign(pdf: bytes, case: Case, office: Office, signer: Signer, now: datetime | None = None) -> bytes:
    """Sign the person's field of an issued paper; raise RefusedError without a field or with another's certificate."""
    person, certificate = signer.person, signer.certificate
    if not is_of(person.name, certificate.name):
        raise RefusedError(
            f"The certificate is made out to {certificate.name}, and {person.id} is {person.name}.",
            "Sign with your own certificate.",
        )
    field = field_for(pdf, case, office, person)
    width, height = pades.field_size(pdf, field)
    when = date_time(now or datetime.now(UTC), zone_of(case))
    return pades.sign(pdf, certificate, field, _stamp(person.name, when, (width, height)))


def field_for(pdf: bytes, case: Case, office: Office, person: Person) -> str:
    """The open field this person signs: theirs by name, else one that names nobody; raise RefusedError for neither."""
    names = pades.open_fields(pdf)
    if mine := [name for name in names if person_of(name) == person.id]:
        return mine[0]
    lanes = office.bindings.get(case.sop.id, {}).values()
    free = [name for name in names if person_of(name) is None]
    if free and any(person.id in bound for bound in lanes):
        return free[0]
    waiting = ", ".join(owner for name in names if (owner := person_of(name))) or "nobody any more"
    raise RefusedError(f"The paper has no place left for the signature of {person.name}.", f"It waits for: {waiting}.")


def is_of(name: str, common_name: str) -> bool:
    """True where most words of a certificate's name are the person's (some leave titles out, or write capitals)."""
    told = _words(common_name)
    return 2 * len(told & _words(name)) > len(told)


def _words(name: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(name)}


def _stamp(name: str, when: str, size: tuple[float, float]) -> bytes:
    """What is seen in the field: a page of its size, in the type of the papers."""
    page = f"@page {{ size: {size[0]:.2f}pt {size[1]:.2f}pt; margin: 0 }}"
    type_ = "body { margin: 2pt 0; font: 8pt/1.25 'Liberation Sans', Arial, sans-serif; text-align: center }"
    words = f"Ditandatangani secara elektronik oleh<br><b>{escape(name)}</b><br>{escape(when)}"
    return bare_pdf(f"<!doctype html><html lang='id'><style>{page} {type_}</style><body>{words}</body></html>")
