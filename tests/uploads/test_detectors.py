# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Piece
from appliance.uploads.detectors import Detectors
from tests.uploads.streams import QUIC, RULES, beat, command, downstream


def fed(pieces: list[Piece], *, voice: bool = False, owned: bool = False) -> Detectors:
    detectors = Detectors(pieces[0].flow, RULES.uploads)
    for piece in pieces:
        detectors.feed(piece, voice=voice, owned=owned)
    return detectors


def test_the_evidence_of_all_is_kept() -> None:
    """Every detector that fired since the last silence is remembered, the flush one on voice flows alone."""
    assert set(fed(list(command(5.0))).hits) == {"cadence", "steady"}
    assert set(fed(list(command(5.0)), voice=True).hits) == {"cadence", "steady", "flush"}


def test_silence_starts_over() -> None:
    """After a silence nothing of what was before counts."""
    detectors = fed(list(command(5.0)))
    detectors.silence()
    assert not detectors.hits
    for piece in beat(9.0, 0.2, 113, 0.0202):
        detectors.feed(piece, voice=False, owned=False)
    assert not detectors.hits


def test_volume_listens_to_the_vendors_flows_alone() -> None:
    """Large datagrams are a volume only between a speaker and its vendor, at the ports of the rule."""
    datagrams = list(beat(5.0, 2.0, 977, 0.0142, QUIC))
    assert "volume" in fed(datagrams, owned=True).hits
    assert "volume" not in fed(datagrams).hits
    elsewhere = [piece._replace(flow=QUIC._replace(remote_port=8443)) for piece in datagrams]
    assert "volume" not in fed(elsewhere, owned=True).hits


def test_downstream_reaches_who_compares() -> None:
    """What comes down keeps the volume from firing."""
    detectors = Detectors(QUIC, RULES.uploads)
    down = list(downstream(4.0, 3.0, 7_000, QUIC))
    for piece in beat(5.0, 1.5, 977, 0.0142, QUIC):
        while down and down[0].time <= piece.time:
            fact = down.pop(0)
            detectors.down(fact.time, fact.payload)
        detectors.feed(piece, voice=False, owned=True)
    assert "volume" not in detectors.hits
