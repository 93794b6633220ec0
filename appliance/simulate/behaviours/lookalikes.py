# SPDX-License-Identifier: GPL-2.0-or-later
"""What keeps a beat and is no smart speaker's upload: dictation, a meeting over TLS, a camera that films somebody."""

from appliance.simulate.behaviours.devices import Device, Habit

DICTATION = (3.0, 40.0)  #: seconds
DICTATION_BEAT = 0.1  #: seconds between records, as browsers hand out recorded sound
MEETING = (60.0, 200.0)  #: seconds
MEETING_BEAT = 0.02  #: seconds between Opus frames
FILM = (10.0, 60.0)  #: seconds
FILM_BEAT = 1 / 15  #: seconds between pictures


def dictation(device: Device, start: float) -> None:
    """Dictate to a page in the browser: this is voice, and somebody wants it sent."""
    dice, stage = device.dice("dictation", start), device.stage
    flow, time = stage.net.open(device.machine, "speech.dictation.example", start, device.manner())
    begun, end = time, time + dice.uniform(*DICTATION)
    while time < end:
        flow.write(time, stage.noise.record(dice.randint(300, 420)))
        time += DICTATION_BEAT + dice.uniform(-0.01, 0.01)
    flow.close(time + 1)
    stage.burst(device.machine.mac, begun, time, "dictation")


def meeting(device: Device, start: float) -> None:
    """Meet over a relay that speaks TLS, because UDP is blocked somewhere: sound both ways."""
    dice, stage = device.dice("meeting", start), device.stage
    flow, time = stage.net.open(device.machine, "turn.meetings.example", start, device.manner())
    begun, end = time, time + dice.uniform(*MEETING)
    while time < end:
        flow.write(time, stage.noise.record(dice.randint(90, 180)))
        flow.write(time + 0.005, stage.noise.record(dice.randint(90, 180)), up=False)
        time += MEETING_BEAT
    flow.close(time + 1)
    stage.burst(device.machine.mac, begun, time, "meeting")


def film(device: Device, start: float) -> None:
    """Film whoever walks by: a picture every fifteenth of a second."""
    dice, stage = device.dice("film", start), device.stage
    flow, time = stage.net.open(device.machine, "cam.cloudstore.example", start, device.manner())
    begun, end = time, time + dice.uniform(*FILM)
    while time < end:
        flow.write(time, stage.noise.record(dice.randint(1500, 5000)))
        time += FILM_BEAT
    flow.close(time + 1)
    stage.burst(device.machine.mac, begun, time, "film")


HABITS: tuple[Habit, ...] = (("laptop", dictation, 1.0), ("laptop", meeting, 0.4), ("camera", film, 4.0))
