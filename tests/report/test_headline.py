# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace

from appliance.events import Tell
from appliance.report.headline import Headline, Mood, dates, headline, worst_first
from appliance.report.model import Report
from appliance.report.names import Names
from appliance.report.words import Kind, words_for
from tests.report.household import MONDAY, SPEAKERS, household, upload, verdict

NEST = SPEAKERS[1][0]


def said(report: Report) -> Headline:
    head = headline(report, Names(report))
    return head._replace(sentence=head.sentence.replace("\N{NO-BREAK SPACE}", " "))


def of(*names: str, listened: bool = True) -> Report:
    uploads = [upload(NEST, "google-nest", MONDAY + 50_544.0 + n) for n in range(len(names))]
    verdicts = [verdict(name, about) for name, about in zip(names, uploads, strict=True)]
    return replace(household(), uploads=uploads, verdicts=verdicts, listened=listened)


def test_an_accusation_is_said_in_one_sentence() -> None:
    """What nobody asked for comes first: who, how much, when."""
    head = said(of("called", "unexplained_speech"))
    assert head.sentence == "Your Living room Nest sent 61 kB at 14:02. Nobody said its name."
    assert (head.mood, head.kicker) == (Mood.ALERT, "1 upload nobody asked for")


def test_silence_is_worse_than_speech() -> None:
    """Of several accusations the most urgent is the headline."""
    assert said(household()).sentence == "Your Office Sonos sent 45 kB at 19:39. Nobody said a word."


def test_on_several_days_the_weekday_is_said() -> None:
    """A time alone would be ambiguous in a week."""
    assert "on Monday at 19:39" in said(household(7)).sentence


def test_a_quiet_day_says_so() -> None:
    """When each upload came after its name, nothing else needs saying."""
    assert said(of("called", "called")).sentence == "Quiet day: 2 uploads, each after its name."
    assert said(of("called", "follow_up")).sentence == "Quiet day: 2 uploads, all of them asked for."


def test_what_nobody_heard_is_never_called_quiet() -> None:
    """An upload that no ear covered keeps the day from being quiet."""
    head = said(of("called", "unheard"))
    assert (head.mood, head.sentence) == (Mood.UNHEARD, "2 uploads. For 1 of them no ear was listening.")


def test_without_sounds_it_says_how_to_give_them() -> None:
    """Where nobody listened the report says so, and what to do about it."""
    head = said(of("unheard", "unheard", listened=False))
    assert head.sentence == "1 speaker sent 2 voice uploads. No ear was listening."
    assert "--sounds" in head.detail


def test_notices_are_counted() -> None:
    """Notices are worth a look and no accusation."""
    head = said(of("false_wake", "called"))
    assert (head.mood, head.sentence) == (Mood.NOTICE, "2 uploads, 1 of them worth a look.")


def test_a_speaker_that_mishears_too_often() -> None:
    """Once the judge finds it worth an alert, the headline is how often the speaker misheard its name."""
    report = of("false_wake", "false_wake", "false_wake", "false_wake")
    loud = [replace(verdict, tell=Tell.ALERT) if n == 3 else verdict for n, verdict in enumerate(report.verdicts)]
    assert said(replace(report, verdicts=loud)).sentence == "Your Living room Nest misheard its name 4 times."


def test_a_capture_without_uploads() -> None:
    """No upload is said as it is, with what was looked at."""
    head = said(of())
    assert head.sentence == "Nothing that looks like a voice left the house."
    assert "2,412,007 packets" in head.detail


def test_the_loudest_comes_first() -> None:
    """Sorted by how loudly they are told, then by size."""
    worst = sorted(household().verdicts, key=worst_first)
    assert [v.tell for v in worst[:3]] == [Tell.URGENT, Tell.ALERT, Tell.ALERT]
    assert [words_for(v).kind for v in worst[:3]] == [Kind.UNEXPLAINED] * 3
    assert worst[1].upload is not None
    assert worst[1].upload.bytes_up == 181_000


def test_one_day_or_several() -> None:
    """A day is named, several are from and to."""
    assert dates(household()) == "Monday 23 November 2026"
    assert dates(household(3)) == "23 November 2026 to 25 November 2026"


def test_without_packets_there_is_no_day() -> None:
    """A report of an empty capture has no date rather than a wrong one."""
    assert not dates(Report([]))
