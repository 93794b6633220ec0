# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Asked, Exposure, ExposureKind, FlowKey, Greeting, Sighting, SightingKind
from appliance.limits import EXPOSURE_AGAIN, EXPOSURES_PER_DEVICE
from appliance.rules import load_rules
from appliance.speakers.exposures import Exposures

RULES = load_rules(None)
ECHO, PHONE = "0c:47:c9:12:34:56", "02:00:00:00:00:02"
FLOW = FlowKey(ECHO, "tcp", 40_000, "192.0.2.1", 443)

facts = st.one_of(
    st.builds(Greeting, st.floats(0, 1e6), st.just(FLOW), st.sampled_from(["TLS 1.2", "HTTP", "QUIC"]), st.text()),
    st.builds(Asked, st.floats(0, 1e6), st.just(ECHO), st.text()),
    st.builds(Sighting, st.floats(0, 1e6), st.just(ECHO), st.sampled_from(SightingKind), st.text()),
)


def test_each_thing_is_told_once() -> None:
    """How it protects its flows, what goes in plain text, which identifiers it tells: one row each, not one a flow."""
    exposures = Exposures(RULES)
    for time in range(1, 50):
        exposures.feed(Greeting(time, FLOW._replace(device_port=time), "TLS 1.2", "voice.example"))
        exposures.feed(Greeting(time, FLOW, "HTTP", "portal.example"))
        exposures.feed(Greeting(time, FLOW, "HTTP", None))
        exposures.feed(Asked(time, ECHO, "voice.example"))
        exposures.feed(Sighting(time, ECHO, SightingKind.DHCP_HOSTNAME, "amazon-0123"))
    assert exposures.take([ECHO]) == [
        Exposure(49, ECHO, ExposureKind.TLS, "TLS 1.2"),
        Exposure(49, ECHO, ExposureKind.PLAIN, "portal.example"),
        Exposure(49, ECHO, ExposureKind.PLAIN, "192.0.2.1"),
        Exposure(49, ECHO, ExposureKind.DNS, ""),
        Exposure(49, ECHO, ExposureKind.IDENTIFIER, "fixed-number"),
    ]
    assert exposures.take([ECHO]) == []


def test_what_goes_on_is_told_again_after_a_day() -> None:
    """So what is true today is not forgotten with what is old; what has stopped is."""
    exposures = Exposures(RULES)
    exposures.feed(Asked(0.0, ECHO, "a.example"))
    assert len(exposures.take([ECHO])) == 1
    exposures.feed(Asked(EXPOSURE_AGAIN - 1, ECHO, "a.example"))
    assert exposures.take([ECHO]) == []
    exposures.feed(Asked(EXPOSURE_AGAIN, ECHO, "a.example"))
    assert len(exposures.take([ECHO])) == 1


def test_what_a_device_showed_before_it_was_known_as_a_speaker_is_told_then() -> None:
    """Only speakers are told of; a speaker's first connections come before it is known as one."""
    exposures = Exposures(RULES)
    exposures.feed(Asked(1.0, PHONE, "a.example"))
    assert exposures.take([ECHO]) == []
    assert len(exposures.take([ECHO, PHONE])) == 1


@given(st.lists(facts, max_size=60))
def test_whatever_is_shown_it_stays_small(shown: list[Greeting | Asked | Sighting]) -> None:
    """A device that names a new host with every request fills its own places, and what is turned away is counted."""
    exposures = Exposures(RULES)
    for fact in shown:
        exposures.feed(fact)
    for number in range(2 * EXPOSURES_PER_DEVICE):
        exposures.feed(Greeting(0.0, FLOW, "HTTP", f"{number}.example"))
    assert len(exposures.take([ECHO])) == EXPOSURES_PER_DEVICE
    assert exposures.too_many >= EXPOSURES_PER_DEVICE
