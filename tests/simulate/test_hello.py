# SPDX-License-Identifier: GPL-2.0-or-later
from aioquic._buffer import Buffer
from aioquic.quic.crypto import CryptoPair
from aioquic.quic.packet import pull_quic_header
from aioquic.tls import pull_client_hello

from appliance.simulate.chance import Chance
from appliance.simulate.content import Noise
from appliance.simulate.hello import client_hello, hello_record, quic_initial, quic_long

NOISE = Noise(Chance(1))
HOST = "voice.example.com"


def test_a_hello_says_its_name() -> None:
    """Aioquic's parser reads back server name and ALPN."""
    hello = pull_client_hello(Buffer(data=client_hello(NOISE, HOST, tls13=True, alpn=("h2",))))
    assert (hello.server_name, hello.alpn_protocols) == (HOST, ["h2"])
    assert hello.supported_versions == [0x0304, 0x0303]


def test_some_hellos_say_no_name() -> None:
    """Some Echos send no server name; theirs is a TLS 1.2 hello."""
    hello = pull_client_hello(Buffer(data=client_hello(NOISE, None, tls13=False)))
    assert hello.server_name is None
    assert hello.supported_versions == [0x0303]


def test_a_record_holds_the_hello() -> None:
    """The first record is a handshake record of the message's length."""
    message = client_hello(NOISE, HOST, tls13=True)
    record = hello_record(message)
    assert record[:3] == b"\x16\x03\x01"
    assert int.from_bytes(record[3:5], "big") == len(message) == len(record) - 5


def test_everybody_can_read_a_quic_initial() -> None:
    """The Initial is padded as RFC 9000 wants, and opens with the keys of RFC 9001 to the hello inside."""
    datagram = quic_initial(NOISE, HOST)
    assert len(datagram) >= 1200
    buffer = Buffer(data=datagram)
    header = pull_quic_header(buffer)
    keys = CryptoPair()
    keys.setup_initial(header.destination_cid, is_client=False, version=header.version or 0)
    _, plain, number = keys.decrypt_packet(datagram, buffer.tell(), 0)
    assert number == 0
    assert plain[:2] == b"\x06\x00"
    assert pull_client_hello(Buffer(data=plain[4:])).server_name == HOST


def test_later_handshake_datagrams_have_true_headers() -> None:
    """The server's Initial and the client's Handshake parse as QUIC v1 and fill their datagram."""
    for first, size in ((0xC1, 1250), (0xE1, 79)):
        datagram = quic_long(NOISE, first, size)
        header = pull_quic_header(Buffer(data=datagram))
        assert (header.version, header.packet_length) == (1, size)
        assert len(datagram) == size
