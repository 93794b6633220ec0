# SPDX-License-Identifier: GPL-2.0-or-later
"""A made-up household's report, for looking at and for testing: every verdict there is, one quiet speaker, one gap."""

from dataclasses import replace
from datetime import UTC
from random import Random

from appliance.events import (
    Coverage,
    Device,
    Ear,
    Evidence,
    FlowKey,
    Loss,
    Placement,
    Proof,
    Role,
    Sound,
    Speech,
    Tell,
    Upload,
    Verdict,
    Wake,
)
from appliance.report.model import Captured, Report

DAY = 86_400.0
MONDAY = 1_795_392_000.0  #: 2026-11-23 00:00 UTC
TELLS = {
    "called": Tell.NOBODY,
    "follow_up": Tell.NOBODY,
    "arbitration": Tell.NOBODY,
    "call": Tell.NOBODY,
    "other_wake": Tell.NOTICE,
    "false_wake": Tell.NOTICE,
    "unexplained_speech": Tell.ALERT,
    "unexplained_silence": Tell.URGENT,
    "unheard": Tell.NOTICE,
    "capture_gap": Tell.NOTICE,
    "silent_speaker": Tell.NOBODY,
}
SPEAKERS = (
    ("02:00:00:00:00:11", "amazon-echo", "amazon", "Echo (4th gen)", "kitchen", "Kitchen Echo", "alexa"),
    ("02:00:00:00:00:12", "google-nest", "google", "Nest Audio", "living room", "Living room Nest", "ok google"),
    ("02:00:00:00:00:13", "apple-homepod", "apple", "HomePod mini", "bedroom", "Bedroom HomePod", "hey siri"),
    ("02:00:00:00:00:14", "amazon-echo", "amazon", "Echo Dot", "hall", None, "alexa"),
    ("02:00:00:00:00:15", "sonos", "sonos", "Sonos One", "office", "Office Sonos", "alexa"),
)


def device(mac: str, speaker: str | None, vendor: str, model: str) -> Device:
    """A device as the registry would know it."""
    by = ("mDNS service _amzn-wplay._tcp", "address block of Amazon Technologies", "asks for avs-alexa-eu.amazon.com")
    return Device(MONDAY, mac, speaker, vendor, model, f"{vendor}-{mac[-2:]}", 0.97, by)


def upload(mac: str, speaker: str | None, start: float, size: int = 61_000, length: float = 3.2) -> Upload:
    """A completed upload."""
    flow = FlowKey(mac, "tcp", 40_000 + int(start) % 20_000, "192.0.2.7", 443)
    end = start + length
    return Upload(
        end, flow, speaker, "avs-alexa-eu.amazon.com", Proof.SNI, Role.VOICE, start, start + 0.42, end,
        size, size // 3, ("cadence", "steady"), "echo-opus-32", 0.98,
    )  # fmt: skip


def verdict(name: str, about: Upload | None, heard: Wake | None = None, device: str | None = None) -> Verdict:
    """A final verdict with the evidence a judge would give."""
    heard_nothing = Evidence("speech", 0.0, "The room was silent: the loudest sound was -58 dBFS.")
    talked = Evidence("speech", 11.2, "People talked in the room for 11.2 s around it.")
    evidence = (
        heard_nothing if name == "unexplained_silence" else talked,
        Evidence("wake", None, "The microphone beside it heard no wake word in the 20 s before."),
        Evidence("coverage", 1.0, "The microphone was listening all the time and lost nothing."),
    )
    mac = about.flow.device if about else device
    time = about.time if about else heard.time if heard else MONDAY
    return Verdict(time, name, TELLS[name], 0.93, mac, about, heard, evidence, "2026.11", final=True)


def household(days: int = 1, *, start: float = MONDAY) -> Report:
    """A household of five speakers, ``days`` long; the second speaker has two uploads nobody asked for on day one."""
    random = Random(7)
    uploads, verdicts = [], []
    sounds: list[Sound] = []
    for day in range(days):
        for mac, speaker, _, _, room, _, word in SPEAKERS:
            for _ in range(random.randint(6, 16)):
                at = start + day * DAY + random.triangular(6.2, 23.4, 18) * 3600
                sounds += [Speech(at + 1, at + random.expovariate(1 / 500), f"{room}-mic", -31.0)]
                heard = Wake(at, f"{room}-mic", word, 0.97)
                sounds.append(heard)
                uploads += [upload(mac, speaker, at + 0.3, random.randint(26_000, 190_000), random.uniform(1.7, 5))]
                verdicts += [verdict("called", uploads[-1], heard)]
    hours = (8.7, "unexplained_speech", 1), (14.04, "unexplained_speech", 1), (19.65, "unexplained_silence", 4)
    others = (10.1, "false_wake", 0), (12.5, "other_wake", 2), (16.2, "unheard", 2), (21.0, "capture_gap", 3)
    rest = (17.3, "follow_up", 0), (17.3, "arbitration", 3), (20.0, "call", 3)
    for hour, name, which in (*hours, *others, *rest):
        size, length = (181_000, 11.2) if hour == 14.04 else (9_000_000, 1500.0) if name == "call" else (45_000, 3.1)
        found = upload(SPEAKERS[which][0], SPEAKERS[which][1], start + hour * 3600, size, length)
        found = replace(found, role=Role.CALL) if name == "call" else found
        uploads.append(found)
        verdicts.append(verdict(name, found))
    ignored = Wake(start + 22.5 * 3600, "bedroom-mic", "hey siri", 0.99)
    verdicts.append(verdict("silent_speaker", None, ignored, SPEAKERS[2][0]))
    end = start + days * DAY - 1
    return Report(
        captures=[Captured("home.pcapng", start + 0.5, end, 2_412_007, 1_904_331_201)],
        uploads=sorted(uploads, key=lambda upload: upload.started_at),
        verdicts=sorted(verdicts, key=lambda verdict: verdict.time),
        devices=[
            *(device(mac, speaker, vendor, model) for mac, speaker, vendor, model, _, _, _ in SPEAKERS),
            device("02:00:00:00:00:99", None, "acme", "Laptop"),
        ],
        losses=[Loss(start + 21 * 3600, start + 21 * 3600 + 9, None, "frames the ring had no room for", 412)],
        sounds=sorted([*sounds, ignored], key=lambda sound: sound.time),
        coverages=[
            *(Coverage(start, end, f"{speaker[4]}-mic") for speaker in SPEAKERS if speaker[4] != "bedroom"),
            Coverage(start, start + 15.5 * 3600, "bedroom-mic"),
            Coverage(start + 17.2 * 3600, end, "bedroom-mic"),
        ],
        ears=[Ear(f"{speaker[4]}-mic", speaker[4]) for speaker in SPEAKERS],
        placements=[Placement(mac, room, name, (word,)) for mac, _, _, _, room, name, word in SPEAKERS],
        simulated=True,
        zone=UTC,
    )
