# SPDX-License-Identifier: GPL-2.0-or-later
"""The home's certificates, as OpenSSL and Python's ssl judge them."""

import shutil
import ssl
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from time import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from appliance.certificates import (
    HUB_NAME,
    Certificates,
    fingerprint,
    home_certificates,
    make_authority,
    make_certificate,
    subjects,
)
from appliance.limits import CERTIFICATE_NAMES

NOW = time()
DAY = 86_400.0


def made(folder: Path, *names: str, now: float = NOW, addresses: tuple[str, ...] = ("192.168.1.7",)) -> Certificates:
    return home_certificates(folder / "certificates", names or ("earwitness.local",), addresses, now)


def told(certificates: Certificates) -> bytes:
    """Return the hub's certificate."""
    return x509.load_pem_x509_certificates(certificates.chain_path.read_bytes())[0].public_bytes(Encoding.DER)


def verify(authority: bytes, leaf: bytes, folder: Path, *options: str) -> tuple[int, str]:
    """Let OpenSSL say what it thinks of a certificate; skip where it is not."""
    if not (program := shutil.which("openssl")):
        pytest.skip("openssl is not here")
    (folder / "ca.pem").write_bytes(authority)
    (folder / "leaf.pem").write_bytes(leaf)
    command = [program, "verify", "-x509_strict", "-purpose", "sslserver", "-attime", str(round(NOW))]
    command += [*options, "-CAfile", str(folder / "ca.pem"), str(folder / "leaf.pem")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def handshake(certificates: Certificates, name: str) -> None:
    """Let a client that trusts nobody but the authority meet the hub; raises what it has against it."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificates.chain_path, certificates.key_path)
    asking = ssl.create_default_context(cafile=str(certificates.ca_path))
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = asking.wrap_bio(back, there, server_hostname=name)
    server = serving.wrap_bio(there, back, server_side=True)
    for side in (client, server, client):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert client.version()


@pytest.mark.parametrize("name", ["earwitness.local", "192.168.1.7", "fd00::7", HUB_NAME, "pi.home.arpa"])
def test_the_hub_is_known_by_all_its_names(tmp_path: Path, name: str) -> None:
    """Whoever trusts the authority meets the hub under its names and its addresses."""
    certificates = home_certificates(tmp_path, ["earwitness.local", "pi.home.arpa"], ["192.168.1.7", "fd00::7"], NOW)
    handshake(certificates, name)


@pytest.mark.parametrize("name", ["other.local", "192.168.1.8", "example.com"])
def test_it_is_known_by_no_other(tmp_path: Path, name: str) -> None:
    """A name that is not in the certificate is refused."""
    certificates = made(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(certificates, name)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        (x509.DNSName("earwitness.local"), True),
        (x509.DNSName("a.b.home.arpa"), True),
        (x509.IPAddress(ip_address("10.1.2.3")), True),
        (x509.DNSName("evil.example.com"), False),
        (x509.DNSName("local.example.com"), False),
        (x509.DNSName("notlocal"), False),
        (x509.IPAddress(ip_address("203.0.113.9")), False),
        (x509.IPAddress(ip_address("2001:db8::1")), False),
    ],
    ids=lambda value: str(getattr(value, "value", value)),
)
def test_the_authority_vouches_for_homes_alone(tmp_path: Path, name: x509.GeneralName, good: bool) -> None:  # noqa: FBT001
    """What it signs for a public name or address, OpenSSL refuses: so its file is harmless to trust."""
    authority = make_authority()
    leaf = make_certificate(authority, [name], NOW).certificate.public_bytes(Encoding.PEM)
    code, said = verify(authority.certificate.public_bytes(Encoding.PEM), leaf, tmp_path)
    assert (code == 0) == good, said
    assert good or "permitted subtree violation" in said


def test_the_authority_makes_no_other_authority(tmp_path: Path) -> None:
    """Its path ends with what it signs."""
    authority = make_authority()
    constraints = authority.certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)
    assert authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert verify(authority.certificate.public_bytes(Encoding.PEM), b"", tmp_path)[0] != 0


def test_nothing_changes_until_it_is_time(tmp_path: Path) -> None:
    """The same certificate is used for eleven months, and then another, by the same authority."""
    first = made(tmp_path)
    assert told(made(tmp_path, now=NOW + 335 * DAY)) == told(first)
    before = told(first)
    later = made(tmp_path, now=NOW + 337 * DAY)
    assert told(later) != before
    assert later.fingerprint == first.fingerprint


@pytest.mark.parametrize("wrong", [-4 * 365 * DAY, 10 * 365 * DAY], ids=["behind", "ahead"])
def test_a_clock_that_was_wrong_does_no_harm(tmp_path: Path, wrong: float) -> None:
    """A Pi that began in another year has a certificate of today as soon as it knows the date; phones still trust."""
    first = made(tmp_path, now=NOW + wrong)
    now = made(tmp_path)
    assert now.fingerprint == first.fingerprint
    chain = x509.load_pem_x509_certificates(now.chain_path.read_bytes())
    code, said = verify(now.ca_path.read_bytes(), chain[0].public_bytes(Encoding.PEM), tmp_path)
    assert code == 0, said


def test_another_address_is_another_certificate(tmp_path: Path) -> None:
    """When the router gives the hub another address, its certificate is for that."""
    before = told(made(tmp_path))
    moved = made(tmp_path, addresses=("192.168.1.9",))
    assert told(moved) != before
    handshake(moved, "192.168.1.9")


@pytest.mark.parametrize("damage", [b"", b"nothing", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
@pytest.mark.parametrize("which", ["hub.pem", "home-ca.crt"])
def test_what_is_damaged_is_made_anew(tmp_path: Path, which: str, damage: bytes) -> None:
    """A torn file of the hub's is replaced, and the authority is still the same."""
    before = made(tmp_path)
    (tmp_path / "certificates" / which).write_bytes(damage)
    after = made(tmp_path)
    assert after.fingerprint == before.fingerprint == fingerprint(after.ca_path.read_bytes())
    handshake(after, "earwitness.local")


def test_a_certificate_of_another_authority_is_replaced(tmp_path: Path) -> None:
    """Where the authority is not the one that signed, the hub's certificate is signed anew."""
    made(tmp_path)
    (tmp_path / "certificates" / "authority.pem").unlink()
    handshake(made(tmp_path), "earwitness.local")


def test_keys_are_nobody_elses(tmp_path: Path) -> None:
    """Folder and keys are for their owner alone; the authority's certificate is for everybody."""
    certificates = made(tmp_path)
    folder = certificates.ca_path.parent
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in [folder, *folder.iterdir()]}
    assert modes == {"certificates": 0o700, "authority.pem": 0o600, "hub.pem": 0o600, "home-ca.crt": 0o644}
    assert b"PRIVATE" not in certificates.ca_path.read_bytes()


@given(st.lists(st.text(max_size=300)), st.lists(st.text(max_size=60)))
def test_any_names_make_a_certificate(names: list[str], addresses: list[str]) -> None:
    """Whatever a machine calls itself, nothing but names of homes gets in, and not too many."""
    wanted = subjects(names, addresses)
    assert wanted[0] == x509.DNSName(HUB_NAME)
    assert len(wanted) <= CERTIFICATE_NAMES
    x509.SubjectAlternativeName(wanted)


@pytest.mark.parametrize(
    ("name", "address"),
    [("earwitness", "8.8.8.8"), ("example.com", "2001:db8::1"), (".local", "localhost"), ("a b.local", "")],
)
def test_what_it_may_not_vouch_for_is_left_out(name: str, address: str) -> None:
    """One wrong name would make the whole certificate worthless."""
    assert subjects([name], [address]) == [x509.DNSName(HUB_NAME)]


def test_threads_that_ask_at_once_get_the_same(tmp_path: Path) -> None:
    """The listener and a page may both be the first to need them."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: made(tmp_path).fingerprint, range(8)))
    assert len(set(found)) == 1
