# SPDX-License-Identifier: GPL-2.0-or-later
"""The verdicts, each a small question about a scene; the first that answers rules.

Excuses come first, then what could not be seen, accusations last, and each accusation rests on an ear that heard the
room through the whole window.
"""

from collections.abc import Iterator

from appliance.events import Role, Tell, Wake
from appliance.judge.case import Case, Ruling
from appliance.judge.scene import Scene


def rule(scene: Scene) -> Ruling:
    """Return the first ruling that fits; the last one always does."""
    return next(ruling for question in _QUESTIONS if (ruling := question(scene)) is not None)


def _nobody_listens(scene: Scene) -> Ruling | None:
    """Without any ear in the home nothing can be said but that something was sent."""
    if scene.memory.household.ears:
        return None
    reason = "No ear in this home could have heard its wake word."
    return Ruling("unheard", scene.upload.confidence, reason)


def called_here(scene: Scene) -> Ruling | None:
    """An ear near the speaker heard its name at the right time."""
    wake = scene.heard_call()
    if wake is None or scene.upload.role is Role.CALL:
        return None
    return Ruling("called", scene.upload.confidence * scene.belief(wake), _said(scene, wake), wake=wake, chain=1)


def _call(scene: Scene) -> Ruling | None:
    """Sound both ways: a call, told to nobody if somebody asked for it."""
    if scene.upload.role is not Role.CALL:
        return None
    confidence = scene.upload.confidence
    wake = scene.heard_call() or scene.best(scene.wakes(scene.far, own=True))
    if wake is not None:
        return Ruling("call", confidence, _said(scene, wake), tell=Tell.NOBODY, wake=wake)
    if any(_asked_before(scene, scene.rules.call_after_s)):
        return Ruling("call", confidence, "Somebody called the speaker just before the call.", tell=Tell.NOBODY)
    return Ruling("call", confidence, "Sound went both ways, as in a call; nobody was heard asking for it.")


def _follow_up(scene: Scene) -> Ruling | None:
    """A conversation that somebody began goes on."""
    limit = scene.rules.follow_up_chain
    before = [(case, asked) for case, asked in _asked_before(scene, scene.rules.follow_up_s) if asked.chain <= limit]
    if not before:
        return None
    case, asked = max(before, key=lambda pair: (pair[1].confidence, pair[0].start))
    confidence = min(scene.upload.confidence, asked.confidence) * scene.rules.sure.follow_up
    reason = f"It goes on from an upload {scene.start - case.start:.1f} s earlier that somebody asked for."
    return Ruling("follow_up", confidence, reason, wake=asked.wake, chain=asked.chain + 1)


def _arbitration(scene: Scene) -> Ruling | None:
    """Another speaker was meant, this one heard it too and gave way."""
    rules = scene.rules
    if scene.seconds > rules.arbitration_max_s or not _word_about(scene):
        return None
    for case in scene.memory.docket.between(scene.start - rules.arbitration_s, scene.start + rules.arbitration_s):
        other = Scene(scene.memory, rules, case.upload, case.start)
        wake = other.heard_call() if other.device != scene.device else None
        if wake is not None and scene.listens(wake):
            name = scene.memory.household.name(other.device) or other.device
            confidence = scene.upload.confidence * other.belief(wake) * rules.sure.arbitration
            return Ruling("arbitration", confidence, f"{name} was called at that time, and this was short.", wake=wake)
    return None


def _word_about(scene: Scene) -> bool:
    """Whether any ear heard a word of this speaker's when another may have been called; spares looking at each."""
    rules = scene.rules
    since, until = scene.window[0] - rules.arbitration_s, scene.window[1] + rules.arbitration_s
    return any(scene.listens(wake) for wake in scene.memory.wakes(scene.memory.household.ears, since, until))


