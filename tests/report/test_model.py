# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.events import Loss
from appliance.report.model import Captured, Report
from tests.report.household import SPEAKERS, household


def captured(path: str, start: float, end: float) -> Captured:
    return Captured(path, start, end, packets=10, bytes=1000)


def test_figures_of_all_captures_are_added_up() -> None:
    """A report spans its captures from the first packet to the last, and counts all of them."""
    report = Report([captured("b", 50, 60), captured("a", 10, 20), Captured("empty", 0, 0, 0, 0)])
    assert (report.started_at, report.ended_at, report.packets, report.bytes) == (10, 60, 20, 2000)


def test_a_report_of_nothing_has_no_span() -> None:
    """Without a packet there is no time, and no error either."""
    assert (Report([]).started_at, Report([]).ended_at, Report([]).capture_at(5)) == (0, 0, "")


def test_a_moment_belongs_to_the_capture_that_ran() -> None:
    """Of overlapping captures the one begun last counts; in a gap it is the one before, before all the first."""
    report = Report([captured("a", 10, 100), captured("b", 20, 30), captured("c", 200, 300)])
    assert [report.capture_at(time) for time in (15, 25, 40, 150, 250, 5)] == ["a", "b", "a", "b", "c", "a"]


def test_one_device_alone() -> None:
    """Narrowed to a device, a report keeps what concerns it, and losses that may concern any."""
    mac = SPEAKERS[1][0]
    report = replace(household(), losses=[Loss(1, 2, None, "frames", 1), Loss(1, 2, SPEAKERS[0][0], "bytes", 1)]).only(
        mac
    )
    assert {upload.flow.device for upload in report.uploads} == {mac}
    assert {verdict.device for verdict in report.verdicts} == {mac}
    assert [device.device for device in report.devices] == [mac]
    assert [loss.device for loss in report.losses] == [None]
