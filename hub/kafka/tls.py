"""The certificates of a secured local Kafka: made once by an authority that signs them and is then forgotten."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.kafka import disk
from hub.kafka.plan import AUTHORITY, SERVER
from hub.kafka.ports import LOOPBACK

YEARS = 10


def ensure(folder: Path) -> None:
    """The authority's certificate, for clients, and the brokers' key and certificate; those that are there stay."""
    if not all((folder / name).is_file() for name in (AUTHORITY, SERVER)):
        authority, server = _made(datetime.now(UTC))
        disk.write(folder / SERVER, server)
        disk.write(folder / AUTHORITY, authority)


def _made(now: datetime) -> tuple[str, str]:
    """The authority's certificate, and the key, certificate and authority of whoever answers on this machine."""
    signing, serving = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("FOSS Hub local authority", "FOSS Hub local authority", signing, signing, now, is_authority=True)
    server = _certificate("localhost", "FOSS Hub local authority", serving, signing, now, is_authority=False)
    key = serving.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return _pem(authority), key.decode() + _pem(server) + _pem(authority)


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signing: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    is_authority: bool,
) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    if is_authority:
        made = made.add_extension(_usage(signs=True), critical=True)
    else:
        here = [x509.DNSName("localhost"), x509.IPAddress(ip_address(LOOPBACK))]
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]  # brokers are each other's clients
        made = made.add_extension(x509.SubjectAlternativeName(here), critical=False)
        made = made.add_extension(x509.ExtendedKeyUsage(both), critical=False).add_extension(_usage(signs=False), critical=True)
    return made.sign(signing, hashes.SHA256())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
