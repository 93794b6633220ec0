# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import FlowKey, Piece, PieceKind, Role
from appliance.uploads import flow_watch
from appliance.uploads.flow_watch import FlowWatch
from tests.uploads.streams import QUIC, RULES, VOICE, beat, command, dump, speaker


def feed(watch: FlowWatch, pieces: list[Piece]) -> list[float]:
    """Feed pieces as the merger does and return the times of those that fired."""
    fired = []
    for piece in pieces:
        if watch.feed(piece, None, float("-inf")):
            watch.extend(watch.upload or watch.begin(piece.time), piece.time)
            fired.append(piece.time)
    return fired


def test_an_upload_begins_with_its_burst() -> None:
    """The start is the burst's first piece, not the moment at which a detector was sure."""
    watch = FlowWatch(VOICE, RULES)
    fired = feed(watch, list(command(50.0)))
    assert watch.upload is not None
    assert (watch.upload.started_at, watch.upload.role) == (50.0, Role.VOICE)
    assert fired[0] == watch.upload.known_at > 50.3
    assert watch.upload.ended_at == fired[-1]


def test_a_burst_that_began_long_before_does_not_count() -> None:
    """Where the flow was busy for long, the upload starts with its evidence."""
    watch = FlowWatch(VOICE, RULES)
    chatter = [piece for start in range(40, 50) for piece in dump(start, 3_000, over=0.9)]
    feed(watch, [*chatter, *command(50.0)])
    assert watch.upload is not None
    assert watch.upload.started_at > 49.0


def test_a_run_far_from_the_upload_is_another() -> None:
    """Within the merge gap a run continues the upload; after it, it does not."""
    for pause, same in ((1.5, True), (2.5, False)):
        watch = FlowWatch(VOICE, RULES)
        feed(watch, list(command(50.0, 2.0)))
        for piece in beat(52.0 + pause, 0.6, 113, 0.0202):
            fired = watch.feed(piece, None, float("-inf"))
        assert fired
        assert watch.continues() is same


def test_an_upload_is_over_when_no_run_can_follow() -> None:
    """The upload stays open for as long as a torn one might go on."""
    watch = FlowWatch(VOICE, RULES)
    feed(watch, list(command(50.0, 2.0)))
    assert watch.upload is not None
    end = watch.upload.ended_at
    assert not watch.over(end + RULES.uploads.merge.close_s - 0.1)
    assert watch.over(end + RULES.uploads.merge.close_s + 0.1)


def test_bytes_are_those_of_its_bursts() -> None:
    """Both the pre-roll and the beat count, with their record headers; what came down meanwhile counts apart."""
    watch = FlowWatch(VOICE, RULES)
    pieces = list(command(50.0, 2.0))
    feed(watch, pieces)
    watch.down(51.0, 700)
    assert watch.upload is not None
    assert watch.upload.bytes_up == pytest.approx(sum(piece.length + 5 for piece in pieces), abs=300)
    assert watch.upload.bytes_down == 700


STRETCH = st.tuples(
    st.sampled_from([0.0, 0.0, 0.3, 0.7, 2.0]),  # pause before it
    st.sampled_from([0.0005, 0.0202, 0.03, 0.0625, 0.12]),  # beat
    st.sampled_from([60, 113, 310, 977, 1250, 4000]),  # length
    st.integers(1, 40),
)


@given(flow=st.sampled_from([VOICE, QUIC, QUIC._replace(remote_port=50_000)]), stretches=st.lists(STRETCH, max_size=12))
def test_holding_back_changes_nothing(flow: FlowKey, stretches: list[tuple[float, float, int, int]]) -> None:
    """A run that is looked at only once it has lasted fires at the same pieces as one that is looked at at once."""
    pieces, time = [], 5.0
    for pause, every, length, count in stretches:
        time += pause
        for _ in range(count):
            time += every
            pieces.append(Piece(time, flow, length, PieceKind.DATAGRAM if flow.proto == "udp" else PieceKind.RECORD))
    device = speaker(flow.device, "google", "google-nest")
    held = FlowWatch(flow, RULES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow_watch, "HELD_PIECES", 0)
        at_once = FlowWatch(flow, RULES)
        expected = [at_once.feed(piece, device, float("-inf")) for piece in pieces]
    assert [held.feed(piece, device, float("-inf")) for piece in pieces] == expected
