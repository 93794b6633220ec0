# SPDX-License-Identifier: GPL-2.0-or-later
"""What a verdict rests on, as figures for programs and sentences for people. The keys are a contract."""

from collections.abc import Iterator

from appliance.events import Evidence, Proof, Speech, Upload, Wake
from appliance.judge.coverage import names_only
from appliance.judge.scene import Scene

_PROOFS = {
    Proof.SNI: "the connection itself said so",
    Proof.DNS: "the device had asked for this name",
    Proof.LEARNT: "the connection behaves like its voice connection",
    Proof.OWNER: "by the owner of the address",
    Proof.NONE: "known by its shape alone",
}


def figures(upload: Upload) -> Iterator[Evidence]:
    """What went where, for how long, and why it is taken for voice."""
    yield Evidence("bytes_up", upload.bytes_up, f"{upload.bytes_up:,} bytes went up.")
    if upload.ended_at is not None:
        seconds = round(upload.ended_at - upload.started_at, 3)
        yield Evidence("seconds", seconds, f"It lasted {seconds:.1f} s.")
    else:
        yield Evidence("seconds", None, "It was still going on.")
    where = upload.host or f"{upload.flow.remote}:{upload.flow.remote_port}"
    yield Evidence("destination", where, f"It went to {where}.")
    yield Evidence("host_by", upload.host_by.value, f"How that is known: {_PROOFS[upload.host_by]}.")
    detectors = ", ".join(upload.detectors) or "nothing"
    yield Evidence("detectors", detectors, f"Taken for voice by: {detectors} ({upload.confidence:.0%} sure).")


def surroundings(scene: Scene) -> Iterator[Evidence]:
    """What the household, its ears and the capture know of the upload's time and place."""
    yield from _identity(scene)
    yield from _wake_words(scene)
    yield from _sound(scene)
    yield from _coverage(scene)
    yield from _losses(scene)


def _identity(scene: Scene) -> Iterator[Evidence]:
    household = scene.memory.household
    speaker = scene.upload.speaker or household.speaker(scene.device)
    if speaker is not None:
        yield Evidence("speaker", speaker, f"The device is known as {speaker}.")
    elif household.recognised(scene.upload):
        yield Evidence("speaker", None, "The household says that the device is a speaker.")
    else:
        yield Evidence("speaker", None, "The device is not known to be a speaker.")
    if room := household.room(scene.device):
        yield Evidence("room", room, f"It stands in: {room}.")


def _wake_words(scene: Scene) -> Iterator[Evidence]:
    own = scene.best(scene.wakes([*scene.near, *scene.far], own=True))
    other = scene.best(scene.wakes(scene.near, own=False))
    if missed := scene.missed():
        names = ", ".join(f"“{word}”" for word in sorted(missed))
        yield Evidence("weak_word", names, f"Ears often miss {names} across a noisy room: enrol it.")
    if own is not None:
        key = "near_miss" if own.near_miss else "wake_score"
        yield Evidence(key, round(own.score, 3), _heard(scene, own, "Its wake word"))
    if other is not None:
        yield Evidence(
            "other_wake_score", round(other.score, 3), _heard(scene, other, "A wake word that is not its own")
        )


def _heard(scene: Scene, wake: Wake, which: str) -> str:
    sure = "perhaps " if wake.near_miss else ""
    offset = wake.time - scene.start
    return f"{which}, “{wake.word}”, was {sure}heard by {wake.ear} at {offset:+.1f} s, score {wake.score:.2f}."


def _sound(scene: Scene) -> Iterator[Evidence]:
    if not scene.near:
        return
    speech = [sound for sound in scene.sounds() if isinstance(sound, Speech)]
    if not speech:
        yield Evidence("sound", "none", "No speech was heard near it.")
        return
    kind = "speech" if any(sound.kind == "speech" for sound in speech) else "other"
    yield Evidence(
        "sound", kind, "Speech was heard near it." if kind == "speech" else "Sound, not clearly speech, was heard."
    )
    levels = [sound.level for sound in speech if sound.level is not None]
    if levels:
        yield Evidence("sound_level", round(max(levels), 1), f"The loudest was at {max(levels):.1f} dBFS.")
    yield from _own_voices(scene, speech)


def _own_voices(scene: Scene, heard: list[Speech]) -> Iterator[Evidence]:
    """Say which speakers near the ears were being answered while something was heard: it may be they who talked.

    What else a loudspeaker plays nobody can tell from people here, and that is said, not guessed.
    """
    household = scene.memory.household
    answered = [
        (reply, _shared([(sound.time, sound.ended_at) for sound in heard], reply.started_at, reply.ended_at))
        for reply in scene.replies()
    ]
    talking = {household.name(reply.device) or reply.device for reply, seconds in answered if seconds > 0}
    all_s = sum(sound.ended_at - sound.time for sound in heard)
    own_s = min(all_s, sum(seconds for _, seconds in answered))
    if talking:
        names = ", ".join(sorted(talking))
        yield Evidence("speaker_talked", names, f"It may have been a speaker that talked: {names} was being answered.")
        share = f"Of {all_s:.1f} s of sound, {own_s:.1f} s were heard while it was."
        yield Evidence("speaker_talked_s", round(own_s, 1), share)
    if own_s < all_s:
        doubt = "Whether people made it, or music and television, is not known: ears cannot tell them apart."
        yield Evidence("playback", "unknown", doubt)


def _shared(spans: list[tuple[float, float]], since: float, until: float) -> float:
    """Return how many seconds of ``spans`` lie between two moments."""
    return sum(max(0.0, min(end, until) - max(start, since)) for start, end in spans)


def _coverage(scene: Scene) -> Iterator[Evidence]:
    coverage = scene.memory.coverage
    if not scene.near:
        yield Evidence("coverage", 0.0, "No ear hears this room.")
        return
    if told := [ear for ear in scene.near if names_only(ear)]:
        who = ", ".join(sorted(told))
        yield Evidence("names_only", who, f"Tells only the names that it heard, and proves no silence: {who}.")
    share, ear = max((coverage.share(ear, *scene.window), ear) for ear in scene.near)
    seconds = scene.window[1] - scene.window[0]
    yield Evidence(
        "coverage", round(share, 3), f"Of the {seconds:.0f} s around its start, {ear} listened to {share:.0%}."
    )
    lost = coverage.lost(scene.near, *scene.whole)
    if lost:
        yield Evidence("ear_lost", lost, f"Ears near it lost {lost} pieces of sound at that time.")


def _losses(scene: Scene) -> Iterator[Evidence]:
    losses = scene.losses()
    missing = sum(loss.missing for loss in losses)
    what = ", ".join(sorted({loss.what for loss in losses}))
    text = f"The capture lost {missing:,} ({what}) around it." if losses else "The capture lost nothing around it."
    yield Evidence("lost", missing, text)
