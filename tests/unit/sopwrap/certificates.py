"""Certificates of invented people in PKCS#12 files, for the tests of signed papers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

PASSPHRASE = "canary passphrase"


def pkcs12_file(folder: Path, name: str, stem: str = "key") -> Path:
    """A file ``STEM.p12`` with a fresh key, and ``STEM.pem``, its certificate, which it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ["key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only", "decipher_only"], False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, key_cert_sign=True, **usage), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{stem}.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            stem.encode(), key, certificate, None, BestAvailableEncryption(PASSPHRASE.encode())
        )
    )
    (folder / f"{stem}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return path
