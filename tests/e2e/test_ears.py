# SPDX-License-Identifier: GPL-2.0-or-later
"""Ears, capture and hub at a bridge: what is said to a microphone, and what speakers send, end in verdicts."""

import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from appliance.clocks import read_clocks
from appliance.ears.engine import RATE, Samples
from appliance.events import Service, Tell, Verdict, Wake
from appliance.ledger.rows import COVERAGES, FINDINGS, WAKE
from appliance.simulate.speaker import Speaker
from appliance.speakers.registry import Registry
from tests.e2e.house import Appliance, House, until
from tests.e2e.minute import Minute, Playing, arrive, at, minute, simulated, soon
from tests.ears.sounds import quiet, say
from tests.microphones import VirtualMicrophone

#: What is said when, in seconds, each ending then, and what is sent half a second later by whom, and its verdict.
PLAY = [
    (5.5, "Computer", "Kitchen Echo", "called"),
    (13.5, "Alexa", "Living room Dot", "called"),  # a near miss, by the rules below
    (21.5, "OK Google", "HomePod", "other_wake"),
    (33.5, "please close the window, it is raining", "Bedroom Echo", "unexplained_speech"),
    (45.5, "", "Kitchen Echo", "unexplained_silence"),
    (52.5, "Computer", "Bedroom Echo", "unheard"),  # the service is killed in the middle of the word
    (68.5, "", "Living room Dot", "unheard"),
]
KILLED_S = 52.2
UNPLUGGED_S = 60.0
WORDS = dict.fromkeys(["Kitchen Echo", "Bedroom Echo", "Nova"], "computer") | {
    "Living room Dot": "alexa",
    "HomePod": "hey siri",
    "Hall Mini": "ok google",
}
SENT_S = 3.5
TOLD = {"unexplained_speech": Tell.ALERT, "unexplained_silence": Tell.URGENT, "called": Tell.NOBODY}
#: One engine alone listens for "Alexa", and what it hears is a near miss.
RULES = """
wake:
- {id: alexa-porcupine, word: nobody, engine: porcupine, model: alexa, sensitivities: [0.5], near_miss: 1.0, heard: 1.0,
   sure: 0.9, latency_s: 0.2, licence: none, source: test}
- {id: alexa-head, word: nobody, engine: head, model: alexa, near_miss: 1.0, heard: 1.0,
   sure: 0.9, latency_s: 0.2, licence: none, source: test}
- {id: alexa-micro, word: alexa, engine: microwakeword, model: alexa, near_miss: 0.1, heard: 1.0,
   sure: 0.9, latency_s: 0.2, licence: none, source: test}
"""


class Heard(NamedTuple):
    """What became of the play."""

    appliance: Appliance
    microphone: VirtualMicrophone
    begin: float  #: steady seconds
    devices: dict[str, str]  #: MAC address by name
    said: Samples


def scenes(speakers: list[Speaker]) -> None:
    """Let speakers send what PLAY says."""
    arrive(speakers)
    by_name = {each.place.name: each for each in speakers}
    for second, _, name, _ in PLAY:
        at(by_name[name], second + 0.5, send)


def send(speaker: Speaker, time: float) -> None:
    """Let a speaker send voice."""
    speaker.speak(time, SENT_S)


def sound() -> Samples:
    """Return what is said, in a quiet room."""
    whole = quiet(PLAY[-1][0])
    for second, words, *_ in PLAY:
        spoken = say(words) if words else quiet(0)
        whole[round(second * RATE) - spoken.size : round(second * RATE)] = spoken
    return whole


