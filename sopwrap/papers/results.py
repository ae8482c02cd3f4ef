"""What became of each asset, read from the evidence records; nothing is inferred from a step being done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sopwrap.case import Asset, Case
from sopwrap.destruction import DoomedCopy
from sopwrap.medium import Medium
from sopwrap.office_view import OfficeView
from sopwrap.records import Evidence

WRITES = {"backup": ("backup", "copy"), "restore": ("restore",)}
PLACEMENTS = {"internal": "internal", "external": "eksternal"}
FORMS = {
    "disk": "hard disk atau flash disk",
    "tape": "pita magnetik",
    "server": "server",
    "object_store": "penyimpanan objek",
}
CATEGORIES = {
    "application": "aplikasi",
    "database": "basis data",
    "os": "sistem operasi",
    "network": "konfigurasi perangkat jaringan",
}

WARNINGS = {
    "unencrypted": "diambil tanpa enkripsi: sandi dan isinya dapat terbaca di jaringan",
    "unsaved": "konfigurasi yang berjalan belum disimpan di perangkat",
    "same_device": "alamat aset lain menuju ke perangkat yang sama",
    "store_left_out": "tempat penyimpanan cadangan di dalamnya tidak ikut dicadangkan",
}


@dataclass(frozen=True)
class Copy:
    """What lies in one store: the record that wrote it, the record that read it back, and the medium it is on."""

    written: Evidence
    verified: Evidence | None
    medium: Medium | None

    @property
    def proven(self) -> bool:
        """True where the copy was read back and found equal."""
        return bool(self.verified and self.verified.succeeded and self.verified.verify and self.verified.verify.ok)

    @property
    def proof(self) -> Evidence | None:
        """The record that holds the proof: the later reading, else the writing itself where it compared."""
        return self.verified or (self.written if self.written.verify else None)


@dataclass(frozen=True)
class Result:
    """One asset of the case (``number``: its row in the papers, from 1): its copies, failures, and the judgement."""

    number: int
    asset: Asset
    copies: tuple[Copy, ...]
    failures: tuple[Evidence, ...]
    status: str

    @property
    def ok(self) -> bool:
        """True where every store the register asks for holds a copy; at a restore, where what came back is equal."""
        return self.status == "berhasil"

    @property
    def exceptional(self) -> bool:
        """True where a reader has to see more than that it is done: it is not, not at once, or with a warning."""
        return not self.ok or bool(self.failures or self.warnings)

    @property
    def size(self) -> int | None:
        """What was protected, in bytes."""
        return next((copy.written.size_bytes for copy in self.copies if copy.written.size_bytes is not None), None)

    @property
    def warnings(self) -> list[str]:
        """What has to be known of how it was taken, in words."""
        words = [word for copy in self.copies for word in copy.written.warnings or ()]
        return [WARNINGS[word] for word in dict.fromkeys(words)]

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """From the first writing to the last reading."""
        records = [one for copy in self.copies for one in (copy.written, copy.verified) if one]
        return (min(one.started_at for one in records), max(one.finished_at for one in records)) if records else None


def results(case: Case) -> list[Result]:
    """One result per asset of the case, in the order of the register."""
    records: dict[str | None, list[Evidence]] = {}
    for one in case.evidence:
        records.setdefault(one.asset, []).append(one)
    return [_result(case, number, asset, records.get(asset.id, [])) for number, asset in enumerate(case.assets, 1)]


def _result(case: Case, number: int, asset: Asset, records: list[Evidence]) -> Result:
    writes = {one.store: one for one in records if one.action in WRITES[case.operation] and one.succeeded}
    failures = tuple(one for one in records if one.outcome in ("failed", "refused"))
    copies = tuple(Copy(one, _reading(records, one), medium(case, store)) for store, one in writes.items())
    return Result(number, asset, copies, failures, _status(case, asset, copies, failures))


def _reading(records: Iterable[Evidence], written: Evidence) -> Evidence | None:
    """The last reading of the point that was written, in the same store."""
    fitting = [
        one for one in records if one.action == "verify" and one.store == written.store and one.point == written.point
    ]
    return fitting[-1] if fitting else None


def _status(case: Case, asset: Asset, copies: tuple[Copy, ...], failures: tuple[Evidence, ...]) -> str:
    if case.operation == "restore" and copies:
        proof = copies[-1].proof
        return "berhasil" if proof and proof.verify and proof.verify.ok else "belum dibandingkan"
    held = {copy.written.store for copy in copies}
    if any(copy.verified and not copy.verified.succeeded for copy in copies):
        return "gagal diverifikasi"
    if copies and held >= set(asset.stores):
        return "berhasil"
    if copies:
        return "sebagian"
    return "gagal" if failures else "belum dilaksanakan"


def kind_words(asset: Asset) -> str:
    """What an asset is, in the words of the papers; the kind's own name where nothing says what it is about."""
    return CATEGORIES.get(asset.category or "", asset.kind)


