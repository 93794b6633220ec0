# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that makes a speaker upload voice, with the sounds around it and the verdict they demand."""

from ipaddress import ip_address
from random import Random

from appliance.simulate.behaviours.aftermath import after_command, after_upload
from appliance.simulate.sounds import EAR_ERROR, WAKE_BEFORE, WORD, speech, wake
from appliance.simulate.speaker import Speaker, Spoken

COMMAND = (1.6, 4.2, 2.7)  #: seconds: least, most, most often (facts section 4)
UNANSWERED = 0.05  #: share of commands with nothing after the wake word: the speaker gives up after 5.6 to 6.5 s
MINI_COMMAND = (1.4, 2.6, 2.0)  #: seconds of a Home Mini's QUIC upload (facts section 3.4)
FALSE_WAKE = (1.0, 2.1)  #: seconds: the cloud checks the wake word and hangs up
UNEXPLAINED = (3.2, 8.0)  #: seconds: long enough that nobody hung up
LOSER = (0.7, 1.2)  #: seconds that a speaker uploads before it gives way to another
THROUGH_DOORS = 0.5  #: share of arbitrations in which the loser's ear hears the talk, though not the word
FOLLOW_UP_AFTER = (2.5, 8.0)  #: seconds from the reply's last byte: it is played first, then the microphone is open
WORDS = {"amazon": "alexa", "google": "hey google", "apple": "hey siri"}


def tell(speaker: Speaker, spoken: Spoken, kind: str, verdict: str) -> None:
    """Tell the truth about one upload."""
    truth: dict[str, object] = {
        "type": "upload",
        "device": speaker.device,
        "remote": str(ip_address(spoken.remote)),
        "device_port": spoken.device_port,
        "start": round(spoken.start, 6),
        "end": round(spoken.end, 6),
        "kind": kind,
        "verdict": verdict,
        "speaker": speaker.model.family or None,
        "room": speaker.place.room,
    }
    speaker.stage.truth.tell(spoken.start, truth)


def command_seconds(speaker: Speaker, dice: Random) -> float:
    """Return how long somebody's command takes to upload."""
    if speaker.voice.codec is None:
        return dice.triangular(*MINI_COMMAND)
    return dice.uniform(5.6, 6.5) if dice.random() < UNANSWERED else dice.triangular(*COMMAND)


def ask(
    speaker: Speaker, time: float, dice: Random, *, near_miss: bool = False, word: str = ""
) -> tuple[Spoken, float]:
    """Let somebody say the wake word and a command, the upload beginning at ``time``; return it and the reply's end."""
    said = time - dice.uniform(*WAKE_BEFORE)
    heard = said + dice.triangular(*EAR_ERROR)
    spoken = speaker.speak(time, command_seconds(speaker, dice))
    wake(speaker.stage, speaker.ear, heard, word or speaker.model.wake_words[0], near_miss=near_miss)
    speech(speaker.stage, speaker.ear, said - WORD, spoken.end - 0.5)
    replied = speaker.reply(spoken.end)
    after_upload(speaker, spoken.end)
    after_command(speaker, spoken.end)
    return spoken, replied


def command(speaker: Speaker, time: float) -> None:
    """Somebody asks, and perhaps asks again."""
    dice = speaker.dice("command", time)
    spoken, replied = ask(speaker, time, dice)
    tell(speaker, spoken, "command", "called")
    if dice.random() < speaker.stage.scenario.rates["follow_ups"]:
        again = replied + dice.uniform(*FOLLOW_UP_AFTER)
        speaker.stage.at(again - 3, "follow_ups", lambda: follow_up(speaker, again))


def follow_up(speaker: Speaker, time: float) -> None:
    """Somebody asks a second question without the wake word."""
    dice = speaker.dice("follow_up", time)
    spoken = speaker.speak(time, command_seconds(speaker, dice), dump=False)
    speech(speaker.stage, speaker.ear, time - dice.uniform(0.1, 0.6), spoken.end - 0.5)
    speaker.reply(spoken.end)
    after_upload(speaker, spoken.end)
    tell(speaker, spoken, "follow_up", "follow_up")


