# SPDX-License-Identifier: GPL-2.0-or-later
"""What an idle speaker does: pings, timers, announcements, and now and then a boot."""

from functools import partial

from appliance.simulate.behaviours.aftermath import errand, send
from appliance.simulate.home import ROUTER, ROUTER_MAC
from appliance.simulate.lan import dhcp_frames, mdns_frame, ssdp_frame
from appliance.simulate.models import Timer
from appliance.simulate.speaker import Speaker

ANNOUNCED_EVERY = 3600.0  #: seconds between a speaker's mDNS messages; SSDP goes with every second
SYNC_SECONDS = (5.0, 20.0)  #: a HomePod's account sync at boot
SYNC_BEAT = 0.06  #: seconds between its records of 1.5 to 4 kB


def begin(speaker: Speaker) -> None:
    """Let an idle speaker begin what it does for ever: pings, timers, announcements."""
    stage, start = speaker.stage, speaker.stage.scenario.start
    every = speaker.voice.keep_alive_every
    stage.every(start + speaker.dice("phase").uniform(0, every), every, "keep_alives", lambda time: ping(speaker, time))
    for timer in speaker.model.timers:
        first = start + speaker.dice("timer", timer.host).uniform(0, timer.every)
        stage.every(first, timer.every, "timers", partial(errand, speaker, timer, kind="timer"))
    first = start + speaker.dice("announce").uniform(0, ANNOUNCED_EVERY)
    stage.every(first, ANNOUNCED_EVERY, "announcements", partial(announce, speaker))


def ping(speaker: Speaker, time: float) -> None:
    """Keep the voice flow alive: the cloud asks, the speaker answers."""
    if speaker.flow is not None:
        speaker.flow.write(time, speaker.stage.noise.record(speaker.voice.keep_alive), up=False)
        speaker.flow.write(time + 0.006, speaker.stage.noise.record(speaker.voice.keep_alive))


def announce(speaker: Speaker, time: float) -> None:
    """Send one round of mDNS and SSDP."""
    model, machine = speaker.model, speaker.machine
    host = "Android.local" if model.vendor == "amazon" else f"{speaker.place.name.replace(' ', '-')}.local"
    if model.asks:
        speaker.stage.net.frame(time, mdns_frame(machine.mac, machine.address, model.asks, (), host))
    offers = tuple((service, speaker.place.name, texts) for service, texts in model.offers)
    if offers:
        speaker.stage.net.frame(time + 0.2, mdns_frame(machine.mac, machine.address, (), offers, host))
    for place, target in enumerate(model.searches):
        speaker.stage.net.frame(time + 0.5 + place, ssdp_frame(machine.mac, machine.address, target))


def boot(speaker: Speaker, time: float) -> None:
    """Start the speaker: DHCP, names and hellos, telemetry in bulk, and what else its maker wants to know."""
    dice = speaker.dice("boot", time)
    router = (ROUTER_MAC.hex(":"), ROUTER)
    options = _options(speaker)
    transaction = dice.getrandbits(32)
    for after, frame in dhcp_frames(speaker.device, router, speaker.machine.address, options, transaction):
        speaker.stage.net.frame(time + after, frame)
    announce(speaker, time + 0.4)
    ready = speaker.connect(time + 0.6)
    size = dice.randint(*speaker.model.boot)
    errand(speaker, Timer(speaker.model.metrics, 0, (size, size)), ready + dice.uniform(1, 10), "boot")
    end = _account_sync(speaker, ready + dice.uniform(2, 20)) if speaker.model.account_sync else ready
    speaker.stage.burst(speaker.device, time, end + 0.1, "boot")


def reconnect(speaker: Speaker, time: float) -> None:
    """Open the voice flow anew: the cloud had closed it."""
    speaker.connect(time)


def _options(speaker: Speaker) -> list[tuple[str | int, object]]:
    dhcp = speaker.model.dhcp
    options: list[tuple[str | int, object]] = [("param_req_list", list(dhcp.parameters))]
    if dhcp.vendor:
        options.append(("vendor_class_id", dhcp.vendor))
    if dhcp.hostname:
        options.append(("hostname", dhcp.hostname))
    if dhcp.forcerenew:
        options.append((145, b"\x01"))
    return options


def _account_sync(speaker: Speaker, time: float) -> float:
    dice = speaker.dice("sync", time)
    end = time + dice.uniform(*SYNC_SECONDS)
    while speaker.flow is not None and time < end:
        send(speaker, speaker.flow, time, dice.randint(1500, 4000))
        time += SYNC_BEAT + dice.uniform(-0.01, 0.01)
    return time
