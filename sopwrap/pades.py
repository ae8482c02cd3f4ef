"""Signatures in PDF files (PAdES): made with a PKCS#12 file, and checked wherever they were made. Knows no ledger.

The only module that knows pyHanko, which is an extra (``sopwrap[sign]``).
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import struct
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sopwrap.errors import RefusedError, UsageError

PRIVATE_NUMBER = re.compile(r"\d{16}")
"""A NIK: some certificates carry it in the name, and it is never kept."""


@dataclass(frozen=True)
class Seal:
    """One signature of a PDF. ``certificate`` is the SHA-256 (hex) of the signer's certificate.

    ``trusted`` is null where no root was named to judge it by; ``at`` is the signer's own clock, or null.
    """

    field: str
    signer: str
    issuer: str
    certificate: str
    at: datetime | None
    trusted: bool | None


@dataclass(frozen=True)
class _Library:
    """The parts of pyHanko that are used, and what they raise: ``unreadable`` files, keys ``unable`` to sign."""

    stamp: Any
    writer: Any
    reader: Any
    diff: Any
    fields: Any
    signers: Any
    validation: Any
    context: Any
    unreadable: tuple[type[Exception], ...]
    unable: tuple[type[Exception], ...]


@lru_cache(maxsize=1)
def _library() -> _Library:
    """What is used of pyHanko; raise UsageError where the extra is not installed."""
    try:
        from pyhanko import stamp
        from pyhanko.pdf_utils import incremental_writer, misc, reader
        from pyhanko.sign import diff_analysis, fields, general, signers, validation
        from pyhanko.sign.validation.errors import SignatureValidationError
        from pyhanko_certvalidator import ValidationContext
    except ImportError:
        raise UsageError(
            "Signatures in PDF files need the extra `sign`.", "Install it: pip install 'sopwrap[sign]'."
        ) from None
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).addHandler(logging.NullHandler())  # what matters is told in our own words
        logging.getLogger(name).propagate = False
    return _Library(
        stamp=stamp,
        writer=incremental_writer,
        reader=reader,
        diff=diff_analysis,
        fields=fields,
        signers=signers,
        validation=validation,
        context=ValidationContext,
        # A file from outside can be wrong in any way, and pyHanko stumbles over it in as many.
        unreadable=(
            misc.PdfError,
            SignatureValidationError,
            general.CMSExtractionError,
            *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError),
            *(zlib.error, struct.error),
        ),
        unable=(general.SigningError, misc.PdfError),
    )


@dataclass(frozen=True)
class Certificate:
    """A person's key and certificate while one paper is signed; nothing of it is kept."""

    name: str
    signer: Any


def open_pkcs12(path: Path, passphrase: bytes) -> Certificate:
    """Open a PKCS#12 file; raise RefusedError when it is none or the passphrase does not fit."""
    signer = _library().signers.SimpleSigner.load_pkcs12(str(path), passphrase=passphrase)
    if signer is None:
        raise RefusedError(
            f"{path} cannot be opened: it is no PKCS#12 file, or the passphrase does not fit.", "Try again."
        )
    return Certificate(_name(signer.signing_cert.subject), signer)


def open_fields(pdf: bytes) -> list[str]:
    """The names of the signature fields that nobody has signed yet, in the order of the document."""
    found = _library().fields.enumerate_sig_fields(_reader(pdf), filled_status=False)
    return [name for name, _, _ in found]


def field_size(pdf: bytes, field: str) -> tuple[float, float]:
    """Width and height of a field in points."""
    for name, _, reference in _library().fields.enumerate_sig_fields(_reader(pdf)):
        if name == field:
            left, bottom, right, top = (float(one) for one in reference.get_object()["/Rect"])
            return right - left, top - bottom
    raise UsageError(f"The paper has no field {field}.")