def near_miss(speaker: Speaker, time: float) -> None:
    """Somebody asks, and our ear hears the wake word only half; or it hears half a one and nothing comes of it."""
    dice = speaker.dice("near_miss", time)
    if dice.random() < 0.5:
        tell(speaker, ask(speaker, time, dice, near_miss=True)[0], "command", "called")
    else:
        wake(speaker.stage, speaker.ear, time, speaker.model.wake_words[0], near_miss=True)
        speech(speaker.stage, speaker.ear, time - 1, time + dice.uniform(0.5, 4))


def muted(speaker: Speaker, time: float) -> None:
    """Somebody calls a speaker whose microphone is off."""
    dice = speaker.dice("muted", time)
    word = speaker.model.wake_words[0]
    wake(speaker.stage, speaker.ear, time, word)
    speech(speaker.stage, speaker.ear, time - WORD, time + dice.uniform(1, 3))
    line: dict[str, object] = {"type": "wake", "ear": speaker.ear, "time": round(time, 3), "word": word}
    speaker.stage.truth.tell(time, {**line, "device": speaker.device, "verdict": "silent_speaker"})


def false_wake(speaker: Speaker, time: float, kind: str = "false_wake", verdict: str = "false_wake") -> None:
    """Talk that was no wake word; the cloud notices."""
    dice = speaker.dice("false_wake", time)
    spoken = speaker.speak(time, dice.uniform(*FALSE_WAKE))
    speech(speaker.stage, speaker.ear, time - dice.uniform(0.8, 4), spoken.end + dice.uniform(-0.2, 3))
    speaker.hang_up(spoken.end)
    after_upload(speaker, spoken.end)
    tell(speaker, spoken, kind, verdict)


def unexplained(speaker: Speaker, time: float, verdict: str = "unexplained_speech") -> None:
    """Talk that was no wake word; nobody notices."""
    dice = speaker.dice("unexplained", time)
    spoken = speaker.speak(time, dice.uniform(*UNEXPLAINED))
    speech(speaker.stage, speaker.ear, time - dice.uniform(0.8, 4), spoken.end + dice.uniform(-0.5, 3))
    speaker.reply(spoken.end)
    after_upload(speaker, spoken.end)
    tell(speaker, spoken, "unexplained_speech", verdict)


def silence(speaker: Speaker, time: float, verdict: str = "unexplained_silence") -> None:
    """An upload though there was nothing to hear."""
    dice = speaker.dice("silence", time)
    spoken = speaker.speak(time, dice.uniform(1.5, 6.0))
    speaker.hang_up(spoken.end)
    after_upload(speaker, spoken.end)
    tell(speaker, spoken, "silence", verdict)


def other_wake(speaker: Speaker, time: float) -> None:
    """Somebody calls another vendor's speaker, and this one answers."""
    dice = speaker.dice("other_wake", time)
    word = dice.choice([word for vendor, word in WORDS.items() if vendor != speaker.model.vendor])
    tell(speaker, ask(speaker, time, dice, word=word)[0], "other_wake", "other_wake")


def arbitration(speaker: Speaker, time: float) -> None:
    """Two speakers of one vendor hear the wake word; the one in the other room gives way."""
    dice = speaker.dice("arbitration", time)
    tell(speaker, ask(speaker, time, dice)[0], "command", "called")
    loser = speaker.rival
    if loser is not None:
        spoken = loser.speak(time + dice.uniform(0.05, 0.5), dice.uniform(*LOSER))
        loser.hang_up(spoken.end)
        if dice.random() < THROUGH_DOORS:
            speech(loser.stage, loser.ear, time - dice.uniform(0.5, 1.5), spoken.end + dice.uniform(0, 3))
        tell(loser, spoken, "arbitration", "arbitration")


def unheard(speaker: Speaker, time: float) -> None:
    """An upload in an outage of the room's ear, which the plan has set: nobody can say whether it was called."""
    dice = speaker.dice("unheard", time)
    if dice.random() < 0.5:
        tell(speaker, ask(speaker, time, dice)[0], "command", "unheard")
    else:
        unexplained(speaker, time, verdict="unheard")


def gap(speaker: Speaker, time: float) -> None:
    """An upload nobody called, of which the capture misses a part."""
    dice = speaker.dice("gap", time)
    begin = time + dice.uniform(-0.3, 0.6)
    speaker.stage.gaps.append((begin, begin + dice.uniform(0.4, 1.2)))
    play = dice.choice((unexplained, silence))
    play(speaker, time, verdict="capture_gap")
