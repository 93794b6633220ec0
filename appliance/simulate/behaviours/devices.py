# SPDX-License-Identifier: GPL-2.0-or-later
"""The household's other devices: they keep the network busy with the web, backups, calls and a shell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from random import Random

from appliance.simulate.behaviours.aftermath import TOLD, bulk_size
from appliance.simulate.chance import count
from appliance.simulate.home import Machine, mac
from appliance.simulate.network import Manner
from appliance.simulate.remotes import address
from appliance.simulate.stage import Stage


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is no speaker, with the stage it acts on."""

    stage: Stage
    name: str
    machine: Machine

    def dice(self, *purpose: object) -> Random:
        """Return the dice for one purpose of this device."""
        return self.stage.dice(self.name, *purpose)

    def manner(self, *, v6: bool = False) -> Manner:
        """Return how it opens connections."""
        return Manner(v6=v6, tls13=True, alpn=("h2",), bulk=True)


Play = Callable[[Device, float], None]
Habit = tuple[str, Play, float]  # which device, what it does, how often a day


def household_devices(stage: Stage) -> dict[str, Device]:
    """Return the household's other devices by name."""
    ouis = {"laptop": "8c:85:90", "phone": "f0:99:b6", "disk": "00:11:32", "camera": "2c:aa:8e"}
    return {
        name: Device(stage, name, Machine(mac(oui, name), f"192.168.1.{100 + number}", stage.net.link(name), 50000))
        for number, (name, oui) in enumerate(ouis.items())
    }


def plan(devices: dict[str, Device], habits: Iterable[Habit], behaviour: str, day: float) -> None:
    """Put a day's habits on the stage, under the name of the behaviour that they belong to."""
    for name, play, a_day in habits:
        device = devices[name]
        dice = device.dice("habits", play.__name__, day)
        for _ in range(count(dice, a_day * device.stage.scenario.rates[behaviour])):
            start = day + dice.uniform(7, 23) * 3600
            device.stage.at(start, behaviour, partial(play, device, start))


def browse(device: Device, start: float) -> None:
    """Read some web pages, half of them over QUIC."""
    dice, stage = device.dice("browse", start), device.stage
    for page in range(dice.randint(2, 8)):
        time, host = start + page * dice.uniform(5, 40), f"www.site{dice.randint(1, 400)}.example"
        if dice.random() < 0.5:
            quic_page(device, host, time, dice)
            continue
        manner = device.manner(v6=stage.wants("ipv6") and dice.random() < 0.5)
        flow, ready = stage.net.open(device.machine, host, time, manner)
        for _ in range(dice.randint(1, 12)):
            flow.write(ready, stage.noise.record(dice.randint(60, 700)))
            for part in range(dice.randint(1, 8)):
                flow.write(ready + 0.04 + part * 0.003, stage.noise.record(dice.randint(500, 16_408)), up=False)
            ready += dice.uniform(0.05, 0.6)
        flow.close(ready + dice.uniform(1, 20))


def quic_page(device: Device, host: str, time: float, dice: Random) -> None:
    """Fetch one page over QUIC."""
    stage = device.stage
    flow, ready = stage.net.open_quic(device.machine, host, time, device.manner())
    for _ in range(dice.randint(1, 10)):
        flow.write(ready, b"\x52" + stage.noise.take(dice.randint(60, 500)))
        for part in range(dice.randint(4, 80)):
            flow.write(ready + 0.03 + part * 0.0004, b"\x41" + stage.noise.take(1249), up=False)
            if part % 3 == 0:
                flow.write(ready + 0.032 + part * 0.0004, b"\x52" + stage.noise.take(dice.randint(29, 45)))
        ready += dice.uniform(0.1, 0.8)
    flow.close()


def backup(device: Device, start: float) -> None:
    """Send photographs or files away, as fast as the line takes them."""
    dice, stage = device.dice("backup", start), device.stage
    flow, time = stage.net.open(device.machine, "backup.cloudstore.example", start, device.manner())
    for _ in range(bulk_size(dice, (300_000, 20_000_000)) // 16_408):
        flow.write(time, stage.noise.record(16_408))
        time += 16_408 / 2_000_000 * dice.uniform(0.7, 1.6)
    flow.close(time + 0.5)
    stage.burst(device.machine.mac, start, time, "bulk")


def photos(device: Device, start: float) -> None:
    """Send some photographs over QUIC."""
    dice, stage = device.dice("photos", start), device.stage
    flow, time = stage.net.open_quic(device.machine, "photos.cloudstore.example", start, device.manner())
    begun, size = time, bulk_size(dice, (200_000, 4_000_000))
    while size > 0:
        flow.write(time, b"\x52" + stage.noise.take(1249))
        if dice.random() < 0.3:
            flow.write(time + 0.02, b"\x41" + stage.noise.take(30), up=False)
        size -= 1250
        time += 1250 / 1_500_000
    flow.close()
    stage.burst(device.machine.mac, begun, time, "bulk")


def video_call(device: Device, start: float) -> None:
    """Meet by video: sound every 20 ms and pictures between, both ways."""
    dice, stage = device.dice("video", start), device.stage
    remote = address("media.meetings.example")
    flow = stage.net.datagrams(device.machine, remote, 3478)
    time, end = start, start + dice.uniform(60, 400)
    while time < end:
        for up in (True, False):
            flow.write(time + dice.uniform(0, 0.005), b"\x80" + stage.noise.take(dice.randint(80, 160)), up=up)
            if dice.random() < 0.6:
                flow.write(time + dice.uniform(0, 0.019), b"\x80" + stage.noise.take(dice.randint(700, 1150)), up=up)
        time += 0.02
    flow.close()
    stage.burst(device.machine.mac, start, end, "video_call")


def shell(device: Device, start: float) -> None:
    """Type into a remote shell: one small packet a key, and its echo."""
    dice, stage = device.dice("shell", start), device.stage
    flow = stage.net.connection(device.machine, "shell.work.example", device.manner(), port=22)
    time = flow.open(start)
    for _ in range(dice.randint(100, 800)):
        flow.write(time, stage.noise.take(36))
        flow.write(time + 0.03, stage.noise.take(dice.choice((36, 36, 36, 120, 800))), up=False)
        time += dice.choice((dice.uniform(0.08, 0.3), dice.uniform(0.08, 0.3), dice.uniform(0.5, 9)))
    flow.close(time)


def upload_form(device: Device, start: float) -> None:
    """Send one small document, in a burst of 5 to 60 kB."""
    dice, stage = device.dice("form", start), device.stage
    host = f"forms{dice.randint(1, 40)}.example"
    flow, time = stage.net.open(device.machine, host, start, device.manner())
    size = dice.randint(5_000, 60_000)
    for sent in range(0, size, 16_384):
        flow.write(time + sent * 1e-7, stage.noise.record(min(size - sent, 16_384) + 17))
    flow.close(time + 1)
    if size >= TOLD:
        stage.burst(device.machine.mac, start, time + 0.2, "bulk")


HABITS: tuple[Habit, ...] = (
    ("laptop", browse, 22),
    ("laptop", upload_form, 10),
    ("laptop", backup, 2),
    ("laptop", video_call, 0.7),
    ("laptop", shell, 1.5),
    ("phone", browse, 30),
    ("phone", photos, 4),
    ("phone", upload_form, 6),
    ("disk", backup, 1),
)
