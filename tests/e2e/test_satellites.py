# SPDX-License-Identifier: GPL-2.0-or-later
"""A satellite in another room: what is said to it, through an outage too, ends in the hub's verdicts."""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from appliance.clocks import read_clocks
from appliance.ears.engine import RATE, Samples
from appliance.events import Service, Verdict, Wake
from appliance.ledger.rows import COVERAGES, WAKE
from appliance.simulate.speaker import Speaker
from appliance.speakers.registry import Registry
from tests.e2e.house import EARWITNESS, Appliance, House, until
from tests.e2e.minute import Playing, arrive, at, minute, simulated, soon
from tests.e2e.satellite import Satellite, serving
from tests.ears.sounds import quiet, say
from tests.microphones import VirtualMicrophone

#: What is said when, in seconds, each ending then, and what is sent half a second later by whom, and its verdict.
PLAY = [
    (5.5, "Computer", "Kitchen Echo", "called"),
    (12.5, "", "Bedroom Echo", "unexplained_silence"),
    (24.5, "Computer", "Kitchen Echo", "unheard"),  # while the satellite cannot reach the hub
    (43.5, "Computer", "Kitchen Echo", "called"),
]
CUT_OFF_S = (19.5, 34.0)
SENT_S = 3.5
ECHOES = ("Kitchen Echo", "Bedroom Echo", "Nova", "Living room Dot")


