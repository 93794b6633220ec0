# SPDX-License-Identifier: GPL-2.0-or-later
import random
from heapq import merge

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import (
    Closed,
    FlowFact,
    FlowKey,
    Loss,
    Lost,
    Opened,
    Piece,
    PieceKind,
    Proof,
    Reply,
    Role,
    Sighting,
    SightingKind,
    Upload,
)
from appliance.limits import WATCHED_FLOWS
from appliance.uploads import Watcher
from tests.uploads.streams import (
    ECHO,
    QUIC,
    RULES,
    VOICE,
    beat,
    command,
    completed,
    downstream,
    dump,
    named,
    run,
    speaker,
)

NEST = speaker(QUIC.device, "google", "google-home")
PHONE_CALL = FlowKey(ECHO, "udp", 50_000, "52.94.1.1", 50_100)


def by_time(*streams: object) -> list[Piece]:
    return list(merge(*streams, key=lambda fact: fact.time))  # type: ignore[call-overload]


def test_a_command_is_announced_early_and_completed_once() -> None:
    """A command on an unknown flow is announced within half a second, completed with its bytes after it ended."""
    facts = run(command(100.0))
    announced, done = (fact for fact in facts if isinstance(fact, Upload))
    assert announced.key == done.key
    assert announced.ended_at is None
    assert (announced.started_at, announced.time) == (100.0, announced.known_at)
    assert announced.known_at - announced.started_at <= 0.65
    assert done.ended_at == pytest.approx(103.0, abs=0.05)
    assert done.bytes_up == pytest.approx(17_000 + 132 * 118, rel=0.05)
    assert (done.signature, done.role, done.host_by) == ("echo-opus-32", Role.VOICE, Proof.NONE)
    assert {"cadence", "steady"} <= set(done.detectors)


def test_the_report_after_a_command_is_no_upload() -> None:
    """The 14-kB report on the voice flow itself, some seconds later, neither is an upload nor lengthens one."""
    done = completed(run([*command(100.0), *dump(112.0, 14_000, over=0.5), *dump(130.0, 24_000, over=0.5)]))
    assert [upload.ended_at for upload in done] == [pytest.approx(103.0, abs=0.05)]


def test_telemetry_at_wire_speed_is_no_upload() -> None:
    """A megabyte of metrics at wire speed is no upload, on a named flow or an unnamed one."""
    assert not completed(run(dump(5.0, 1_100_000, over=1.2)))
    assert not completed(run([named("avs-alexa-4-na.amazon.com"), *dump(5.0, 218_000, over=0.9)]))


def test_full_segments_are_equal_for_another_reason() -> None:
    """Where records cannot be seen, segments as full as they go are a transfer, not a codec's beat."""
    for kind, flow in ((PieceKind.PAYLOAD, VOICE), (PieceKind.DATAGRAM, QUIC)):
        assert not completed(run(Piece(5 + n * 0.025, flow, 1443, kind) for n in range(20)))
        assert completed(run(Piece(5 + n * 0.0202, flow, 113, kind) for n in range(60)))


def test_requests_of_a_page_are_no_upload() -> None:
    """A browser's requests keep a beat too, but much more comes back than goes up."""
    requests = list(beat(10.0, 3.0, 450, 0.05))
    assert completed(run(requests))
    assert not completed(run(by_time(requests, downstream(10.0, 3.0, 60_000))))


def test_half_of_a_call_is_no_upload() -> None:
    """A beat of datagrams that is answered by as much is a call of a device that is no speaker."""
    assert not completed(run(by_time(beat(10.0, 3.0, 172, 0.02, PHONE_CALL), downstream(10.0, 3.0, 860, PHONE_CALL))))


def test_a_film_that_slows_down_is_no_upload() -> None:
    """A camera that sent a megabyte is not a voice because a second of its film is small."""
    film = [Piece(10 + n * 0.05, VOICE, 4500 + n % 97, PieceKind.RECORD) for n in range(300)]
    dull = [Piece(25 + n * 0.06, VOICE, 250 + n % 97, PieceKind.RECORD) for n in range(40)]
    assert completed(run(dull))
    assert not completed(run([*film, *dull]))


