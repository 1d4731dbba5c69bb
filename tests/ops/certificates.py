"""Certificates of an authority of the tests' own, for a broker that is spoken to by TLS."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Files in PEM. ``server`` is for the name ``localhost``; ``client`` is ``guest``'s, with its key."""

    authority: Path
    server: Path
    server_key: Path
    client: Path


def make(folder: Path) -> Certificates:
    """New ones, good for a day."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("tests", authority_key, "tests", authority_key, is_authority=True)
    server_key, client_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    server = _certificate("localhost", server_key, "tests", authority_key)
    client = _certificate("guest", client_key, "tests", authority_key)
    return Certificates(
        authority=_write(folder / "authority.pem", _pem(authority)),
        server=_write(folder / "server.pem", _pem(server)),
        server_key=_write(folder / "server-key.pem", _pem_of_key(server_key)),
        client=_write(folder / "client.pem", _pem(client) + _pem_of_key(client_key)),
    )


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool = False,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _write(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    file.chmod(0o644)  # for the account that the broker runs as; the folder is private
    return file
