# SPDX-License-Identifier: GPL-2.0-or-later
from io import BytesIO
from pathlib import Path

import pytest

from appliance.analysis import Analysis, Heard, hear
from appliance.capture import CaptureError, NotACapture
from appliance.capture.blocks import interface, section
from appliance.capture.frames import Packets
from appliance.events import Coverage, Ear, Placement
from appliance.evidence import Shelf, evidence_key
from appliance.report.model import Report
from appliance.rules import load_rules
from tests.evidence.kept import ALL, BOOT, collect
from tests.played import packets_of, part, pcap_bytes

RULES = load_rules(None)


@pytest.fixture(scope="module")
def packets(played: Path) -> Packets:
    return packets_of(played / "capture.pcapng")


def capture(path: Path, packets: Packets) -> Path:
    path.write_bytes(b"".join(pcap_bytes(packets)))
    return path


def analysed(*captures: Path, heard: Heard | None = None) -> list[Report]:
    analysis = Analysis(RULES, heard)
    for path in captures:
        analysis.read(path, path.name, lambda _position, _size: None)
    return analysis.reports()


def test_rotated_captures_are_one_household(tmp_path: Path, packets: Packets) -> None:
    """A capture cut in two in the middle of an upload ends in the uploads of the whole, each in its file."""
    (whole,) = analysed(capture(tmp_path / "whole.pcap", packets))
    middle = whole.uploads[len(whole.uploads) // 2]
    cut = int((packets.time / 1e9 < (middle.started_at + middle.known_at) / 2).sum())
    first = capture(tmp_path / "1.pcap", part(packets, 0, cut))
    second = capture(tmp_path / "2.pcap", part(packets, cut, len(packets.at)))
    (rotated,) = analysed(first, second)
    assert list(rotated.uploads) == list(whole.uploads)
    assert rotated.packets == whole.packets
    assert rotated.capture_at(middle.started_at) == "1.pcap"
    assert rotated.capture_at(whole.uploads[-1].started_at) == "2.pcap"


def test_unrelated_captures_do_not_teach_each_other(tmp_path: Path, packets: Packets) -> None:
    """Captures that do not follow each other are judged as if each had been given alone."""
    path = capture(tmp_path / "day.pcap", packets)
    once, again = analysed(path, path)
    (alone,) = analysed(path)
    assert once == again == alone


def test_a_capture_that_breaks_off_is_analysed_up_to_there(tmp_path: Path, packets: Packets) -> None:
    """Of a file cut in the middle of a packet, everything before is analysed and the place is named."""
    content = b"".join(pcap_bytes(packets))
    path = tmp_path / "cut.pcap"
    path.write_bytes(content[: len(content) * 3 // 4])
    (report,) = analysed(path)
    assert report.captures[0].damage
    assert report.captures[0].damaged_at is not None
    assert report.uploads
    assert 0 < report.packets < len(packets.at)


def test_what_is_no_capture_is_refused(tmp_path: Path, packets: Packets) -> None:
    """A text file raises, and the captures before and after it are analysed all the same."""
    analysis = Analysis(RULES)
    with pytest.raises(NotACapture):
        analysis.read(BytesIO(b"hello"), "hello", lambda _position, _size: None)
    path = capture(tmp_path / "day.pcap", packets)
    analysis.read(path, path.name, lambda _position, _size: None)
    assert len(analysis.reports()) == 1


def test_an_empty_capture_is_a_report_without_packets(tmp_path: Path, packets: Packets) -> None:
    """A capture without packets is named in the report and counts nothing."""
    (report,) = analysed(capture(tmp_path / "empty.pcap", part(packets, 0, 0)))
    assert [captured.path for captured in report.captures] == ["empty.pcap"]
    assert (report.packets, list(report.uploads), report.listened) == (0, [], False)


def test_what_was_made_up_says_so(played: Path, tmp_path: Path, packets: Packets) -> None:
    """The capture's comment or the sounds' note marks the report as simulated; neither, and it is not."""
    (by_comment,) = analysed(played / "capture.pcapng")
    plain = capture(tmp_path / "plain.pcap", packets)
    (by_note,) = analysed(plain, heard=hear(played / "sounds.jsonl"))
    (unmarked,) = analysed(plain)
    assert [by_comment.simulated, by_note.simulated, unmarked.simulated] == [True, True, False]


def test_sounds_are_read_into_furniture_and_sounds(played: Path) -> None:
    """Ears and speakers have no moment and come apart from what was heard, which is in order of time."""
    heard = hear(played / "sounds.jsonl")
    assert {type(fact) for fact in heard.furniture} == {Ear, Placement}
    assert any(isinstance(fact, Coverage) for fact in heard.sounds)
    times = [fact.time for fact in heard.sounds]
    assert times == sorted(times)


def test_only_sounds_around_the_capture_reach_it(played: Path) -> None:
    """Verdicts are the same when the sounds of other days stand before and after."""
    heard = hear(played / "sounds.jsonl")
    day = 86_400.0
    earlier = [Coverage(fact.time - day, fact.time - day + 1, "ear") for fact in heard.sounds]
    more = Heard(heard.furniture, [*earlier, *heard.sounds], simulated=True)
    (alone,), (among) = (
        analysed(played / "capture.pcapng", heard=heard),
        analysed(played / "capture.pcapng", heard=more),
    )
    assert alone.verdicts == among[0].verdicts


def said(context: str) -> bytes:
    """Return a capture without packets that says something of itself in a second comment."""
    return section("Earwitness evidence", context) + interface()


def test_a_forged_description_is_refused(tmp_path: Path, packets: Packets) -> None:
    """A capture that is not what it says raises, and those before and after it are analysed all the same."""
    analysis, path = Analysis(RULES), capture(tmp_path / "day.pcap", packets)
    with pytest.raises(CaptureError, match="version"):
        analysis.read(BytesIO(said('{"earwitness":"evidence"}')), "forged", lambda _position, _size: None)
    analysis.read(path, path.name, lambda _position, _size: None)
    assert [report.packets for report in analysis.reports()] == [len(packets.at)]


def test_evidence_belongs_to_no_other_capture(tmp_path: Path, packets: Packets) -> None:
    """What evidence says of a device is known in its own analysis alone, whatever was read before and after."""
    folder = tmp_path / "evidence"
    upload = collect(packets, folder)[0]
    (mine,) = (kept.path for kept in Shelf(folder, ALL).kept() if kept.key == evidence_key(BOOT, upload))
    (alone,) = analysed(mine)
    before, among, after = analysed(capture(tmp_path / "a.pcap", part(packets, 0, 100)), mine, mine)
    assert before.packets == 100
    assert among == after == alone
