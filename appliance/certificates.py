# SPDX-License-Identifier: GPL-2.0-or-later
"""The home's certificates: an authority that can vouch for nothing but this home, and the hub's own by it.

Whoever trusts the authority's file need not trust us: its name constraints (RFC 5280 section 4.2.1.10, critical) let it
vouch for names that exist in homes alone and for private addresses, so a certificate of it for a bank is refused.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.disk import replace_file
from appliance.limits import CERTIFICATE_DAYS, CERTIFICATE_NAMES, CERTIFICATE_RENEW_DAYS, NAME_LENGTH

#: What the authority may vouch for: names and what is below them (RFC 6762, RFC 8375, ICANN 2024), and addresses.
DOMAINS = ("local", "home.arpa", "internal")
NETWORKS: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(each)
    for each in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"),
        *("fc00::/7", "fe80::/10", "::1/128"),
    )
)
#: The hub's name in every certificate of it: it is known by it at whatever address it is reached.
HUB_NAME = "hub.earwitness.internal"
#: The authority's time. It is fixed: a Pi has no clock of its own, and may take any year for now when it first starts.
_SINCE, _UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
_SIGNED = hashes.SHA256()

_LOCAL = re.compile(rf"([a-z0-9]([a-z0-9-]{{0,61}}[a-z0-9])?\.)+({'|'.join(map(re.escape, DOMAINS))})")

_Key = ec.EllipticCurvePrivateKey
_one_at_a_time = Lock()


class Certificates(NamedTuple):
    """Where they are."""

    ca_path: Path  #: the authority's certificate (PEM), which is for everybody
    chain_path: Path  #: the hub's certificate with the authority's behind it (PEM)
    key_path: Path  #: the key to it: the same file, so that they never differ
    fingerprint: str  #: of the authority's certificate: SHA-256, in 64 hexadecimal digits


class _Pair(NamedTuple):
    certificate: x509.Certificate
    key: _Key


def home_certificates(folder: Path, names: Iterable[str], addresses: Iterable[str], now: float) -> Certificates:
    """Return the home's certificates in ``folder``; make those that are not there, or too old, or for other names.

    ``names`` and ``addresses`` are the hub's; those for which the authority may not vouch are left out. ``now`` is
    wall-clock time in seconds. Call it each day: the hub's is renewed when CERTIFICATE_RENEW_DAYS are left, the
    authority's never. Raises OSError if the folder cannot be written. Any thread may call.
    """
    with _one_at_a_time:
        return _made(folder, names, addresses, now)


def _made(folder: Path, names: Iterable[str], addresses: Iterable[str], now: float) -> Certificates:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _read(folder / "authority.pem") or _keep(folder / "authority.pem", make_authority())
    public = authority.certificate.public_bytes(Encoding.PEM)
    ca_path, chain_path = folder / "home-ca.crt", folder / "hub.pem"
    if not ca_path.exists() or ca_path.read_bytes() != public:
        replace_file(ca_path, public, 0o644)
    wanted = subjects(names, addresses)
    ours = _read(chain_path)
    if ours is None or _due(ours.certificate, authority.certificate, wanted, now):
        _keep(chain_path, make_certificate(authority, wanted, now), public)
    return Certificates(ca_path, chain_path, chain_path, fingerprint(public))


def fingerprint(pem: bytes) -> str:
    """Return the SHA-256 of a certificate in 64 hexadecimal digits; ValueError if it is none."""
    return x509.load_pem_x509_certificate(pem).fingerprint(_SIGNED).hex()


def subjects(names: Iterable[str], addresses: Iterable[str]) -> list[x509.GeneralName]:
    """Return for which of these a certificate may be, in order, and for HUB_NAME; at most CERTIFICATE_NAMES."""
    hosts = sorted({each.lower().rstrip(".") for each in names} | {HUB_NAME})
    private = sorted({found for each in addresses if (found := _private(each))}, key=lambda one: (one.version, one))
    allowed: list[x509.GeneralName] = [x509.IPAddress(each) for each in private]
    allowed += [x509.DNSName(each) for each in hosts if len(each) <= NAME_LENGTH and _LOCAL.fullmatch(each)]
    ours = x509.DNSName(HUB_NAME)
    return [ours, *(each for each in allowed if each != ours)][:CERTIFICATE_NAMES]


def make_authority() -> _Pair:
    """Make an authority for one home."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    tag = x509.SubjectKeyIdentifier.from_public_key(public).digest.hex()[:6]  # so that two homes' are told apart
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Earwitness home authority {tag}")])
    allowed = [*map(x509.DNSName, DOMAINS), *map(x509.IPAddress, NETWORKS)]
    draft = (
        _draft(name, name, public, _SINCE, _UNTIL)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
    )
    return _Pair(draft.sign(key, _SIGNED), key)


def make_certificate(authority: _Pair, wanted: list[x509.GeneralName], now: float) -> _Pair:
    """Make a server's certificate for ``wanted``, from a day before ``now`` on: clocks of a house differ."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Earwitness")])
    since = datetime.fromtimestamp(now, UTC) - timedelta(days=1)
    draft = (
        _draft(name, authority.certificate.subject, key.public_key(), since, since + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(wanted), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    return _Pair(draft.sign(authority.key, _SIGNED), key)


def _draft(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _private(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address for which the authority may vouch; without the zone that a link-local one may have."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address if any(address in network for network in NETWORKS) else None


def _due(ours: x509.Certificate, by: x509.Certificate, wanted: list[x509.GeneralName], now: float) -> bool:
    """Whether a certificate of the hub is to be made anew."""
    time = datetime.fromtimestamp(now, UTC)
    left = ours.not_valid_after_utc - time
    if time < ours.not_valid_before_utc or left < timedelta(days=CERTIFICATE_RENEW_DAYS):
        return True
    try:
        ours.verify_directly_issued_by(by)
        named = ours.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return True
    return list(named) != wanted


def _read(path: Path) -> _Pair | None:
    """Return a certificate and its key; None if they are not there, or damaged."""
    try:
        raw = path.read_bytes()
        certificate, key = x509.load_pem_x509_certificates(raw)[0], load_pem_private_key(raw, None)
    except (FileNotFoundError, ValueError, TypeError):
        return None
    if not isinstance(key, _Key) or key.public_key() != certificate.public_key():
        return None
    return _Pair(certificate, key)


def _keep(path: Path, pair: _Pair, chain: bytes = b"") -> _Pair:
    key = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace_file(path, key + pair.certificate.public_bytes(Encoding.PEM) + chain)
    return pair
