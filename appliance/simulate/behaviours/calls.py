# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls: STUN (RFC 8489), then SRTP both ways at a steady beat for minutes (RFC 3711)."""

import struct

from appliance.simulate.behaviours.voice import ask, tell
from appliance.simulate.remotes import address
from appliance.simulate.sounds import speech
from appliance.simulate.speaker import Speaker, Spoken

STUN_PORT = 3478
MEDIA_PORTS = (49152, 65000)
LASTS = (40.0, 240.0)  #: seconds
FRAME = 0.02  #: seconds of sound a packet
PAYLOAD = (90, 175)  #: bytes of an SRTP packet: Opus at 32 to 64 kbit/s
ASKED = 0.8  #: share of calls that somebody asked for; the others drop in
RELAY = "relay.example"  #: somebody's relay, of no vendor


def call(speaker: Speaker, time: float) -> None:
    """Somebody asks for a call, or somebody drops in; then both sides talk."""
    dice = speaker.dice("call", time)
    if dice.random() < ASKED:
        spoken, replied = ask(speaker, time, dice)
        tell(speaker, spoken, "command", "called")
        time = replied + dice.uniform(2, 5)
    tell(speaker, _media(speaker, time, time + dice.uniform(*LASTS)), "call", "call")


def _media(speaker: Speaker, start: float, end: float) -> Spoken:
    stage, dice = speaker.stage, speaker.dice("media", start)
    remote, port, own = address(RELAY), dice.randint(*MEDIA_PORTS), dice.randint(*MEDIA_PORTS)
    stun = stage.net.datagrams(speaker.machine, remote, STUN_PORT, own)
    stun.write(start - 0.2, _stun(0x0001, stage.noise.take(12)))
    stun.write(start - 0.17, _stun(0x0101, stage.noise.take(12)), up=False)
    stun.close()
    flow = stage.net.datagrams(speaker.machine, remote, port, own)
    time, number = start, 0
    while time < end:
        for up in (True, False):
            head = struct.pack("!BBHII", 0x80, 111, number & 0xFFFF, number * 960, 0x1234 + up)
            flow.write(time + dice.uniform(0, 0.008), head + stage.noise.take(dice.randint(*PAYLOAD)), up=up)
        number += 1
        time += FRAME
    flow.close()
    _talk(speaker, start, end)
    return Spoken(start, time, remote, flow.device.port)


def _talk(speaker: Speaker, start: float, end: float) -> None:
    dice = speaker.dice("talk", start)
    time = start + 1
    while time < end:
        until = time + dice.uniform(1, 6)
        speech(speaker.stage, speaker.ear, time, min(until, end))
        time = until + dice.uniform(0.5, 6)


def _stun(kind: int, transaction: bytes) -> bytes:
    return struct.pack("!HHI", kind, 0, 0x2112A442) + transaction