def _called_elsewhere(scene: Scene) -> Ruling | None:
    """Doors are open: a wake word heard in another room excuses, but less surely."""
    wake = scene.best(scene.wakes(scene.far, own=True))
    if wake is None:
        return None
    confidence = scene.upload.confidence * scene.belief(wake) * scene.rules.sure.other_room
    return Ruling("called", confidence, f"{_said(scene, wake)} In another room, though.", wake=wake, chain=1)


def _unheard(scene: Scene) -> Ruling | None:
    """No ear heard the room through the whole window, so nothing can be said of what was not heard."""
    if scene.covered(scene.window):
        return None
    reason = "No ear listened there all the time in which its wake word may have been said."
    return Ruling("unheard", scene.upload.confidence, reason)


def _capture_gap(scene: Scene) -> Ruling | None:
    """The capture missed so much that what explains the upload may be missing too."""
    if not scene.blinded():
        return None
    return Ruling("capture_gap", scene.upload.confidence, "The capture missed packets that may explain it.")


def _other_wake(scene: Scene) -> Ruling | None:
    """Only a wake word that is not this speaker's was heard."""
    wake = scene.best(wake for wake in scene.wakes(scene.near, own=False) if not wake.near_miss)
    if wake is None:
        return None
    reason = _said(scene, wake, "Only a name that is not its own")
    return Ruling("other_wake", scene.certainty() * scene.belief(wake), reason, wake=wake)


def _silence(scene: Scene) -> Ruling | None:
    """Nothing was heard at all; half a hearing does not make it silence."""
    if scene.sounds():
        return None
    if scene.covered(scene.whole):
        return Ruling("unexplained_silence", scene.certainty(), "The room was silent from before it began to its end.")
    reason = "Nobody said its name, but no ear listened to the end, so it is not known whether the room was silent."
    return Ruling("unheard", scene.upload.confidence, reason)


def _unexplained(scene: Scene) -> Ruling:
    """Something was heard, and nothing that explains it."""
    if scene.seconds <= scene.rules.false_wake_max_s:
        reason = "Nobody said its name; it was short, as when the cloud checks the wake word and hangs up."
        return Ruling("false_wake", scene.certainty(), reason)
    return Ruling("unexplained_speech", scene.certainty(), "There was sound in the room, but nobody said its name.")


_QUESTIONS = (
    _nobody_listens,
    _call,
    called_here,
    _follow_up,
    _arbitration,
    _called_elsewhere,
    _unheard,
    _capture_gap,
    _other_wake,
    _silence,
    _unexplained,
)


def _asked_before(scene: Scene, within_s: float) -> Iterator[tuple[Case, Ruling]]:
    """Earlier uploads of the device that somebody asked for, and whose conversation may still go on."""
    for case in scene.memory.docket.between(float("-inf"), scene.start):
        if case.device != scene.device or case.upload.key == scene.upload.key or case.ruling is None:
            continue
        if case.ruling.chain and scene.start <= _conversation_end(scene, case) + within_s:
            yield case, case.ruling


def _conversation_end(scene: Scene, case: Case) -> float:
    """When the case's upload, or the reply to it, ended; a running upload has not ended."""
    ended_at = case.latest.ended_at
    if ended_at is None:
        return float("inf")
    answered = (case.start, ended_at + scene.rules.follow_up_s)
    replies = scene.memory.replies.between(*answered)
    own = (reply for reply in replies if reply.device == case.device and reply.started_at >= case.start)
    return max([ended_at, *(reply.ended_at for reply in own)])


def _said(scene: Scene, wake: Wake, whose: str = "Its name") -> str:
    """Say when which ear heard the wake word, and how surely."""
    before = scene.start - wake.time
    when = f"{before:.1f} s before it began" if before >= 0 else f"{-before:.1f} s after it began"
    sure = "perhaps " if wake.near_miss else ""
    return f"{whose}, “{wake.word}”, was {sure}heard by {wake.ear} {when} (score {wake.score:.2f})."
