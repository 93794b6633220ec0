# SPDX-License-Identifier: GPL-2.0-or-later
"""One upload as far as it is known at one moment, and the questions a ruling asks about what was around it."""

from collections.abc import Iterable

from appliance.events import Loss, Reply, Speech, Upload, Wake
from appliance.judge.memory import Memory
from appliance.rules import VerdictRules


class Scene:
    """An upload, the ears near it, and the window in which its wake word must have been said.

    ``moment`` (seconds since the epoch) is what it is judged for: nothing later counts, however late it is judged. An
    upload that has not ended is judged as one that ran until then.
    """

    def __init__(self, memory: Memory, rules: VerdictRules, upload: Upload, moment: float) -> None:
        until = moment if upload.ended_at is None else upload.ended_at
        self.memory = memory
        self.rules = rules
        self.upload = upload
        self.device = upload.flow.device
        self.start = upload.started_at
        self.seconds = max(0.0, until - self.start)
        self.window = (self.start - rules.called_before_s, self.start + rules.called_after_s)
        self.whole = (self.window[0], max(until, self.window[1]))
        self._moment = moment
        self.near = memory.household.ears_near(self.device)
        self.far = [ear for ear in memory.household.ears if ear not in self.near]

    def wakes(self, ears: Iterable[str], *, own: bool) -> list[Wake]:
        """The wake words in the window that call this device (``own``), or those that do not."""
        return [wake for wake in self.memory.wakes(ears, *self.window) if self.listens(wake) is own]

    def listens(self, wake: Wake) -> bool:
        """Whether the device listens to that word."""
        return self.memory.household.listens(self.device, self.upload.speaker, wake.word)

    def belief(self, wake: Wake) -> float:
        """How surely the wake word was said, and said for this upload, 0..1."""
        sure = self.rules.sure
        early = self.start - wake.time - self.rules.usual_before_s
        span = max(self.rules.called_before_s - self.rules.usual_before_s, 1e-9)
        close = 1.0 - (1.0 - sure.far) * min(1.0, max(0.0, early / span))
        return wake.score * close * (sure.near_miss if wake.near_miss else 1.0)

    def heard_call(self) -> Wake | None:
        """The best wake word that an ear near the device heard."""
        return self.best(self.wakes(self.near, own=True))

    def best(self, wakes: Iterable[Wake]) -> Wake | None:
        """The most believable of the wake words."""
        return max(wakes, key=lambda wake: (self.belief(wake), wake.time, wake.ear, wake.word), default=None)

    def covered(self, span: tuple[float, float]) -> list[str]:
        """The ears near the device that listened through the whole of ``span``."""
        return [ear for ear in self.near if self.memory.covered(ear, *span)]

    def sounds(self) -> list[Speech | Wake]:
        """All that ears near the device heard, from the window's begin to the upload's end."""
        return [*self.memory.speech(self.near, *self.whole), *self.memory.wakes(self.near, *self.whole)]

    def replies(self) -> list[Reply]:
        """The answers that devices near those ears got meanwhile, as far as they were known by the moment."""
        return [
            reply
            for reply in self.memory.replies.between(*self.whole)
            if reply.time <= self._moment and any(self.memory.household.near(ear, reply.device) for ear in self.near)
        ]

    def losses(self) -> list[Loss]:
        """What the capture missed of this device around its start, and since a conversation before could have begun.

        A hole in a flow is reported when nobody fills it, some seconds late.
        """
        since = self.start - self.rules.follow_up_s
        until = min(self._moment, self.window[1] + self.rules.wait_s)
        losses = self.memory.losses.between(since, until)
        return [loss for loss in losses if loss.device in (None, self.device)]

    def blinded(self) -> bool:
        """Whether the losses could hide an upload: any that may be anyone's, or a big enough hole in its own flows."""
        losses = self.losses()
        own = sum(loss.missing for loss in losses if loss.device is not None)
        return any(loss.device is None for loss in losses) or own >= self.rules.gap_bytes

    def missed(self) -> frozenset[str]:
        """The device's wake words, if ears often miss them all."""
        return self.memory.household.missed(self.device, self.upload.speaker)

    def certainty(self) -> float:
        """How sure it is that this was an upload of just this extent, and that its wake word was not said, 0..1."""
        sure = self.rules.sure
        return (
            self.upload.confidence * (sure.lossy if self.losses() else 1.0) * (sure.weak_word if self.missed() else 1.0)
        )
