# SPDX-License-Identifier: GPL-2.0-or-later
"""A minute in which much happens: simulated speakers that talk all at once, and real captures, on one clock."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from math import inf
from pathlib import Path

import numpy as np

from appliance.analysis import Heard, hear
from appliance.capture.frames import Packets
from appliance.events import CAPTURE, Coverage, Speech, Wake
from appliance.simulate.behaviours import presence
from appliance.simulate.behaviours.voice import tell
from appliance.simulate.home import ROUTER_MAC
from appliance.simulate.household import Household
from appliance.simulate.lines import Lines
from appliance.simulate.scenario import HOUSEHOLD, RATES, Scenario
from appliance.simulate.sounds import wake
from appliance.simulate.speaker import Speaker
from appliance.simulate.writer import CaptureWriter
from tests.e2e.player import Chunk, Played, Wire, play
from tests.played import packets_of, part

#: the routers of the simulated home, and of the homes of the real captures
ROUTERS = {int.from_bytes(ROUTER_MAC), 0x703ACB6CC68C, 0x1EF20CCCED1C}

Heards = Wake | Speech | Coverage
Scenes = Callable[[list[Speaker]], None]


def simulated(folder: Path, seconds: float, scenes: Scenes, *without: str) -> Path:
    """Play scenes of one's own, nothing else but what idle speakers do; return the folder as ``simulate`` fills it."""
    folder.mkdir(parents=True)
    rates = dict.fromkeys(RATES, 0.0)
    scenario = Scenario(days=seconds / 86_400, seed=7, speakers=HOUSEHOLD, rates=rates, bulk_snap=0).without(*without)
    with (
        CaptureWriter((folder / "capture.pcapng").open("wb"), "simulated: a busy minute") as writer,
        (folder / "sounds.jsonl").open("w", encoding="utf-8") as sounds,
        (folder / "truth.jsonl").open("w", encoding="utf-8") as truth,
    ):
        told = Lines(sounds), Lines(truth)
        household = Household(scenario, *told)
        scenes(household._speakers)
        for _, rows in household.slices():
            writer.write(rows)
        for lines in told:
            lines.flush(inf)
    return folder


def at(speaker: Speaker, second: float, scene: Callable[[Speaker, float], None]) -> None:
    """Put a scene on the stage, so many seconds after the begin."""
    moment = speaker.stage.scenario.start + second
    speaker.stage.at(max(moment - 6, speaker.stage.scenario.start), "commands", lambda: scene(speaker, moment))


def arrive(speakers: Sequence[Speaker]) -> None:
    """Let speakers show themselves, and open their voice flow, one after the other in the first seconds."""
    for number, speaker in enumerate(speakers):
        at(speaker, 0.5 + 0.2 * number, presence.boot if number == 0 else presence.announce)
        if number:
            at(speaker, 1.5 + 0.2 * number, presence.reconnect)


def arrive_and_talk(speakers: Sequence[Speaker]) -> None:
    """Let speakers arrive, and each be called every eight seconds, all in turn, as long as the play is."""
    arrive(speakers)
    scenario = speakers[0].stage.scenario
    for number, speaker in enumerate(speakers):
        for second in np.arange(4 + 8 * number / len(speakers), scenario.end - scenario.start - 4, 8):
            at(speaker, float(second), called)


def called(speaker: Speaker, time: float) -> None:
    """Somebody asks for something short."""
    dice = speaker.dice("short", time)
    wake(speaker.stage, speaker.ear, time - 0.4, speaker.model.wake_words[0])
    spoken = speaker.speak(time, dice.uniform(2.0, 2.6))
    tell(speaker, spoken, "command", "called")


