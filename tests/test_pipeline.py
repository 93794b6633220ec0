# SPDX-License-Identifier: GPL-2.0-or-later
import json
from pathlib import Path

import pytest

from appliance.analysis import hear, lasting
from appliance.capture import parse
from appliance.capture.frames import Packets
from appliance.events import Coverage, Device, Ear, Upload, Verdict, Wake
from appliance.pipeline import Found, Pipeline
from appliance.rules import load_rules
from tests.played import packets_of, part


@pytest.fixture(scope="module")
def packets(played: Path) -> Packets:
    return packets_of(played / "capture.pcapng")


def run(played: Path, packets: Packets, chunk: int) -> list[Found]:
    heard = hear(played / "sounds.jsonl")
    pipeline = Pipeline(load_rules(None), heard.furniture, heard.sounds)
    found: list[Found] = []
    for first in range(0, len(packets.at), chunk):
        found += pipeline.feed(parse(part(packets, first, first + chunk)))
    return found + list(pipeline.finish())


def test_chunks_make_no_difference(played: Path, packets: Packets) -> None:
    """However the frames are cut into chunks, the uploads and the final verdicts are the same."""
    whole, small = (sorted(map(repr, filter(lasting, run(played, packets, chunk)))) for chunk in (len(packets.at), 700))
    assert whole == small
    assert whole


def test_every_upload_of_the_truth_gets_its_verdict(played: Path, packets: Packets) -> None:
    """What was played comes out: each upload found and judged as the truth says, and nothing else."""
    found = run(played, packets, 10_000)
    rows = [json.loads(line) for line in (played / "truth.jsonl").read_text().splitlines()]
    truth = sorted((row["device"], row["verdict"]) for row in rows if row["type"] == "upload")
    final = (fact for fact in found if isinstance(fact, Verdict) and fact.final and fact.upload)
    judged = sorted((verdict.device or "", verdict.verdict) for verdict in final)
    assert judged == truth
    assert len(truth) > 10


def test_an_upload_is_announced_before_it_is_judged(played: Path, packets: Packets) -> None:
    """Facts come in the order in which they became known: announcement, first verdict, completion, final verdict."""
    steps: dict[object, list[str]] = {}
    for fact in run(played, packets, 5_000):
        if isinstance(fact, Upload):
            steps.setdefault(fact.key, []).append("announced" if fact.ended_at is None else "completed")
        elif isinstance(fact, Verdict) and fact.upload:
            steps.setdefault(fact.upload.key, []).append("final" if fact.final else "first")
    orders = {tuple(order) for order in steps.values()}
    assert orders <= {
        ("announced", "first", "completed", "final"),
        ("announced", "completed", "final"),
        ("announced", "completed", "first", "final"),
    }


def test_devices_that_show_nothing_are_listed_too(played: Path, packets: Packets) -> None:
    """Every device of the house is in the list, speakers by what they are."""
    pipeline = Pipeline(load_rules(None))
    for _ in pipeline.feed(parse(packets)):
        pass
    devices = {device.device: device for device in pipeline.devices()}
    senders = {row["device"] for row in map(json.loads, (played / "truth.jsonl").read_text().splitlines())}
    assert senders <= set(devices)
    assert sum(device.speaker is not None for device in devices.values()) >= 3
    assert all(isinstance(device, Device) for device in devices.values())


def test_the_first_chunk_is_covered(packets: Packets) -> None:
    """A wake word that no speaker answered is told, though the whole capture came as one chunk."""
    called = Wake(float(packets.time[-1]) / 1e9 - 200, "mic", "alexa", 0.9)
    pipeline = Pipeline(load_rules(None), [Ear("mic")], [called])
    found = [*pipeline.feed(parse(packets)), *pipeline.finish()]
    assert [fact.wake for fact in found if isinstance(fact, Verdict) and fact.upload is None] == [called]


def test_without_frames_nothing_is_made_up() -> None:
    """Sounds alone end in no verdict on an upload."""
    pipeline = Pipeline(load_rules(None), (), [Coverage(0.0, 100.0, "ear")])
    assert not list(pipeline.finish())
    assert not pipeline.shed()
