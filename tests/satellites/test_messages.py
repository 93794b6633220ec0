# SPDX-License-Identifier: GPL-2.0-or-later
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from appliance.events import Coverage, Speech, Wake
from appliance.limits import MICROPHONES, SATELLITE_FACTS, SATELLITE_NAME_CHARACTERS
from appliance.satellites.messages import Microphone, Report, Request, line

RUN = "0123456789abcdef"
WAKE = {"type": "wake", "ear": "bed", "time": 7.0, "word": "alexa", "score": 0.9}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


def said(**fields: object) -> bytes:
    return json.dumps({"run": RUN, "first": 1, **fields}).encode()


def test_facts_come_back() -> None:
    """What a satellite heard is what the hub reads."""
    facts = (Wake(7.0, "bed", "alexa", 0.9), Speech(6.0, 7.0, "bed", -30.0, "other"), Coverage(0.0, 8.0, "bed"))
    lines = [line(facts[0], 7.0, 7.0), line(facts[1], 6.0, 7.0), line(facts[2], 0.0, 8.0)]
    report = Report(run=RUN, first=1, facts=lines, microphones=[Microphone(name="bed", room="bedroom", level=-50.0)])
    assert [each.fact() for each in Report.model_validate_json(report.model_dump_json()).facts] == [*facts]


def test_times_are_the_hubs() -> None:
    """Times of a line are those that it is given."""
    assert line(Speech(1.0, 2.0, "bed"), 101.0, 102.0).fact() == Speech(101.0, 102.0, "bed")
    assert line(Wake(1.0, "bed", "alexa", 0.9), 101.0, 101.0).fact() == Wake(101.0, "bed", "alexa", 0.9)


@given(st.binary(max_size=200) | st.builds(said, facts=json_values, microphones=json_values, boot=json_values))
def test_whatever_comes(raw: bytes) -> None:
    """Any bytes are a report, or are refused by one kind of error."""
    try:
        report = Report.model_validate_json(raw)
    except ValidationError:
        return
    assert len(report.facts) <= SATELLITE_FACTS


@pytest.mark.parametrize(
    "fields",
    [
        {"run": "../../etc"},
        {"run": "0" * 41},
        {"first": 0},
        {"first": 1.5},
        {"sound": "UklGRg=="},
        {"facts": [{**WAKE, "samples": [0, 1]}]},
        {"facts": [{**WAKE, "score": 2}]},
        {"facts": [{**WAKE, "time": float("nan")}]},
        {"facts": [{**WAKE, "time": float("inf")}]},
        {"facts": [{**WAKE, "ear": "hub"}]},
        {"facts": [{**WAKE, "word": "\x1b[2J"}]},
        {"facts": [WAKE] * (SATELLITE_FACTS + 1)},
        {"facts": [{"type": "speech", "ear": "bed", "start": 2.0, "end": 1.0}]},
        {"facts": [{"type": "note", "text": "sound"}]},
        {"facts": [{"type": "speaker", "device": "aa:bb:cc:00:00:01", "room": "bedroom"}]},
        {"microphones": [{"name": "kitchen/mic"}]},
        {"microphones": [{"name": "x" * (SATELLITE_NAME_CHARACTERS + 1)}]},
        {"microphones": [{"name": str(each)} for each in range(MICROPHONES + 1)]},
    ],
    ids=str,
)
def test_what_a_report_may_not_say(fields: dict[str, object]) -> None:
    """There is no field for sound, no room for more than a second needs, and no letters that do something."""
    with pytest.raises(ValidationError):
        Report.model_validate_json(said(**fields))


@pytest.mark.parametrize("name", ["", " ", "a/b", "x" * 32, "bed\nroom"])
def test_names_are_names(name: str) -> None:
    """What a satellite calls itself can be shown, and told from its microphone's name."""
    with pytest.raises(ValidationError):
        Request.model_validate({"secret": "0123456789", "name": name})
