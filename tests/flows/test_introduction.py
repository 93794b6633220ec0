# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance import limits
from appliance.flows import http
from appliance.flows.introduction import Introduction
from tests.flows.wire import client_hello, hello_records


def test_a_hello_introduces_its_host() -> None:
    """A ClientHello opens a flow and names it."""
    introduction = Introduction()
    assert introduction.feed(hello_records(client_hello("voice.example"))) == "voice.example"
    assert (introduction.is_hello, introduction.over, introduction.protocol) == (True, True, "TLS 1.2")


def test_a_hello_without_a_name_is_still_a_beginning() -> None:
    """Speakers that send no name are known to have begun."""
    introduction = Introduction()
    assert introduction.feed(hello_records(client_hello(None))) is None
    assert (introduction.is_hello, introduction.over) == (True, True)


def test_a_request_introduces_its_host() -> None:
    """The Host header names the flow, without its port and whatever its case."""
    introduction = Introduction()
    assert (
        introduction.feed(b"POST /x HTTP/1.1\r\naccept: */*\r\nhOsT:  a.example:80 \r\n\r\nHost: no.example")
        == "a.example"
    )
    assert (introduction.is_hello, introduction.over, introduction.protocol) == (False, True, "HTTP")


def test_a_request_in_two_segments_is_waited_for() -> None:
    """A Host line cut in two is no host until the rest is there."""
    introduction = Introduction()
    assert introduction.feed(b"GET / HTTP/1.1\r\nHost: spec") is None
    assert not introduction.over
    assert introduction.feed(b"trum.example\r\n\r\n") == "spectrum.example"


def test_a_flow_joined_in_the_middle_introduces_nobody() -> None:
    """Application data is no introduction, and nothing more is waited for."""
    introduction = Introduction()
    assert introduction.feed(b"\x17\x03\x03\x00\x01x") is None
    assert introduction.over
    assert introduction.protocol is None


def test_an_endless_hello_is_given_up() -> None:
    """A hello that never ends is not collected for ever."""
    endless = hello_records(b"\x01\xff\xff\xff" + b"\x7f" * 16_000)
    introduction = Introduction()
    fed = 0
    while not introduction.over:
        assert introduction.feed(endless[fed : fed + 10]) is None
        fed += 10
    assert fed == 10 * limits.HELLO_SEGMENTS


@given(
    st.binary(max_size=100),
    st.sampled_from([b"", b"GET ", b"GET / HTTP/1.1\r\n", b"\x16\x03\x01", b"\x16\x03\x01\x00\x40\x01"]),
)
def test_any_beginning_is_read_or_refused(data: bytes, start: bytes) -> None:
    """Hostile bytes never raise."""
    introduction = Introduction()
    introduction.feed(start + data)
    introduction.feed(data)
    assert http.is_request(start + data) in {True, False}