def sign(pdf: bytes, certificate: Certificate, field: str, stamp: bytes) -> bytes:
    """Sign an empty field, with ``stamp`` (a page of PDF) shown in it; what was there stays byte for byte.

    Raise RefusedError when the certificate cannot sign.
    """
    library = _library()
    meta = library.signers.PdfSignatureMetadata(
        field_name=field, subfilter=library.fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    writer = library.writer.IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as drawn:
        drawn.write(stamp)
        drawn.flush()
        style = library.stamp.StaticStampStyle.from_pdf_file(drawn.name, border_width=0)
        signer = library.signers.PdfSigner(meta, signer=certificate.signer, stamp_style=style)
        try:
            return bytes(signer.sign_pdf(writer, existing_fields_only=True).getvalue())
        except library.unable as error:
            raise RefusedError(f"The certificate of {certificate.name} cannot sign: {error}.") from error


def seals(pdf: bytes, roots: Sequence[bytes] = ()) -> list[Seal]:
    """Check every signature of a PDF and that nothing but signatures was added to its first revision; return them.

    ``roots`` are certificates (DER) to trust. Raise RefusedError for anything that is not as it should be.
    """
    library = _library()
    reader = _reader(pdf)
    try:
        found = reader.embedded_regular_signatures
        if not found:
            raise RefusedError("It carries no signature.", "Sign it first.")
        _only_padding(pdf, found[-1])
        checked = [_checked(library, one, roots) for one in found]
        _only_signatures(library, reader)
    except library.unreadable as error:
        raise RefusedError(f"Its signatures cannot be read: {error}.", "Ask for the file again.") from error
    return checked


def _checked(library: _Library, embedded: Any, roots: Sequence[bytes]) -> Seal:
    from asn1crypto.x509 import Certificate as Asn1Certificate

    trusted = [Asn1Certificate.load(one) for one in roots]
    context = library.context(trust_roots=trusted, allow_fetching=False, revocation_mode="soft-fail")
    status = library.validation.validate_pdf_signature(embedded, context)
    name = _name(status.signing_cert.subject)
    if not (status.intact and status.valid):
        raise RefusedError(f"The signature of {name} does not fit: the file was changed.", "Ask for the file again.")
    whole = status.coverage == library.validation.SignatureCoverageLevel.ENTIRE_FILE
    level = library.diff.ModificationLevel
    if not whole and (status.modification_level is None or status.modification_level > level.FORM_FILLING):
        raise RefusedError(f"Something was changed after {name} had signed.", "Ask for the file as it was signed.")
    return Seal(
        field=embedded.field_name,
        signer=name,
        issuer=_name(status.signing_cert.issuer),
        certificate=hashlib.sha256(status.signing_cert.dump()).hexdigest(),
        at=status.signer_reported_dt,
        trusted=bool(status.trusted) if roots else None,
    )


def _only_padding(pdf: bytes, embedded: Any) -> None:
    """Refuse a last signature in whose place is more than it and zeros: no signature covers its own place."""
    _, before, after, _ = (int(one) for one in embedded.byte_range)
    place = pdf[before:after]
    digits = place[1:-1]
    length = 2 * len(_der(bytes.fromhex(digits.decode("ascii"))))
    plain = digits in (digits.lower(), digits.upper()) and re.fullmatch(rb"<[0-9a-fA-F]*>", place)
    if not plain or set(digits[length:]) - set(b"0"):
        raise RefusedError("The place of the last signature was changed.", "Ask for the file again.")


def _der(content: bytes) -> bytes:
    """The one DER value at the beginning of ``content``, without the padding behind it (X.690, 8.1.3)."""
    first = content[1]
    size = first & 0x7F if first & 0x80 else 0
    length = int.from_bytes(content[2 : 2 + size], "big") if size else first
    return content[: 2 + size + length]


def _only_signatures(library: _Library, reader: Any) -> None:
    """Refuse what an incremental update can do besides signing: other pages, other words, notes upon them."""
    found = library.diff.DEFAULT_DIFF_POLICY.review_file(reader, 0)
    level = getattr(found, "modification_level", library.diff.ModificationLevel.OTHER)
    if level > library.diff.ModificationLevel.FORM_FILLING:
        raise RefusedError(
            "More than signatures was added to the paper that was issued.", "Sign the issued file as it is."
        )


def certificates(path: Path) -> Iterator[bytes]:
    """The certificates (DER) of a PEM file; raise UsageError when it holds none."""
    from asn1crypto import pem

    try:
        found = [der for kind, _, der in pem.unarmor(path.read_bytes(), multiple=True) if kind == "CERTIFICATE"]
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} holds no certificates: {error}.", "Mend `trust` in office.yml.") from None
    if not found:
        raise UsageError(f"{path} holds no certificates.", "Mend `trust` in office.yml.")
    yield from found


def _reader(pdf: bytes) -> Any:
    library = _library()
    try:
        return library.reader.PdfFileReader(io.BytesIO(pdf), strict=False)
    except library.unreadable as error:
        raise RefusedError("It cannot be read as a PDF file.", "Give the PDF that was signed.") from error


def _name(name: Any) -> str:
    """The common name of a certificate's subject or issuer, without a number that is nobody's business."""
    common = name.native.get("common_name") or name.human_friendly
    told = common if isinstance(common, str) else " ".join(common)
    return PRIVATE_NUMBER.sub("…", told)
