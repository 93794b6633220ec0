# SPDX-License-Identifier: GPL-2.0-or-later
"""Any fact that a stage may hand on, for hypothesis; and a household's few, for reading."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from appliance.events import (
    CAPTURE,
    Correction,
    Coverage,
    Device,
    Evidence,
    Exposure,
    ExposureKind,
    Finding,
    FlowKey,
    Loss,
    Name,
    Proof,
    Reply,
    Role,
    Service,
    Speech,
    Tell,
    Traffic,
    Upload,
    Verdict,
    Wake,
)
from appliance.ledger import HUB

ECHO = "02:00:00:00:00:01"
FLOW = FlowKey(ECHO, "tcp", 40_000, "192.0.2.1", 443)

times = st.floats(0, 1e11)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
counts = st.integers(0, 2**63 - 1)
shares = st.floats(0, 1)
flows = st.builds(
    FlowKey, texts, st.sampled_from(["tcp", "udp"]), st.integers(0, 65_535), texts, st.integers(0, 65_535)
)
pieces_of_evidence = st.builds(
    Evidence,
    texts,
    st.none() | texts | st.floats(allow_nan=False, allow_infinity=False) | counts | st.booleans(),
    texts,
)
evidence = st.lists(pieces_of_evidence, max_size=5).map(tuple)

st.register_type_strategy(float, times)
st.register_type_strategy(str, texts)
st.register_type_strategy(int, counts)
st.register_type_strategy(FlowKey, flows)

uploads = st.builds(Upload)
wakes = st.builds(Wake)
verdicts = st.builds(Verdict, upload=uploads, wake=st.none() | wakes, evidence=evidence) | st.builds(
    Verdict, upload=st.none(), wake=wakes, evidence=evidence
)
by_service: dict[Service, st.SearchStrategy[Any]] = {
    Service.CAPTURE: st.one_of(
        *map(st.builds, (Correction, Device, Exposure, Loss, Name, Reply, Traffic, Upload)),
        st.builds(Coverage, source=st.just(CAPTURE)),
        st.builds(Finding, source=st.just(Service.CAPTURE), figures=evidence),
    ),
    Service.EARS: st.one_of(
        wakes,
        st.builds(Speech),
        st.builds(Coverage, source=texts.filter(lambda name: name not in {CAPTURE, HUB})),
        st.builds(Finding, source=st.just(Service.EARS), figures=evidence),
    ),
    Service.HUB: st.one_of(
        verdicts,
        st.builds(Coverage, source=st.just(HUB)),
        st.builds(Finding, source=st.just(Service.HUB), figures=evidence),
    ),
}


def announced(start: float, device: str = ECHO) -> Upload:
    """An upload that was found half a second after its start and still runs."""
    return Upload(
        time=start + 0.5,
        flow=FLOW._replace(device=device),
        speaker="amazon-echo",
        host="bob-dispatch-prod-eu.amazon.com",
        host_by=Proof.DNS,
        role=Role.VOICE,
        started_at=start,
        known_at=start + 0.5,
        ended_at=None,
        bytes_up=20_000,
        bytes_down=1_000,
        detectors=("cadence",),
        signature="opus-20",
        confidence=0.9,
    )


def completed(start: float, device: str = ECHO) -> Upload:
    """The same upload, three seconds long, known two seconds after its end."""
    return replace(announced(start, device), time=start + 5, ended_at=start + 3, bytes_up=61_000)


def verdict(upload: Upload, word: str = "called", *, final: bool = True) -> Verdict:
    """A verdict on the upload, with a reason."""
    reason = Evidence("reason", word, "Because.")
    return Verdict(
        upload.time + 1, word, Tell.NOBODY, 0.9, upload.flow.device, upload, None, (reason,), "2026.11", final
    )


def silent(wake: Wake) -> Verdict:
    """A verdict that nobody answered the wake word."""
    return Verdict(
        wake.time + 6, "silent_speaker", Tell.NOBODY, wake.score, ECHO, None, wake, (), "2026.11", final=True
    )


def household() -> dict[Service, list[Any]]:
    """One fact of each kind, or two: what a ledger of every version holds in tests/ledger/versions."""
    wake = Wake(99.5, "kitchen", "alexa", 0.93)
    found = Finding(
        50.0, None, Service.CAPTURE, "frames-lost", ECHO, "3 frames were lost.", (Evidence("lost", 3, "3."),)
    )
    return {
        Service.CAPTURE: [
            Correction(20.0, 3_600.5, synchronised=True),
            Device(10.0, ECHO, "amazon-echo", "amazon", "Echo Dot", "Küche", 0.9, ("DHCP host name amazon-0", "talks")),
            Name(11.0, ECHO, "192.0.2.1", "bob-dispatch-prod-eu.amazon.com"),
            announced(100.25),
            completed(100.25),
            Reply(104.0, ECHO, 103.5, 106.0, 40_000),
            Loss(49.0, 49.5, None, "frames", 3),
            Coverage(0.0, 300.0, CAPTURE, 3),
            Traffic(60.0, ECHO, Role.VOICE, 61_000, 40_000, 120),
            Exposure(12.0, ECHO, ExposureKind.TLS, "TLS 1.2"),
            found,
            replace(found, ended_at=55.0),
        ],
        Service.EARS: [
            wake,
            Speech(99.6, 102.0, "kitchen", -31.5),
            Coverage(0.0, 300.0, "kitchen"),
            replace(found, source=Service.EARS, kind="ear-flat", device="kitchen", figures=()),
        ],
        Service.HUB: [
            verdict(announced(100.25), final=False),
            replace(verdict(completed(100.25)), wake=wake),
            silent(Wake(200.0, "kitchen", "alexa", 0.8)),
            Coverage(0.0, 300.0, HUB),
            replace(found, source=Service.HUB, kind="clock-stepped", device=None),
        ],
    }
