# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from appliance import limits
from appliance.events import Placement
from appliance.report.model import Report
from appliance.report.terminal import speakers_table, table
from tests.report.household import DAY, MONDAY, SPEAKERS, household, upload, verdict


def printed(renderable: RenderableType, width: int = 120) -> str:
    console = Console(width=width, no_color=True)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_it_fits_the_terminal(width: int) -> None:
    """No line is wider than the terminal, and the headline is there."""
    shown = printed(table(household(3)), width)
    assert max(map(len, shown.splitlines())) <= width
    assert "Your Office Sonos sent 45 kB" in shown


@pytest.mark.parametrize("width", [80, 120])
def test_where_it_went_is_said(width: int) -> None:
    """Of what is worth a look the destination is said at any width, with how it is known."""
    alone = replace(household(), verdicts=[v for v in household().verdicts if v.verdict == "unexplained_silence"])
    shown = printed(table(alone), width)
    assert "avs-alexa-eu.amazon.com" in shown
    assert "(sni)" in shown


def test_markup_in_names_is_text() -> None:
    """A name like a tag of rich is printed as it is, and never closes or opens one."""
    evil = "[red]x[/red][/]"
    report = replace(household(), placements=[Placement(SPEAKERS[0][0], None, evil)])
    devices = [replace(device, name=evil, by=(evil,)) for device in report.devices]
    assert evil in printed(table(report))
    assert evil in printed(speakers_table(replace(report, devices=devices)), 200)


@pytest.mark.parametrize(
    ("apart", "said"), [(0, ["14:00:00"]), (1, ["23 Nov", "24 Nov"]), (800, ["23 Nov 2026", "31 Jan 2029"])]
)
def test_times_are_as_long_as_they_need(apart: int, said: list[str]) -> None:
    """A day's verdicts have the hour, those of several days the date, those of several years the year."""
    uploads = [upload(SPEAKERS[0][0], None, MONDAY + 50_400 + day * DAY) for day in (0, apart)]
    shown = printed(table(replace(household(), verdicts=[verdict("called", about) for about in uploads])))
    rows = shown[shown.index("What happened") :]
    assert all(part in rows for part in said)
    assert (("23 Nov" in rows), ("23 Nov 2026" in rows)) == (apart > 0, apart > 300)


def test_long_lists_are_cut_and_counted() -> None:
    """The quieter verdicts are counted where there is no room for all."""
    many = [verdict("called", upload(SPEAKERS[0][0], None, MONDAY + n)) for n in range(limits.ROWS_SHOWN + 5)]
    assert "5 quieter events not listed." in printed(table(replace(household(), verdicts=many)))


def test_a_month_shows_its_last_week() -> None:
    """The terminal draws the latest days and counts the others."""
    shown = printed(table(household(20)))
    assert "Saturday 12 December" in shown
    assert "Saturday 5 December" not in shown
    assert "Not drawn: 13 earlier days." in shown


def test_speakers_come_first() -> None:
    """The devices' table names what each was recognised by, speakers before the rest."""
    shown = printed(speakers_table(household()), 200)
    assert shown.index("amazon-echo") < shown.index("Laptop")
    assert "mDNS service _amzn-wplay._tcp" in shown
    assert "5 speakers among 6 devices" in shown


def test_the_strongest_evidence_is_shown() -> None:
    """Of much evidence the first is shown and the rest counted."""
    device = replace(household().devices[0], by=tuple(f"reason {n}" for n in range(9)))
    shown = printed(speakers_table(replace(household(), devices=[device])))
    assert "reason 0; reason 1; reason 2; 6 more" in shown


def test_a_report_of_nothing_can_be_printed() -> None:
    """No capture, no lane, no verdict: the headline and the limits are still said."""
    shown = printed(table(Report([])))
    assert "Nothing that looks like a voice left the house." in shown
    assert "What this could not see" in shown


def test_made_up_speakers_say_so() -> None:
    """The devices of a simulated household are marked as such, those of a real one are not."""
    marked, plain = (printed(speakers_table(replace(household(), simulated=made_up))) for made_up in (True, False))
    assert "simulated" in marked
    assert "simulated" not in plain