def medium(case: Case | OfficeView, store: str | None) -> Medium | None:
    """The register's entry of a store's medium."""
    return next((one for one in case.media if one.store == store), None)


@dataclass(frozen=True)
class MediumCheck:
    """One examination of a medium: every host looks for itself, and those that found the same are told together."""

    record: Evidence
    hosts: tuple[str, ...]


def medium_checks(records: Iterable[Evidence]) -> list[MediumCheck]:
    """The examinations of media among the records of one round, in order; equal findings of several hosts are one."""
    found: dict[tuple[str | None, str, str], list[Evidence]] = {}
    for one in records:
        if one.asset is None:
            found.setdefault((one.store, one.outcome, one.message), []).append(one)
    return [MediumCheck(each[-1], tuple(dict.fromkeys(one.host for one in each))) for each in found.values()]


def media_checks(case: Case) -> list[MediumCheck]:
    """Every examination of a medium in the case, round by round."""
    return [check for view in case.steps for one in view.rounds for check in medium_checks(one.evidence)]


def total_size(all_results: Iterable[Result]) -> int:
    """The bytes protected by the copies that exist."""
    return sum(one.size or 0 for one in all_results)


def total_added(all_results: Iterable[Result]) -> int | None:
    """The bytes all stores together had to take in, from which people tell a full backup from an incremental one; None
    where no store told."""
    copies = [copy for one in all_results for copy in one.copies]
    known = [copy.written.stored_bytes for copy in copies if copy.written.stored_bytes is not None]
    return sum(known) if known else None


def stored_in(record: Evidence | DoomedCopy) -> str:
    """Where a copy lies, as its record says: its placement and the medium's label, else the store's id."""
    place = PLACEMENTS.get(record.placement or "", record.store or "–")
    return f"{place} ({record.medium})" if record.medium else place


def verified(copy: Copy) -> str:
    """How far a copy was proven to be readable."""
    if copy.proof is None or not copy.proof.verify:
        return "belum dibaca kembali"
    if copy.proven:
        return "dibaca kembali, cocok"
    return "gagal" if copy.verified else "dibandingkan, cocok"


def trial_words(trial: Evidence | None) -> str:
    """What came of the last time an asset was brought back."""
    if trial is None:
        return "belum pernah diuji"
    if not trial.succeeded:
        return "gagal"
    return "berhasil" if trial.verify and trial.verify.ok else "belum dibandingkan"


def store_words(case: Case | OfficeView, store: str) -> str:
    """A store as the papers name it: its placement and its medium's label, else its id."""
    found = medium(case, store)
    if found is None:
        return store
    placement = PLACEMENTS[found.placement]
    return f"{placement} ({found.label})" if found.label else placement


def placement_words(placements: Iterable[str]) -> str:
    """``internal dan external`` in the words of the papers: internal, eksternal."""
    return " dan ".join(PLACEMENTS.get(one, one) for one in placements)


def tools(case: Case) -> list[str]:
    """The programs that did the work, with their versions, each once."""
    found = [one.tool for one in case.evidence if one.tool and one.asset]
    return sorted({f"{tool.name} {tool.version}" for tool in found})


def whole_span(all_results: Iterable[Result]) -> tuple[datetime, datetime] | None:
    """From the first writing of any asset to the last reading."""
    spans = [one.span for one in all_results if one.span]
    return (min(one[0] for one in spans), max(one[1] for one in spans)) if spans else None


def point(result: Result) -> str | None:
    """The name of the recovery point that was made; copies carry the same."""
    return next((copy.written.point for copy in result.copies if copy.written.point), None)


def digest(result: Result) -> tuple[str, str | None]:
    """The hash a paper cites, and what it is of: the stored stream where there is one, else the content."""
    stream = next((copy.written.sha256 for copy in result.copies if copy.written.sha256), None)
    if stream:
        return "Hash SHA-256", stream
    return "Hash isi (SHA-256)", next(
        (copy.written.fingerprint for copy in result.copies if copy.written.fingerprint), None
    )