def test_a_torn_upload_is_one() -> None:
    """Two runs less than two seconds apart on one flow are one upload, torn by Wi-Fi."""
    done = completed(run([*command(100.0, 2.0), *beat(103.5, 2.0, 113, 0.0202)]))
    assert len(done) == 1
    assert done[0].ended_at == pytest.approx(105.5, abs=0.05)


def test_two_commands_are_two() -> None:
    """Commands three seconds apart are two uploads, each with its own start."""
    done = completed(run([*command(100.0, 2.0), *command(105.0, 2.0)]))
    assert [upload.started_at for upload in done] == [100.0, 105.0]


def test_a_short_upload_on_a_voice_flow_is_found() -> None:
    """A false wake of a second, pre-roll and a little beat, is found where the flow is known as voice."""
    slow_codec = [*dump(50.0, 12_000), *beat(50.32, 0.55, 300, 0.062)]
    assert not completed(run(slow_codec))
    done = completed(run([named("guzzoni.apple.com"), *slow_codec]))
    assert ["flush" in upload.detectors for upload in done] == [True]


@pytest.mark.parametrize("voice", ["voice.example", VOICE.remote])
def test_a_calibrated_flow_is_known_as_voice(voice: str) -> None:
    """Where a calibration showed the voice to go, by name or else by address, a short upload is found at once."""
    short: list[FlowFact] = [*dump(50.0, 12_000), *beat(50.32, 0.55, 300, 0.062)]
    facts = [named("voice.example"), *short] if voice == "voice.example" else short
    assert not completed(run(facts))
    for taught_before in (True, False):
        watcher = Watcher(RULES)
        if not taught_before:
            watcher.feed(named("voice.example") if voice == "voice.example" else next(dump(1.0, 2000)))
        watcher.teach({ECHO: voice})
        assert ["flush" in upload.detectors for upload in completed(run(facts, watcher))] == [True]


def test_a_calibration_does_not_overrule_the_rules() -> None:
    """A name that the rules know for something else stays that, and another device's flows are as they were."""
    for voices in ({ECHO: "device-metrics-us.amazon.com"}, {"02:00:00:00:00:77": "voice.example"}):
        watcher = Watcher(RULES)
        watcher.teach(voices)
        host = named(next(iter(voices.values())))
        assert not completed(run([host, *dump(50.0, 12_000), *beat(50.32, 0.55, 300, 0.062)], watcher))


def test_a_telemetry_host_needs_beat_and_steadiness() -> None:
    """On a flow whose name says telemetry one detector alone is not believed, both are: hiding does not help."""
    host = named("device-metrics-us.amazon.com")
    assert not completed(run([host, *beat(10.0, 0.6, 113, 0.0202)]))
    assert completed(run([host, *beat(10.0, 3.0, 113, 0.0202)]))


def test_the_sync_after_a_boot_is_held_off() -> None:
    """A HomePod's account sync keeps a beat after its boot and is no upload; a slow codec then is one."""
    boot = Sighting(10.0, ECHO, SightingKind.DHCP_PARAMETERS, "1,121,3,6")
    host = named("guzzoni.apple.com")
    watcher = Watcher(RULES)
    watcher.feed(boot)
    chance = random.Random(3)
    sync = [Piece(30 + n * 0.06, VOICE, chance.randint(1500, 4000), PieceKind.RECORD) for n in range(80)]
    speech = [Piece(60 + n * 0.062, VOICE, chance.randint(250, 360), PieceKind.RECORD) for n in range(80)]
    done = completed(run([host, *sync, *dump(59.7, 8_000), *speech], watcher))
    assert [upload.started_at for upload in done] == [pytest.approx(59.7, abs=0.01)]


def test_the_sync_on_a_new_connection_is_held_off() -> None:
    """Where the boot was not seen, a fresh connection's large records are not taken for speech."""
    chance = random.Random(3)
    sync = [Piece(30 + n * 0.06, VOICE, chance.randint(1500, 4000), PieceKind.RECORD) for n in range(60)]
    assert not completed(run([Opened(29.0, VOICE), *sync]))


