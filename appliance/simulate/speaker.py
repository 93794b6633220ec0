# SPDX-License-Identifier: GPL-2.0-or-later
"""A speaker at work: its voice flow, what an upload looks like on it, and what comes back."""

from dataclasses import dataclass, replace
from random import Random

from appliance.simulate.home import Machine, mac
from appliance.simulate.models import MODELS, Model, Voice
from appliance.simulate.network import Manner
from appliance.simulate.scenario import Place
from appliance.simulate.stage import Stage
from appliance.simulate.tcp import Connection

EVENT_AFTER = (0.4, 0.56)  #: seconds into an upload at which an Echo reports "speech started": header and context again
REPLY_AFTER = (0.28, 0.49, 1.1)  #: seconds from the last audio to the first big reply: least, most often, most
LATEST = 4.0  #: times the average that a record may be late
QUIC_RATE = (56_000, 69_000, 90_000)  #: bytes a second that a Home Mini sends: p5, p50, p95
QUIC_TICK = 0.03  #: seconds between a Home Mini's bunches of datagrams; its datagrams average 977 B


@dataclass(frozen=True, slots=True)
class Spoken:
    """An upload as it was sent: from its first byte to its last, and on which flow."""

    start: float
    end: float
    remote: bytes
    device_port: int


class Speaker:
    """One speaker of the household."""

    def __init__(self, stage: Stage, place: Place, number: int) -> None:
        self.stage = stage
        self.place = place
        self.model: Model = MODELS[place.model]
        name = f"{number}-{place.name}"
        self.name = name
        self.machine = Machine(
            mac(self.model.oui, name), f"192.168.1.{20 + number}", stage.net.link(name), 40000 + number
        )
        self.ear = f"{place.room}-mic"
        self.rival: Speaker | None = None  # of the same vendor, in another room within earshot
        self.neighbour: Speaker | None = None  # of the same vendor, that it talks to in the LAN
        self.v6 = self.model.voice.v6 and stage.wants("ipv6")
        self.flow: Connection | None = None
        if self.model.voice.codec:
            self.flow = stage.net.connection(self.machine, self.voice.host, Manner(v6=self.v6))

    @property
    def voice(self) -> Voice:
        """The voice service it speaks to."""
        return self.model.voice

    @property
    def device(self) -> str:
        """Its MAC address."""
        return self.machine.mac

    @property
    def manner(self) -> Manner:
        """How it opens connections: its resolver, and IPv6 where it has that."""
        return Manner(resolver=self.model.resolver, v6=self.v6)

    def dice(self, *purpose: object) -> Random:
        """Return the dice for one purpose of this speaker."""
        return self.stage.dice(self.name, *purpose)

    def connect(self, time: float) -> float:
        """Open the voice flow anew, names and all; return when it stands."""
        if self.flow is None:
            return time
        self.flow.close(time)
        manner = replace(self.manner, sni=self.voice.sni, tls13=self.voice.tls13, alpn=self.voice.alpn)
        self.flow, ready = self.stage.net.open(self.machine, self.voice.host, time + 0.5, manner)
        return ready

    def speak(self, time: float, seconds: float, *, dump: bool = True) -> Spoken:
        """Upload ``seconds`` of voice from ``time`` on, with what was recorded before if ``dump``."""
        dice = self.dice("speak", time)
        if self.flow is None:
            return self._speak_quic(time, seconds, dice)
        header_ends = self._request(self.flow, time, dice)
        beat_begins = self._dump(self.flow, header_ends, dice) if dump else header_ends + 0.02
        if seconds > EVENT_AFTER[1] and self.model.vendor == "amazon":
            self._event(self.flow, time + dice.uniform(*EVENT_AFTER), dice)
        end = self._beat(self.flow, beat_begins, time + seconds, dice)
        for length in self.voice.end:
            end += 0.0004
            self.flow.write(end, self.stage.noise.record(length))
        return Spoken(time, end, self.flow.remote.address, self.flow.device.port)

    def reply(self, end: float) -> float:
        """Let the cloud answer an upload that ended at ``end``; return when its last byte has come."""
        dice = self.dice("reply", end)
        if self.flow is None:
            return end
        time = end + dice.triangular(REPLY_AFTER[0], REPLY_AFTER[2], REPLY_AFTER[1])
        for length in (375, 661, 401):
            self.flow.write(end + dice.uniform(0.01, 0.25), self.stage.noise.record(length), up=False)
        left = dice.randint(15_000, 60_000)
        while left > 0:
            self.flow.write(time, self.stage.noise.record(min(left, 16408)), up=False)
            left -= 16408
            time += dice.uniform(0.005, 0.06)
        if self.model.vendor == "amazon":
            self._event(self.flow, time + dice.uniform(0.2, 0.5), dice)
        return time

    def hang_up(self, end: float) -> None:
        """Let the cloud refuse an upload that ended at ``end``: a short answer and no more."""
        if self.flow is not None:
            self.flow.write(end + 0.03, self.stage.noise.record(286), up=False)

    def _request(self, flow: Connection, time: float, dice: Random) -> float:
        noise = self.stage.noise
        for length in self.voice.header:
            flow.write(time, noise.record(length))
            time += dice.uniform(0.0002, 0.0008)
        flow.write(time, noise.record(dice.randint(*self.voice.context)))
        return time + 0.0004

    def _event(self, flow: Connection, time: float, dice: Random) -> None:
        time = self._request(flow, time, dice)
        for length in (77, 33):
            flow.write(time, self.stage.noise.record(length))
            time += dice.uniform(0.0002, 0.003)

    def _dump(self, flow: Connection, time: float, dice: Random) -> float:
        """Send what was recorded before the upload began, in a few writes; return when the beat may begin."""
        left = dice.randint(*self.voice.dump)
        ends = time + dice.uniform(*self.voice.dump_seconds)
        pieces = max(1, -(-left // self.voice.dump_record))
        for moment in sorted(dice.uniform(time, ends) for _ in range(pieces)):
            flow.write(moment, self.stage.noise.record(min(left, self.voice.dump_record)))
            left -= self.voice.dump_record
        return ends

    def _beat(self, flow: Connection, begin: float, end: float, dice: Random) -> float:
        codec = self.voice.codec
        if codec is None:
            return end
        time, last, least, most = begin, begin, *codec.record
        while time < end:
            late = min(dice.expovariate(1 / codec.late), LATEST * codec.late)
            last = max(time + late, last + 0.0002)
            flow.write(last, self.stage.noise.record(least if least == most else dice.randint(least, most)))
            time += codec.beat
        return max(last, end)

    def _speak_quic(self, time: float, seconds: float, dice: Random) -> Spoken:
        stage, voice = self.stage, self.voice
        flow, _ = stage.net.open_quic(self.machine, voice.host, time - 0.1, self.manner)
        rate = dice.triangular(QUIC_RATE[0], QUIC_RATE[2], QUIC_RATE[1])
        now, end = time, time + seconds
        while now < end:
            left = rate * QUIC_TICK * dice.uniform(0.6, 1.4)
            while left > 60:
                size = int(min(left, dice.choice((1250, 1250, 1250, 800))))
                flow.write(now, b"\x52" + stage.noise.take(size))
                left -= size
                now += 0.0003
            if dice.random() < 0.4:
                flow.write(now + 0.02, b"\x41" + stage.noise.take(dice.choice((28, 30, 400))), up=False)
            now += QUIC_TICK * dice.uniform(0.7, 1.2)
        for after in range(dice.randint(8, 16)):  # the reply: 0.08 to 0.32 of what went up
            flow.write(end + 0.3 + after * 0.01, b"\x41" + stage.noise.take(1249), up=False)
            flow.write(end + 0.302 + after * 0.01, b"\x52" + stage.noise.take(29))
        flow.close()
        return Spoken(time, now, flow.remote.address, flow.device.port)
