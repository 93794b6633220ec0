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
from appliance.flows.initials import Initials
from appliance.flows.quic import QuicIntroduction
from tests.flows.frames_of import CLOUD, SPEAKER, UDP, Packet
from tests.flows.wire import client_hello, facts_of

CONNECTION = bytes.fromhex("8394c8f03e515708")
#: The CRYPTO frame of a client's Initial packet in RFC 9001 appendix A.2 and RFC 9369 appendix A.2.
PUBLISHED = bytes.fromhex("""
    060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010
    000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e00050005010000000000330026
    0024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e040305030603
    0203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901
    100f088394c8f03e51570806048000ffff""")
PUBLISHED_SIZE, PUBLISHED_NUMBER = 1162, 2


def initial(
    version: int,
    *frames: bytes,
    number: int = 0,
    keys_of: bytes = CONNECTION,
    connection: bytes = CONNECTION,
    size: int = 1100,
) -> bytes:
    """Return an encrypted Initial packet of a client with these frames in it."""
    body = b"".join(frames).ljust(size, b"\0")
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


@pytest.mark.parametrize(
    ("version", "begin", "tag"),
    [
        (0x00000001, "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd768", "e221af44860018ab0856972e194cd934"),
        (0x6B3343CF, "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb", "a18b2faa745b6fe189cf772a9f84cbfc"),
    ],
)
def test_the_published_packets_are_opened(version: int, begin: str, tag: str) -> None:
    """The examples of RFC 9001 and RFC 9369, of which the tag holds every byte, name example.com."""
    packet = initial(version, PUBLISHED, number=PUBLISHED_NUMBER, size=PUBLISHED_SIZE)
    assert (packet.startswith(bytes.fromhex(begin)), packet[-16:].hex()) == (True, tag)
    assert [*Initials(quic._SALTS).open(packet)] == [PUBLISHED.ljust(PUBLISHED_SIZE, b"\0")]
    assert QuicIntroduction().feed(packet) == "example.com"


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


@pytest.mark.parametrize(("version", "kinds"), [(0x00000001, (0xD0, 0xE0)), (0x6B3343CF, (0xE0, 0xF0))])
def test_packets_of_other_kinds_are_passed_over(version: int, kinds: tuple[int, int]) -> None:
    """0-RTT and Handshake packets may stand before the Initial one, in version 2 by other numbers."""
    others = [struct.pack(">BIB4sBB", kind, version, 4, b"abcd", 0, 30) + bytes(30) for kind in kinds]
    packet = initial(version, crypto(0, client_hello("voice.example")))
    assert QuicIntroduction().feed(b"".join(others) + packet) == "voice.example"


@pytest.mark.parametrize("last", [b"\xf0", b"\x40", b"\0"])
def test_what_tells_no_length_is_the_last(last: bytes) -> None:
    """After a Retry, a short header, or padding there is nothing to be read in a datagram."""
    packet = initial(1, crypto(0, client_hello("voice.example")))
    assert QuicIntroduction().feed(last + bytes.fromhex("00000001 0000") + packet) is None
    assert QuicIntroduction().feed(packet + last) == "voice.example"


def loaded(*datagrams: bytes) -> str:
    """Return the names of the modules of a process that was fed with these."""
    command = f"import sys; from appliance.flows.quic import QuicIntroduction as Q; [Q().feed(d) for d in {datagrams}]"
    asked = [sys.executable, "-c", command + "; print(*sys.modules)"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


def test_homes_without_quic_do_not_load_its_ciphers() -> None:
    """Datagrams of other kinds leave even them out."""
    others = [bytes(20), b"\x80\x60" + bytes(30), b"\xc0\xba\xba\xba\xba" + bytes(30), b"\x40" * 40, b""]
    assert "Cryptodome" not in loaded(*others)


def test_the_ciphers_bring_no_large_libraries() -> None:
    """What opens packets leaves cryptography out, which takes 9 MB of a small machine, and what compiles for C."""
    modules = loaded(initial(1, crypto(0, client_hello("voice.example"))))
    assert "Cryptodome" in modules
    assert "cryptography" not in modules
    assert "cffi" not in modules
