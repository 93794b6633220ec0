# SPDX-License-Identifier: GPL-2.0-or-later
import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Evidence
from appliance.report.contract import LINES
from appliance.report.jsonl import json_lines, upload_line, verdict_line
from appliance.report.model import Captured, Report
from tests.report.household import MONDAY, SPEAKERS, household, upload, verdict


def test_each_fact_has_its_line_and_the_summary_is_last() -> None:
    """Every device, loss, upload and verdict of a report has one line; the summary counts them."""
    report = household()
    lines = [json.loads(line) for line in json_lines(report)]
    assert Counter(line["type"] for line in lines) == {
        "device": len(report.devices),
        "loss": len(report.losses),
        "upload": len(report.uploads),
        "verdict": len(report.verdicts),
        "summary": 1,
    }
    summary = lines[-1]
    assert (summary["type"], summary["uploads"], summary["simulated"]) == ("summary", len(report.uploads), True)
    assert sum(summary["by_verdict"].values()) == len(report.verdicts)
    assert summary["seconds"] == pytest.approx(report.ended_at - report.started_at)


def test_every_line_keeps_the_contract() -> None:
    """What is written is what the contract says, line by line."""
    for line in json_lines(household()):
        assert LINES.validate_json(line).json_line() == line


def test_an_upload_is_written_as_the_contract_shows_it() -> None:
    """The keys of an upload are those that programs were promised, times in seconds with their fraction."""
    line = json.loads(upload_line(upload(SPEAKERS[0][0], "amazon-echo", 1541.25), "a.pcap").json_line())
    assert line == {
        "type": "upload", "capture": "a.pcap", "device": SPEAKERS[0][0], "speaker": "amazon-echo",
        "flow": {"proto": "tcp", "device_port": 41541, "remote": "192.0.2.7", "remote_port": 443},
        "host": "avs-alexa-eu.amazon.com", "host_by": "sni", "role": "voice",
        "started_at": 1541.25, "known_at": 1541.67, "ended_at": 1544.45,
        "bytes_up": 61_000, "bytes_down": 20_333,
        "detectors": ["cadence", "steady"], "signature": "echo-opus-32", "confidence": 0.98,
    }  # fmt: skip


def test_a_verdict_names_its_upload() -> None:
    """Flow and start of the verdict's upload are those of the upload's own line."""
    found = upload(SPEAKERS[0][0], None, 1541.25)
    written = json.loads(verdict_line(verdict("called", found), "a.pcap").json_line())
    own = json.loads(upload_line(found, "a.pcap").json_line())
    assert written["upload"] == {"flow": own["flow"], "started_at": own["started_at"]}


def test_each_line_says_which_capture() -> None:
    """Of several captures each upload and verdict names the one it was seen in."""
    report = replace(
        household(),
        captures=[
            Captured("am", MONDAY, MONDAY + 43_200, 1, 1),
            Captured("pm", MONDAY + 43_200, MONDAY + 86_400, 1, 1),
        ],
    )
    for line in map(json.loads, json_lines(report)):
        if line["type"] == "upload":
            assert line["capture"] == ("am" if line["started_at"] < MONDAY + 43_200 else "pm")


def test_damage_is_in_the_summary() -> None:
    """A capture that broke off is named with its offset."""
    damaged = Captured("a", 1, 2, 3, 4, damaged_at=99, damage="the file ends inside a packet")
    summary = json.loads(list(json_lines(Report([damaged])))[-1])
    assert summary["damage"] == [{"capture": "a", "offset": 99, "what": "the file ends inside a packet"}]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_hostile_names_stay_in_their_line(name: str) -> None:
    """Whatever a stranger calls itself, a line stays one line of printable ASCII, and the name comes back whole."""
    about = replace(upload(SPEAKERS[0][0], None, 1.0), host=name)
    judged = replace(verdict("called", about), evidence=(Evidence("host", name, name),))
    for line in (upload_line(about, name), verdict_line(judged, name)):
        written = line.json_line()
        assert written.isascii()
        assert written.isprintable()
        assert json.loads(written)["capture"] == name
