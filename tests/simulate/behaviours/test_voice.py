# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Callable

import pytest

from appliance.simulate.behaviours import voice
from appliance.simulate.lines import Line
from appliance.simulate.scenario import RATES
from appliance.simulate.speaker import Speaker
from tests.simulate.playing import Theatre, calm

BEGIN = 1_781_395_200.0 + 3600
Play = Callable[[Speaker, float], None]


def number(line: Line, key: str) -> float:
    return float(str(line[key]))


def played(play: Play, model: str = "echo", **rates: float) -> tuple[Theatre, Speaker]:
    theatre = Theatre(calm("telemetry", "reports", rates=RATES | rates))
    speaker = theatre.speaker(model)
    play(speaker, BEGIN)
    theatre.play()
    return theatre, speaker


@pytest.mark.parametrize("model", ["echo", "homepod", "home-mini", "unknown-vbr"])
def test_a_command_was_called(model: str) -> None:
    """Its own wake word ends within a second and a half of the upload's start, and the truth says called."""
    theatre, speaker = played(voice.command, model)
    (wake,) = theatre.sounds("wake")
    upload = theatre.truth("upload")[0]
    assert -1.5 < number(wake, "time") - number(upload, "start") < 0.7
    assert wake["word"] in speaker.model.wake_words
    assert (upload["kind"], upload["verdict"], upload["room"]) == ("command", "called", "kitchen")
    assert (wake["ear"], "near_miss" in wake) == ("kitchen-mic", False)


def test_a_follow_up_comes_soon_and_without_wake_word() -> None:
    """It starts within ten seconds of the reply and nobody says the name again."""
    theatre, _ = played(voice.command, follow_ups=1.0)
    first, second = theatre.truth("upload")
    assert second["verdict"] == "follow_up"
    assert 2 < number(second, "start") - number(first, "end") < 11
    assert len(theatre.sounds("wake")) == 1


@pytest.mark.parametrize(
    ("play", "verdict", "least", "most"),
    [
        (voice.false_wake, "false_wake", 0.9, 2.5),
        (voice.unexplained, "unexplained_speech", 3.0, 8.5),
    ],
)
def test_talk_without_wake_word(play: Play, verdict: str, least: float, most: float) -> None:
    """Speech was there when the upload began, no wake word was, and the length parts the two verdicts."""
    theatre, _ = played(play)
    (upload,), (speech,) = theatre.truth("upload"), theatre.sounds("speech")
    assert upload["verdict"] == verdict
    assert least < number(upload, "end") - number(upload, "start") < most
    assert number(speech, "start") < number(upload, "start") < number(speech, "end")
    assert theatre.sounds("wake") == []


def test_silence_makes_no_sound() -> None:
    """Nothing is heard at all."""
    theatre, _ = played(voice.silence)
    assert theatre.sounds() == []
    assert theatre.truth("upload")[0]["verdict"] == "unexplained_silence"


@pytest.mark.parametrize("model", ["echo", "homepod", "home-mini", "unknown-vbr"])
def test_another_wake_word_is_another_vendors(model: str) -> None:
    """The word that was said is none that the speaker listens to."""
    theatre, speaker = played(voice.other_wake, model)
    assert theatre.sounds("wake")[0]["word"] not in speaker.model.wake_words
    assert theatre.truth("upload")[0]["verdict"] == "other_wake"


def test_the_loser_gives_way() -> None:
    """The neighbour uploads within half a second, for little more than one, and no wake word is heard in its room."""
    theatre = Theatre(calm("telemetry", "reports"))
    winner, loser = theatre.speaker(), theatre.speaker("echo-dot-3", "hall", 1)
    winner.rival = loser
    voice.arbitration(winner, BEGIN)
    truth = {line["kind"]: line for line in theatre.truth("upload")}
    lost = truth["arbitration"]
    assert lost["device"] == loser.device
    assert 0 < number(lost, "start") - number(truth["command"], "start") < 0.6
    assert number(lost, "end") - number(lost, "start") < 1.5
    assert {line["ear"] for line in theatre.sounds("wake")} == {"kitchen-mic"}


def test_half_a_wake_word_is_a_near_miss() -> None:
    """Over some tries there are near misses with an upload, which was called, and without one."""
    uploads = []
    for after in range(12):
        theatre = Theatre(calm("telemetry", "reports"))
        voice.near_miss(theatre.speaker(), BEGIN + after)
        (wake,) = theatre.sounds("wake")
        assert wake["near_miss"] is True
        uploads.append([line["verdict"] for line in theatre.truth("upload")])
    assert [] in uploads
    assert ["called"] in uploads


def test_a_muted_speaker_is_silent() -> None:
    """A wake word, no upload, and the truth says which speaker was meant."""
    theatre, speaker = played(voice.muted)
    (truth,) = theatre.truth()
    assert (truth["verdict"], truth["device"]) == ("silent_speaker", speaker.device)
    assert len(theatre.sounds("wake")) == 1


def test_a_gap_falls_on_an_upload() -> None:
    """The capture's gap begins near the upload's start, and the truth says so."""
    theatre, speaker = played(voice.gap)
    ((begin, over),) = speaker.stage.gaps
    upload = theatre.truth("upload")[0]
    assert upload["verdict"] == "capture_gap"
    assert begin < number(upload, "end")
    assert over > number(upload, "start")