@dataclass
class Minute:
    """Frames to play and what ears hear meanwhile; the first frame is due when the minute begins."""

    packets: Packets
    heard: Heard
    truth: list[tuple[str, float]]  #: device and start of each upload

    def moved(self, begin: float) -> "Minute":
        """Return the same as it happens from ``begin`` on, in steady seconds."""
        first = int(self.packets.time[0])
        time = self.packets.time - first + round(begin * 1e9)
        by = begin - first / 1e9
        heard = self.heard._replace(sounds=[_moved(fact, by) for fact in self.heard.sounds])
        return Minute(replace(self.packets, time=time), heard, [(device, start + by) for device, start in self.truth])

    def chunks(self) -> Iterator[Chunk]:
        """Yield what a player takes, second by second; frames of routers come from the world."""
        packets = self.packets
        sources = [int.from_bytes(packets.buffer[at + 6 : at + 12].tobytes()) for at in packets.at.tolist()]
        side = np.isin(np.array(sources, np.uint64), np.array(sorted(ROUTERS), np.uint64)).astype(np.int64)
        seconds = (packets.time - packets.time[0]) // 1_000_000_000
        begins = np.flatnonzero(np.diff(seconds, prepend=-1)).tolist()
        for begin, end in pairwise([*begins, len(side)]):
            yield Chunk(part(packets, begin, end), side[begin:end])


def minute(folder: Path) -> Minute:
    """Return a simulated minute; what its sounds say of the capture is left out: we have one."""
    heard = hear(folder / "sounds.jsonl")
    ears = [fact for fact in heard.sounds if not (isinstance(fact, Coverage) and fact.source == CAPTURE)]
    lines = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    truth = [(line["device"], line["start"]) for line in lines if line["type"] == "upload"]
    return Minute(sent(packets_of(folder / "capture.pcapng")), heard._replace(sounds=ears), truth)


def sent(packets: Packets) -> Packets:
    """Return packets as they go by a wire: what was cut off is not there."""
    order = np.argsort(packets.time, kind="stable")
    at, captured, time = packets.at[order], packets.captured[order], packets.time[order]
    return replace(packets, at=at, captured=captured, wire=captured, time=time)


def together(first: Minute, *captures: Packets) -> Minute:
    """Return a minute in which captures happen too, all from its begin on."""
    parts = [first.packets, *map(sent, captures)]
    begins = np.cumsum([0, *(len(part.buffer) for part in parts[:-1])])
    start = first.packets.time[0]
    joined = Packets(
        np.concatenate([part.buffer for part in parts]),
        np.concatenate([part.at + begin for part, begin in zip(parts, begins, strict=True)]),
        np.concatenate([part.captured for part in parts]),
        np.concatenate([part.wire for part in parts]),
        np.concatenate([part.time - part.time[0] + start for part in parts]),
        first.packets.link,
    )
    return Minute(sent(joined), first.heard, first.truth)


class Playing:
    """Plays a minute at its own speed in a thread."""

    def __init__(self, played: Minute, wires: Sequence[Wire], begin: int) -> None:
        """Take wires, to be closed at the end, and when to begin, in nanoseconds of CLOCK_BOOTTIME."""
        self._chunks = played.chunks()
        self._wires = wires
        self._stopped = False
        self._done = Future[Played]()
        self._thread = threading.Thread(target=self._play, args=(begin,), daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether all was played."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Play no more."""
        self._stopped = True
        self.finish()

    def finish(self) -> Played:
        """Wait for its end. Raises OSError if its wires ended before."""
        self._thread.join()
        for wire in self._wires:
            wire.close()
        return self._done.result(0)

    def _play(self, begin: int) -> None:
        chunks = takewhile(lambda _: not self._stopped, self._chunks)
        try:
            self._done.set_result(play(chunks, self._wires, 1.0, begin))
        except OSError as error:
            self._done.set_exception(error)


def soon(seconds: float = 0.5) -> int:
    """Return a moment to begin at, in nanoseconds of CLOCK_BOOTTIME."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) + round(seconds * 1e9)


def _moved(fact: Heards, by: float) -> Heards:
    if isinstance(fact, Wake):
        return replace(fact, time=fact.time + by)
    return replace(fact, time=fact.time + by, ended_at=fact.ended_at + by)
