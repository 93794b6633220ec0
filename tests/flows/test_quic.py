# SPDX-License-Identifier: GPL-2.0-or-later
import struct
import subprocess
import sys
from itertools import pairwise
from random import Random

import pytest
from aioquic.buffer import encode_uint_var
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.crypto import INITIAL_CIPHER_SUITE, CryptoContext
from aioquic.tls import cipher_suite_hash, hkdf_expand_label, hkdf_extract
from hypothesis import given
from hypothesis import strategies as st

from appliance import limits
from appliance.events import FlowKey, Greeting, Named, Opened, Piece, Proof
from appliance.flows import quic
from appliance.flows.quic import QuicIntroduction
from tests.flows.frames_of import CLOUD, SPEAKER, UDP, Packet
from tests.flows.wire import client_hello, facts_of

CONNECTION = bytes.fromhex("8394c8f03e515708")


def initial(
    version: int, *frames: bytes, number: int = 0, keys_of: bytes = CONNECTION, connection: bytes = CONNECTION
) -> bytes:
    """Return an encrypted Initial packet of a client with these frames in it."""
    body = b"".join(frames).ljust(1100, b"\0")
    first = 0xD3 if version == 0x6B3343CF else 0xC3
    header = bytes([first]) + struct.pack(">IB", version, len(connection)) + connection + b"\0\0"
    header += encode_uint_var(len(body) + 16 + 4) + struct.pack(">I", number)
    return aioquics_keys(version, keys_of).encrypt_packet(header, body, number)


def aioquics_keys(version: int, connection: bytes) -> CryptoContext:
    """Return the keys of a client's Initial packets, derived by aioquic."""
    algorithm = cipher_suite_hash(INITIAL_CIPHER_SUITE)
    initial = hkdf_extract(algorithm, quic._SALTS[version], connection)
    keys = CryptoContext()
    keys.setup(
        cipher_suite=INITIAL_CIPHER_SUITE,
        secret=hkdf_expand_label(algorithm, initial, b"client in", b"", algorithm.digest_size),
        version=version,
    )
    return keys


def crypto(offset: int, data: bytes, kind: int = 6) -> bytes:
    """Return a CRYPTO frame; Google's versions number its kind 8."""
    return bytes([kind]) + encode_uint_var(offset) + encode_uint_var(len(data)) + data


def google_hello(host: str) -> bytes:
    """Return Google's own hello, with a tag before and after the name."""
    values = {b"PAD\0": b"-" * 400, b"SNI\0": host.encode(), b"VER\0": b"Q046"}
    table, at = b"", 0
    for tag, value in values.items():
        at += len(value)
        table += tag + struct.pack("<I", at)
    return b"CHLO" + struct.pack("<HH", len(values), 0) + table + b"".join(values.values())


@pytest.mark.parametrize("version", [0x00000001, 0x6B3343CF])
def test_a_real_client_is_named(version: int) -> None:
    """The datagrams that aioquic's client sends name their host, in version 1 and 2."""
    client = QuicConnection(configuration=QuicConfiguration(server_name="voice.example", original_version=version))
    client.connect(("192.0.2.1", 443), now=0.0)
    introduction = QuicIntroduction()
    hosts = [introduction.feed(data) for data, _ in client.datagrams_to_send(now=0.0)]
    assert "voice.example" in hosts
    assert introduction.is_hello


@pytest.mark.parametrize("version", sorted(quic._SALTS))
def test_every_version_whose_salt_is_known_is_read(version: int) -> None:
    """Drafts and Google's encrypted versions differ in the salt alone."""
    packet = initial(
        version, crypto(0, client_hello("voice.example"), 8 if version < 0x60000000 and version > 1 else 6)
    )
    assert QuicIntroduction().feed(packet) == "voice.example"


