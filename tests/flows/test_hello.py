# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.flows.hello import NotHelloError, UnfinishedError, handshake, newest_version, server_name
from tests.flows.wire import client_hello, hello_records, supported_versions

HOSTS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=253)


@given(HOSTS, st.sampled_from([0x0300, 0x0301, 0x0303]))
def test_the_name_is_read_from_any_version(host: str, version: int) -> None:
    """The server name comes out whatever the version, GREASE and unknown extensions."""
    assert server_name(client_hello(host, version=version)) == host


def test_a_hello_without_a_name_has_none() -> None:
    """Some speakers send no server name."""
    assert server_name(client_hello(None)) is None


@given(st.integers(0, 110))
def test_a_cut_hello_is_unfinished(kept: int) -> None:
    """As long as the name is not there, more bytes are asked for."""
    with pytest.raises(UnfinishedError):
        server_name(client_hello("example.com")[:kept])


@given(st.sampled_from([(0x0300, "SSL 3.0"), (0x0301, "TLS 1.0"), (0x0302, "TLS 1.1"), (0x0303, "TLS 1.2")]))
def test_an_old_hello_offers_what_its_version_field_says(version: tuple[int, str]) -> None:
    """Without the extension, the field that once was for it says which version is the newest."""
    assert newest_version(client_hello("example.com", version=version[0])) == version[1]


@given(st.permutations([0x7A7A, 0x0304, 0x0303, 0x0301]))
def test_a_new_hello_offers_the_newest_of_its_list(offered: list[int]) -> None:
    """The extension counts more than the field, in any order, with GREASE in it."""
    assert newest_version(client_hello("example.com", more=supported_versions(offered))) == "TLS 1.3"


@given(st.integers(0, 121))
def test_a_cut_hello_offers_nothing_that_is_known(kept: int) -> None:
    """As long as not all is in view, an extension might still say otherwise."""
    assert newest_version(client_hello("example.com", more=supported_versions([0x0304]))[:kept]) is None


@given(st.integers(1, 60))
def test_the_records_are_joined(pieces: int) -> None:
    """A hello spread over several records is one message."""
    message = client_hello("example.com", padding=1500)
    assert handshake(hello_records(message, pieces)) == message


@given(st.binary(max_size=300))
def test_any_bytes_give_an_answer_or_an_own_error(data: bytes) -> None:
    """Hostile bytes raise nothing but the parser's own errors."""
    for parse in (handshake, server_name, lambda body: server_name(b"\x01" + body), newest_version):
        try:
            parse(data)
        except (NotHelloError, UnfinishedError):
            continue


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_hello_gives_an_answer_or_an_own_error(at: int, value: int) -> None:
    """One wrong byte anywhere raises nothing but the parser's own errors."""
    message = bytearray(client_hello("example.com", padding=200))
    message[at % len(message)] = value
    try:
        server_name(bytes(message))
    except (NotHelloError, UnfinishedError):
        return