@pytest.fixture(scope="module")
def heard(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """The play, to its end and judged."""
    folder = tmp_path_factory.mktemp("ears")
    planned = minute(simulated(folder / "play", PLAY[-1][0] + 8, scenes))
    with (
        pytest.MonkeyPatch.context() as patch,
        VirtualMicrophone(folder) as microphone,
        closing(Appliance(folder / "appliance", house.bridge)) as appliance,
    ):
        patch.setenv("ALSA_CONFIG_PATH", str(microphone.config(folder / "asound.conf")))
        devices = furnish(appliance, planned)
        appliance.start(Service.CAPTURE, Service.HUB, Service.EARS)
        until("the ear to listen", lambda: covered(appliance) > 1)
        said, begin = sound(), soon()
        until("the begin", lambda: read_clocks().boot >= begin)
        microphone.queue(said)
        playing = Playing(planned, house.wires(), begin)
        happens = appliance.steady(begin)
        until("the middle of a word", lambda: appliance.steady(read_clocks().boot) > happens + KILLED_S)
        inspect(appliance)
        appliance.kill(Service.EARS)
        appliance.start(Service.EARS)
        until("the plug to be pulled", lambda: appliance.steady(read_clocks().boot) > happens + UNPLUGGED_S)
        (folder / "asound.conf").write_text("")
        unplug(appliance)
        playing.finish()
        until("all to be judged", lambda: len([v for v in appliance.verdicts() if v.upload]) >= len(PLAY))
        yield Heard(appliance, microphone, happens, devices, said)


def furnish(appliance: Appliance, planned: Minute) -> dict[str, str]:
    """Write settings, rules and registry; return the speakers' addresses by name."""
    with appliance.file.open("a", encoding="utf-8") as file:
        file.write('\n[[ears.microphones]]\nname = "kitchen-mic"\ndevice = "virtual"\n')
    appliance.settings.paths.rules.mkdir()
    (appliance.settings.paths.rules / "test.yaml").write_text(RULES)
    devices: dict[str, str] = {}
    with closing(Registry(appliance.settings.paths.registry, 0.0)) as registry:
        for fact in planned.heard.furniture:
            name = getattr(fact, "name", None)
            if name:
                devices[name] = getattr(fact, "device", "")
                registry.correct(devices[name], {"name": name, "wake_words": [WORDS[name]], "status": "confirmed"})
    return devices


def covered(appliance: Appliance) -> float:
    """Return for how many seconds the ear has listened by its status."""
    status = appliance.ears()
    return sum(each.covered_until - each.covered_since for each in status.ears.values()) if status else 0.0


def recorders(service: int) -> list[int]:
    """Return the programs that the ears have read microphones."""
    children = Path(f"/proc/{service}/task/{service}/children").read_text(encoding="ascii").split()
    return [int(pid) for pid in children]


def unplug(appliance: Appliance) -> None:
    """End the program that reads the microphone, as a pulled plug does."""
    (program,) = recorders(appliance.running[Service.EARS].pid)
    os.kill(program, signal.SIGKILL)


def inspect(appliance: Appliance) -> None:
    """While sound is being heard, note what the ears and their children have open."""
    service = appliance.running[Service.EARS].pid
    seen = {
        pid: [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
        for pid in [service, *recorders(service)]
    }
    (appliance.folder / "open.json").write_text(json.dumps([path for paths in seen.values() for path in paths]))


def verdict_at(heard: Heard, second: float, name: str) -> Verdict:
    """Return the final verdict on what a speaker sent then."""
    (found,) = [
        each
        for each in heard.appliance.verdicts()
        if each.upload
        and each.device == heard.devices[name]
        and abs(each.upload.started_at - heard.begin - second - 0.5) < 1.5
    ]
    return found


@pytest.mark.parametrize(("second", "words", "name", "verdict"), PLAY, ids=[f"{each[3]}-{each[0]}" for each in PLAY])
def test_each_upload_has_its_verdict(heard: Heard, second: float, words: str, name: str, verdict: str) -> None:
    """Called, nearly heard, another vendor's word, talk, silence, no ear: each is told for what it is."""
    found = verdict_at(heard, second, name)
    assert found.verdict == verdict, (words, found.evidence)
    if verdict in TOLD:
        assert found.tell is TOLD[verdict]
    if words == "Alexa":
        assert found.wake is not None
        assert found.wake.near_miss
        assert found.confidence < verdict_at(heard, 5.5, "Kitchen Echo").confidence


def test_a_word_that_a_crash_tore_is_a_gap(heard: Heard) -> None:
    """Killed in the middle of a word and started again, the ears say that they did not hear then; nobody is accused."""
    assert verdict_at(heard, 52.5, "Bedroom Echo").tell is Tell.NOTICE
    stretches = [(each.time, each.ended_at) for each in heard.appliance.facts(COVERAGES[Service.EARS])]
    killed = heard.begin + KILLED_S
    assert not any(start < killed + 0.1 < end for start, end in stretches)
    assert any(killed < start < heard.begin + UNPLUGGED_S - 1 for start, _ in stretches)


def test_a_near_miss_is_written_only_near_an_upload(heard: Heard) -> None:
    """Of all that was nearly heard the ledger has what fell near an upload."""
    starts = [each.upload.started_at for each in heard.appliance.verdicts() if each.upload]
    nearly = [fact for fact in heard.appliance.facts(WAKE) if fact.near_miss]
    assert [fact.word for fact in nearly].count("alexa") == 1
    assert all(any(-4.5 < fact.time - start < 8 for start in starts) for fact in nearly)


def test_words_have_their_time(heard: Heard) -> None:
    """A word's time is that of its end, within a few tenths of a second."""
    words: list[Wake] = [
        fact for fact in heard.appliance.facts(WAKE) if fact.word in {"computer", "alexa", "ok google"}
    ]
    for second, word, *_ in PLAY[:3]:
        assert any(abs(each.time - heard.begin - second) < 0.5 for each in words if each.word == word.lower())


def test_losing_the_ear_is_told(heard: Heard) -> None:
    """The gap begins where the plug was pulled, and a finding names the ear within five seconds."""
    until_s = heard.appliance.facts(COVERAGES[Service.EARS])[-1].ended_at - heard.begin
    assert until_s == pytest.approx(UNPLUGGED_S, abs=1.5)
    dead = next(each for each in heard.appliance.facts(FINDINGS[Service.EARS]) if each.kind == "ear-dead")
    assert dead.device == "kitchen-mic"
    assert dead.time - heard.begin - UNPLUGGED_S < 5


def test_sound_is_nowhere(heard: Heard) -> None:
    """No file of the appliance holds any of what was said; the ears had no file of sound open, and no socket."""
    marks = [heard.said[at : at + 40].tobytes() for at in loudest(heard.said)]
    for path in (each for each in heard.appliance.folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        assert not any(mark in content for mark in marks), path
    ours = re.compile(rf"{re.escape(str(heard.appliance.folder))}/(state/ledger/ledger\.sqlite.*|ears\.log)$")
    programs = re.compile(r"pipe:\[\d+\]|/dev/(null|full|urandom)|anon_inode:.*|.*/virtual\.pipe|.*\.(ppn|tflite)")
    for path_open in json.loads((heard.appliance.folder / "open.json").read_text()):
        assert ours.match(path_open) or programs.fullmatch(path_open), path_open


def loudest(said: Samples) -> list[int]:
    """Return places in what was said where there is sound that can be nothing else."""
    return [int(place) for place in np.flatnonzero(np.abs(said) > 3000)[::2000] if place + 40 < said.size]
