# SPDX-License-Identifier: GPL-2.0-or-later
"""All stages in their order, in one process: frames in, verdicts out. Pure: no file, no clock, no socket."""

from collections.abc import Iterable, Iterator

from appliance.capture.frames import Frames
from appliance.events import CAPTURE, Coverage, Device, Ear, Placement, Sound, Verdict
from appliance.judge import Judge
from appliance.observer import Observed, Observer
from appliance.rules import Rules
from appliance.sightings import Sightings
from appliance.uploads import Recollection

Found = Observed | Verdict


class Pipeline:
    """One household's stages, joined: takes frames and what ears heard, gives facts and verdicts."""

    def __init__(
        self, rules: Rules, furniture: Iterable[Ear | Placement] = (), sounds: Iterable[Sound | Coverage] = ()
    ) -> None:
        """Take the rules, what the household says of its ears and speakers, and what ears heard, in order of time."""
        self.observer = Observer(rules, Sightings().feed)
        self.judge = Judge(rules)
        self._sounds = iter(sounds)
        self._next_sound = next(self._sounds, None)
        self._covered = 0.0
        for fact in furniture:
            self.judge.feed(fact)

    def recall(self, before: Recollection) -> None:
        """Take what was known of a device and its flows before the first frame."""
        self.observer.speakers.recall(before.device)
        self.observer.watcher.recall(before)
        self.judge.feed(before.device)

    def feed(self, frames: Frames) -> Iterator[Found]:
        """Take the next chunk of frames and yield what it made known."""
        yield from self._judge(self.observer.feed(frames))
        if len(frames):
            now = self.observer.now
            since = self._covered or float(frames.packets.time.min()) / 1e9
            yield from self.judge.feed(Coverage(since, now, CAPTURE))
            yield from self._judge_until(now)
            self._covered = now

    def finish(self) -> Iterator[Found]:
        """Yield what the end of the capture leaves: open uploads completed, every upload judged."""
        yield from self._judge(self.observer.finish())
        yield from self._judge_until(float("inf"))
        yield from self.judge.finish()

    def devices(self) -> list[Device]:
        """Return every device of the house, also those that showed nothing of themselves."""
        return self.observer.devices()

    def shed(self) -> dict[str, int]:
        """What bounds turned away or forgot, in words, and how many."""
        return self.observer.shed() | {what: count for what, count in self.judge.shed().items() if count}

    def _judge(self, facts: Iterable[Observed]) -> Iterator[Found]:
        for fact in facts:
            yield fact
            if not isinstance(fact, Device):
                yield from self._judge_until(fact.time)
            yield from self.judge.feed(fact)

    def _judge_until(self, time: float) -> Iterator[Verdict]:
        while self._next_sound is not None and self._next_sound.time <= time:
            yield from self.judge.advance(self._next_sound.time)
            yield from self.judge.feed(self._next_sound)
            self._next_sound = next(self._sounds, None)
        yield from self.judge.advance(time)
