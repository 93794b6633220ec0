# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.evidence.headers import bare, whole
from appliance.limits import EVIDENCE_HEADER_BYTES, EVIDENCE_RECORDS
from tests.flows.frames_of import HEADERS, TCP, UDP, Packet, frames_of
from tests.flows.wire import record


def kept(payload: bytes, protocol: int = TCP, *, up: bool = True) -> bytes:
    """Return what is kept behind the transport header of a frame."""
    frames = frames_of([Packet(100.0, payload, protocol=protocol)])
    (frame,) = bare(frames, np.arange(1), np.array([up]))
    assert frame[:HEADERS] == bytes(HEADERS)
    return frame[HEADERS:]


@pytest.mark.parametrize(
    "payload",
    [b"", b"GET /secret HTTP/1.1\r\n\r\n", b"\x17\x03\x03", b"\x17\x03\x05\x00\x71" + bytes(50), b"\x17" * 90],
)
def test_no_plain_text_is_kept(payload: bytes) -> None:
    """Of a payload without a TLS record's header nothing is kept, in whatever direction and protocol."""
    assert kept(payload) == kept(payload, up=False) == kept(payload, UDP) == b""


def test_of_datagrams_nothing_is_kept() -> None:
    """What a datagram says stays out even if it looks like a record."""
    assert kept(record(113), UDP) == b""


def test_record_headers_are_kept_without_what_is_between() -> None:
    """Up to the last header of a payload that the device sends, with zeros between; of the other side, the first."""
    payload = b"\xaa" * 90 + record(113, filler=0xBB) + record(40, filler=0xCC) + record(9000, filler=0xDD)[:700]
    bodies = bytes(90) + record(113) + record(40) + record(9000)[:5]
    assert kept(payload) == bodies
    assert kept(payload, up=False) == b""
    assert kept(payload[90:], up=False) == record(113)[:5]


def test_tiny_records_cost_no_more_than_their_bound() -> None:
    """A frame full of empty records keeps some of their headers."""
    assert len(kept(record(0) * 12_000)) == 5 * EVIDENCE_RECORDS


@given(st.binary(max_size=3000), st.booleans())
def test_any_payload_is_none_or_shorter(payload: bytes, up: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """Whatever the bytes, what is kept is as long as the payload at most, and no other bytes than its own or zeros."""
    found = kept(payload, up=up)
    assert all(mine in {0, its} for mine, its in zip(found, payload, strict=False))
    assert len(found) <= len(payload)


def test_other_frames_keep_link_and_network_header() -> None:
    """Of a frame that is neither TCP nor UDP so much is kept as its IP version says."""
    frames = frames_of([Packet(100.0, bytes(50), protocol=1), Packet(100.0, bytes(50), protocol=58, source="fe80::1")])
    assert [len(each) for each in bare(frames, np.arange(2), np.array([True, True]))] == [
        EVIDENCE_HEADER_BYTES[4],
        EVIDENCE_HEADER_BYTES[6],
    ]


def test_whole_frames_on_demand() -> None:
    """Whoever wants whole frames gets them."""
    frames = frames_of([Packet(100.0, b"GET / HTTP/1.1\r\n\r\n")])
    assert whole(frames, np.arange(1)) == [bytes(HEADERS) + b"GET / HTTP/1.1\r\n\r\n"]