def test_google_over_quic_is_found_by_volume() -> None:
    """A speaker's 977-byte datagrams to its vendor's voice name are an upload by volume, a laptop's are not."""
    datagrams = [Piece(40 + n * 0.0142, QUIC, 977, PieceKind.DATAGRAM) for n in range(140)]
    host = named("www.google.com", QUIC)
    down = downstream(40.0, 2.0, 1500, QUIC)
    done = completed(run(by_time([NEST, host], datagrams, down)))
    assert [upload.flow for upload in done] == [QUIC]
    assert "volume" in done[0].detectors
    assert "volume" not in {name for upload in completed(run([host, *datagrams])) for name in upload.detectors}


def test_a_slow_codec_is_found_too() -> None:
    """Opus packed to 120 ms and PCM sent five times a second leave tenths of a second empty, but not quarters."""
    for length, every in ((500, 0.12), (6433, 0.2)):
        assert completed(run(beat(10.0, 3.0, length, every)))


def test_google_over_tcp_is_found_on_its_own_speaker() -> None:
    """Two channels of PCM, 64 kB a second, are voice from a speaker to its vendor, and a transfer elsewhere."""
    flow = QUIC._replace(proto="tcp")
    records = [Piece(10 + n * 0.032, flow, 1990 + n % 97, PieceKind.RECORD) for n in range(90)]
    assert completed(run([NEST, *records]))
    assert not completed(run(records))