class Told(NamedTuple):
    """What became of the play."""

    appliance: Appliance
    satellite: Satellite
    microphone: VirtualMicrophone
    begin: float  #: steady seconds of the hub
    devices: dict[str, str]  #: MAC address by name
    said: Samples
    sent: int  #: bytes that the satellite sent meanwhile
    open: list[str]  #: what it had open


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
def told(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The play, to its end and judged; the satellite's wire is pulled meanwhile, and put back."""
    folder = tmp_path_factory.mktemp("satellites")
    planned = minute(simulated(folder / "play", PLAY[-1][0] + 8, scenes))
    with (
        pytest.MonkeyPatch.context() as patch,
        VirtualMicrophone(folder) as microphone,
        closing(Appliance(folder / "appliance", house.bridge)) as appliance,
    ):
        patch.setenv("ALSA_CONFIG_PATH", str(microphone.config(folder / "asound.conf")))
        serving(appliance)
        devices = furnish(appliance, {getattr(each, "name", ""): each for each in planned.heard.furniture})
        appliance.start(Service.CAPTURE, Service.HUB)
        until("certificates", (appliance.settings.paths.certificates / "hub.pem").exists)
        with closing(Satellite(folder / "satellite", appliance, microphone.name)) as satellite:
            satellite.pair("bedroom")
            satellite.start()
            said, begin, before = sound(), soon(), satellite.sent()
            until("the begin", lambda: read_clocks().boot >= begin)
            microphone.queue(said)
            playing = Playing(planned, house.wires(), begin)
            happens = appliance.steady(begin)
            appliance.wait_until(happens + CUT_OFF_S[0])
            files = [path for paths in satellite.open_files().values() for path in paths]
            with satellite.cut_off():
                appliance.wait_until(happens + CUT_OFF_S[1])
            playing.finish()
            until("all to be judged", lambda: len([v for v in appliance.verdicts() if v.upload]) >= len(PLAY))
            yield Told(appliance, satellite, microphone, happens, devices, said, satellite.sent() - before, files)


def furnish(appliance: Appliance, furniture: dict[str, object]) -> dict[str, str]:
    """Write into the registry which speakers there are; return their addresses by name."""
    devices = {name: str(getattr(furniture[name], "device", "")) for name in ECHOES if name in furniture}
    with closing(Registry(appliance.settings.paths.registry, 0.0)) as registry:
        for name, mac in devices.items():
            registry.correct(mac, {"name": name, "wake_words": ["computer"], "status": "confirmed"})
    return devices


def verdict_at(told: Told, second: float, name: str) -> Verdict:
    """Return the final verdict on what a speaker sent then."""
    (found,) = [
        each
        for each in told.appliance.verdicts()
        if each.upload
        and each.device == told.devices[name]
        and abs(each.upload.started_at - told.begin - second - 0.5) < 1.5
    ]
    return found


@pytest.mark.parametrize(("second", "words", "name", "verdict"), PLAY, ids=[f"{each[3]}-{each[0]}" for each in PLAY])
def test_each_upload_has_its_verdict(told: Told, second: float, words: str, name: str, verdict: str) -> None:
    """What another machine heard counts like what ours does; what it could not tell in time accuses nobody."""
    found = verdict_at(told, second, name)
    assert found.verdict == verdict, (words, found.evidence)
    if verdict == "called":
        assert found.wake is not None
        assert found.wake.ear == "bedroom/mic"


def test_words_have_the_hubs_time(told: Told) -> None:
    """Each word has the time of its end by the hub's clock, from which the satellite's is five hours off."""
    words = [fact for fact in told.appliance.facts(WAKE) if fact.word == "computer" and not fact.near_miss]
    said = [second for second, spoken, *_ in PLAY if spoken]
    assert [each.time - told.begin for each in words] == pytest.approx(said, abs=0.7)


def test_an_outage_loses_nothing(told: Told) -> None:
    """What was heard meanwhile came when the wire was back; in the end the coverage has no gap."""

    def covered() -> float:
        stretches = [each for each in told.appliance.facts(COVERAGES[Service.EARS]) if each.source == "bedroom/mic"]
        gaps = [after.time - before.ended_at for before, after in pairwise(stretches)]
        assert all(gap < 0.1 for gap in gaps), gaps
        return stretches[-1].ended_at - told.begin if stretches else 0.0

    until("the coverage of the outage", lambda: covered() > CUT_OFF_S[1])


def test_sound_goes_nowhere(told: Told) -> None:
    """No file of the satellite has any of what was said, it has one socket, and sends far less than sound would be."""
    marks = [told.said[at : at + 40].tobytes() for at in loudest(told.said)]
    for path in (each for each in told.satellite.folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        assert not any(mark in content for mark in marks), path
    ours = re.compile(rf"{re.escape(str(told.satellite.folder))}/ears\.log$")
    programs = re.compile(r"pipe:\[\d+\]|/dev/(null|full|urandom)|anon_inode:.*|.*/virtual\.pipe|.*\.(ppn|tflite|onnx)")
    others = [each for each in told.open if not ours.match(each) and not programs.fullmatch(each)]
    assert [each for each in others if not each.startswith("socket:")] == []
    assert len(others) <= 2  # its line to the hub, and perhaps one of systemd's
    assert told.sent < told.said.size * 2 / 8, "bytes; as sound it would have been eight times as many at least"


def test_a_hub_that_is_killed(told: Told) -> None:
    """What is said while it is dead is in its ledger when it is back, once, and with the right time."""
    told.appliance.kill(Service.HUB)
    ended_at = told.microphone.say(say("Computer"))
    until("the satellite to miss the hub", lambda: "does not answer" in told.satellite.state())
    told.appliance.start(Service.HUB)
    heard = [fact.time for fact in until("the word to be told", lambda: after(told, ended_at))]
    assert heard == pytest.approx([told.appliance.steady(round(ended_at * 1e9))], abs=0.7)


def after(told: Told, ended_at: float) -> list[Wake]:
    """Return the words that the ledger has from shortly before a moment of CLOCK_BOOTTIME on."""
    since = told.appliance.steady(round((ended_at - 5) * 1e9))
    return [fact for fact in told.appliance.facts(WAKE) if not fact.near_miss and fact.time > since]


def test_one_that_is_revoked_is_told_nothing_and_heard_no_more(told: Told) -> None:
    """Its token is worth nothing from then on, it says so, and it is no ear of the home any more."""
    command = f"ears --settings {told.appliance.file} revoke bedroom"
    told.appliance.namespace.run(f"{EARWITNESS} {command}")
    until("the satellite to know", lambda: "does not know this satellite" in told.satellite.state())
    until("the hub to forget its ear", lambda: not told.satellite.heard_of())


def loudest(said: Samples) -> list[int]:
    """Return places in what was said where there is sound that can be nothing else."""
    return [int(place) for place in np.flatnonzero(np.abs(said) > 3000)[::2000] if place + 40 < said.size]
