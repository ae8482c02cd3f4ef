"""The head of a written SOP and the texts around its procedures, as the paper has them."""

from __future__ import annotations

from datetime import date

from sopwrap.models import Model


class Reference(Model):
    """A law or document the SOP cites; ``replaced_by`` is for lint and compliance, never for the paper."""

    text: str
    replaced_by: str | None = None


class Approver(Model):
    """Who put the SOP in force: ``role`` is the paper's word (disahkan, mengetahui)."""

    role: str
    post: str
    name: str | None = None
    nip: str | None = None


class Dates(Model):
    """The dates of the identity block; blank on paper is null here."""

    created: date | None = None
    revised: date | None = None
    effective: date | None = None
    in_force: date | None = None


class Identity(Model):
    """The head of the SOP."""

    letterhead: list[str]
    address: str | None = None
    number: str | None = None
    title: str
    revision: int | None = None
    dates: Dates = Dates()
    approvers: list[Approver] = []


class Sections(Model):
    """The text lists around the procedure; which of them an SOP has depends on its layout."""

    purpose: str | None = None
    scope: str | None = None
    definitions: list[str] = []
    users: list[str] = []
    related_documents: list[str] = []
    references: list[Reference] = []
    legal_basis: list[Reference] = []
    qualifications: list[str] = []
    related_sops: list[str] = []
    equipment: list[str] = []
    warnings: list[str] = []
    records: list[str] = []
