# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.simulate.chance import Chance
from appliance.simulate.link import Link, Weather
from appliance.simulate.udp import Datagrams
from appliance.simulate.wire import End
from tests.simulate.playing import packets, payload

CALM = Weather(0, loss=False, retransmission=False, reordering=False, offload=False)


def conversation(snaps: tuple[int, int] = (1 << 16, 1 << 16)) -> Datagrams:
    device, remote = End(b"\x02" * 6, b"\x0a\0\0\1", 40000), End(b"\x04" * 6, b"\x08\x08\x08\x08", 443)
    return Datagrams(device, remote, Link(Chance(1), "it", CALM), snaps)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.binary(min_size=19, max_size=99)), min_size=1, max_size=30)
)
def test_datagrams_stay_as_they_are(told: list[tuple[int, bool, bytes]]) -> None:
    """Every datagram appears once, whole, at its time and in its direction."""
    flow = conversation()
    for time, up, content in told:
        flow.write(1e9 + time, content, up=up)
    rows = flow.rows(2e9)
    assert rows is not None
    found = [(float(packet.time) - 1e9, packet["UDP"].sport == 40000, payload(packet)) for packet in packets(rows)]
    assert sorted(found) == sorted(told)


def test_introductions_are_kept_whole() -> None:
    """A snap length cuts datagrams, but not those that say who is there."""
    flow = conversation((10, 10))
    flow.introduce(1e9, b"i" * 1250)
    flow.write(1e9 + 1, b"d" * 1250)
    rows = flow.rows(2e9)
    assert rows is not None
    assert [len(part) for part in rows.payload] == [1250, 10]
    assert rows.wire.tolist() == [1292, 1292]


def test_a_closed_conversation_is_forgotten() -> None:
    """It is idle once closed and played out, not before."""
    flow = conversation()
    flow.write(1e9, b"x")
    flow.close()
    assert not flow.idle
    flow.rows(2e9)
    assert flow.idle