def test_a_slow_start_is_no_beat() -> None:
    """Two flights of equal records, a round trip of a quarter of a second apart, are a dump."""
    flights = [Piece(10 + (n // 10) * 0.25 + n % 10 * 0.0005, VOICE, 1024, PieceKind.RECORD) for n in range(30)]
    assert not completed(run(flights))


def test_no_two_uploads_begin_together() -> None:
    """What goes on after an upload was completed is another one, with a start of its own."""
    facts = run([*command(100.0), Closed(103.2, VOICE), *command(103.3)])
    keys = [upload.key for upload in completed(facts)]
    assert len(keys) == len(set(keys)) == 2


def test_a_call_of_a_speaker_is_a_call() -> None:
    """Two-way media of a speaker is an upload with the role of a call; of another device it is nothing."""
    echo = speaker(ECHO, "amazon", "amazon-echo")
    up = list(beat(10.0, 20.0, 172, 0.02, PHONE_CALL))
    down = list(downstream(10.0, 20.0, 860, PHONE_CALL))
    done = completed(run(by_time([echo], up, down)))
    assert [(upload.role, upload.speaker) for upload in done] == [(Role.CALL, "amazon-echo")]
    assert done[0].started_at == pytest.approx(10.0, abs=0.6)
    assert not completed(run(by_time(up, down)))


def test_a_flow_that_closes_completes_its_upload() -> None:
    """A connection that ends in the middle of an upload completes it then."""
    done = completed(run([*command(100.0), Closed(103.1, VOICE), *dump(200.0, 14_000)]))
    assert [upload.time for upload in done] == [103.1]


def test_the_reply_follows() -> None:
    """What comes down after an upload on its flow is its reply, known when it ended or when the next upload begins."""
    facts = run(by_time(command(100.0), downstream(103.5, 1.5, 4000), command(110.0)))
    replies = [fact for fact in facts if isinstance(fact, Reply)]
    assert [(reply.started_at, reply.ended_at) for reply in replies] == [(103.6, 105.0)]
    soon = run(by_time(command(100.0), downstream(103.5, 1.5, 4000), command(106.0)))
    assert any(isinstance(fact, Reply) and fact.time < 107 for fact in soon)


def test_what_the_capture_missed_is_told() -> None:
    """A hole in a flow becomes a loss of its device."""
    assert run([Lost(3.0, VOICE, 1460)]) == [Loss(3.0, 3.0, ECHO, "upstream bytes of a flow", 1460)]


def test_a_beat_shows_what_its_device_is() -> None:
    """A known codec and a known keep-alive are sightings of the device, each told once."""
    codec = Sighting(completed(run(command(100.0)))[0].known_at, ECHO, SightingKind.BEHAVIOUR, "echo-opus-32")
    assert [fact for fact in run(command(100.0)) if isinstance(fact, Sighting)] == [codec]
    pings = run(Piece(30.0 * number, VOICE, 41, PieceKind.RECORD) for number in range(10))
    assert pings == [Sighting(90.0, ECHO, SightingKind.BEHAVIOUR, "echo-ping-30")]


def test_a_flood_of_flows_is_bounded_and_counted() -> None:
    """More flows than the limit are evicted, least lately used first, counted, and an open upload survives them."""
    watcher = Watcher(RULES)
    early = list(command(100.0, 1.0))
    for piece in early:
        watcher.feed(piece)
    for number in range(WATCHED_FLOWS + 500):
        watcher.feed(Piece(101.0 + number * 1e-5, VOICE._replace(remote=f"r{number}"), 500, PieceKind.RECORD))
    assert watcher.evicted >= 500
    assert len(completed(watcher.finish(110.0))) == 1


@pytest.mark.parametrize("lives_here", [True, False])
def test_a_flood_of_flows_spares_those_of_the_house(*, lives_here: bool) -> None:
    """The voice flow of a speaker that shows itself for an hour keeps its name while thousands of strangers come."""
    watcher = Watcher(RULES)
    watcher.feed(speaker(ECHO, "amazon", "amazon-echo"))
    watcher.feed(Sighting(3_600.0 * lives_here, ECHO, SightingKind.MDNS_HOST, "echo.local"))
    watcher.feed(named("avs-alexa-na.amazon.com"))
    for number in range(3 * WATCHED_FLOWS):
        stranger = VOICE._replace(device=f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}")
        watcher.feed(Piece(3_700.0 + number * 1e-3, stranger, 500, PieceKind.RECORD))
    assert watcher.role(VOICE) is (Role.VOICE if lives_here else Role.UNKNOWN)
    assert watcher.evicted >= 2 * WATCHED_FLOWS


PIECES = st.builds(
    Piece,
    time=st.floats(0, 60).map(lambda time: round(time, 2)),
    flow=st.sampled_from([VOICE, QUIC, VOICE._replace(device_port=40_001)]),
    length=st.sampled_from([41, 113, 300, 977, 1400, 16_000]),
    kind=st.sampled_from(PieceKind),
)
STREAMS = st.lists(
    st.one_of(
        PIECES.map(lambda piece: [piece]),
        st.floats(0, 50).map(lambda start: list(command(start))),
        st.floats(0, 50).map(lambda start: list(downstream(start, 2.0, 3000))),
    ),
    max_size=30,
)


@given(STREAMS)
def test_every_announced_upload_is_completed_once(streams: list[list[Piece]]) -> None:
    """Whatever comes, each upload is announced once, completed once, in that order, and its times make sense."""
    facts = run([named("avs-alexa-4-na.amazon.com"), *by_time(*(sorted(each) for each in streams))])
    open_keys: set[object] = set()
    keys = [upload.key for upload in completed(facts)]
    assert len(keys) == len(set(keys))
    for fact in facts:
        if isinstance(fact, Upload) and fact.ended_at is None:
            assert fact.key not in open_keys
            open_keys.add(fact.key)
        elif isinstance(fact, Upload):
            open_keys.remove(fact.key)
            assert fact.started_at <= fact.known_at <= fact.time
            assert fact.ended_at is not None
            assert fact.started_at <= fact.ended_at <= fact.time
            assert fact.bytes_up > 0
    assert not open_keys


def test_a_flow_is_for_voice_by_its_name_or_by_what_it_did() -> None:
    """So the traffic of a voice flow counts as that, though its name was never in view; a name for else stays that."""
    watcher = Watcher(RULES)
    run([*command(100.0), *command(120.0, flow=VOICE._replace(device_port=1))], watcher)
    assert watcher.role(VOICE) is Role.VOICE
    assert watcher.role(VOICE._replace(device_port=2)) is Role.UNKNOWN
    telemetry = VOICE._replace(device_port=3)
    host = named("device-metrics-us.amazon.com", telemetry)
    run([host, *(piece._replace(flow=telemetry) for piece in beat(200.0, 3.0, 113, 0.0202))], watcher)
    assert watcher.role(telemetry) is Role.TELEMETRY