def test_googles_hello_is_read_in_plain_and_encrypted() -> None:
    """Q043 and Q046 send their hello in plain, Q050 in an Initial packet."""
    stream = bytes(12) + b"\xa0\x01\x00\x10" + google_hello("www.example.com")
    q043 = b"\x0d" + CONNECTION + b"Q043" + b"\x01" + stream
    q046 = b"\xc3Q046\x50" + CONNECTION + bytes(4) + stream
    q050 = initial(0x51303530, crypto(0, google_hello("www.example.com"), 8))
    assert [QuicIntroduction().feed(data) for data in (q043, q046, q050)] == ["www.example.com"] * 3


@given(st.integers(), st.integers(1, 4))
def test_a_hello_shuffled_over_packets_is_put_together(seed: int, datagrams: int) -> None:
    """Browsers shuffle the hello's pieces over packets; the later ones may go to another connection id."""
    random = Random(seed)
    message = client_hello("voice.example", padding=1400)
    cuts = sorted({0, len(message), *(random.randrange(len(message)) for _ in range(8))})
    frames = [crypto(begin, message[begin:end]) for begin, end in pairwise(cuts)]
    random.shuffle(frames)
    shares = [frames[at::4] for at in range(4)]
    packets = [
        initial(1, b"\x01", *share, number=at, connection=CONNECTION if at == 0 else b"later")
        for at, share in enumerate(shares)
    ]
    introduction = QuicIntroduction()
    hosts = [introduction.feed(b"".join(packets[at::datagrams])) for at in range(datagrams)]
    assert {*hosts} - {None} == {"voice.example"}


def test_after_a_retry_the_new_keys_are_found() -> None:
    """A server's Retry gives the client another connection id, and so other keys."""
    introduction = QuicIntroduction()
    assert introduction.feed(initial(1, crypto(50, b"x"))) is None
    again = initial(1, crypto(0, client_hello("voice.example")), keys_of=b"retry", connection=b"retry")
    assert introduction.feed(again) == "voice.example"


def test_acknowledgements_before_the_hello_are_passed_over() -> None:
    """ACK and PING frames may stand before the CRYPTO frame."""
    acks = b"\x02\x05\x00\x01\x00\x01\x01" + b"\x03\x05\x00\x00\x00\x01\x01\x01" + b"\x01"
    assert QuicIntroduction().feed(initial(1, acks, crypto(0, client_hello("voice.example")))) == "voice.example"


def test_other_datagrams_are_tried_a_few_times() -> None:
    """What is not QUIC costs a few looks and no more."""
    introduction = QuicIntroduction()
    for _ in range(limits.QUIC_TRIES):
        assert not introduction.over
        assert introduction.feed(b"\x40" + bytes(30)) is None
    assert introduction.over


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xc3\x00\x00\x00\x01", b"\xc3Q046", b"\x0d01234567Q043CHLO", b"CHLO"]),
)
def test_any_datagram_is_read_or_refused(data: bytes, start: bytes) -> None:
    """Hostile datagrams never raise, encrypted or inside of the encryption."""
    QuicIntroduction().feed(start + data)
    QuicIntroduction().feed(initial(1, data[:1000]))
    QuicIntroduction().feed(initial(1, crypto(0, b"CHLO" + data[:1000])))


def test_a_quic_flow_is_opened_and_named_before_its_first_piece() -> None:
    """The first Initial opens the flow and names it."""
    flow = FlowKey(SPEAKER, "udp", 50_000, CLOUD, 443)
    facts = facts_of([Packet(1, initial(1, crypto(0, client_hello("voice.example"))), 0, 0, UDP)])
    assert facts[:2] == [Opened(1, flow), Named(1, flow, "voice.example", Proof.SNI)]
    assert facts[2] == Greeting(1, flow, "QUIC", "voice.example")
    assert isinstance(facts[3], Piece)


def test_homes_without_quic_do_not_load_its_libraries() -> None:
    """Datagrams of other kinds leave cryptography out: it takes 8 MB of a small machine."""
    others = [bytes(20), b"\x80\x60" + bytes(30), b"\xc0\xba\xba\xba\xba" + bytes(30), b"\x40" * 40, b""]
    command = f"import sys; from appliance.flows.quic import QuicIntroduction as Q; [Q().feed(d) for d in {others}]"
    check = "; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command + check], check=False).returncode == 0
