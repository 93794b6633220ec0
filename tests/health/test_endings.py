# SPDX-License-Identifier: GPL-2.0-or-later
"""Services that end again and again."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clocks import Boot
from appliance.events import Service
from appliance.health.endings import read_endings, restless
from appliance.health.reading import Ending
from appliance.limits import ENDINGS, ENDINGS_BYTES, ENDINGS_S
from appliance.report.retold import _SENTENCES, _patterns
from tests.health.readings import START, kinds, reading

BOOT = Boot("boot", int(START * 1e9))


def ends(
    count: int, why: str = "signal", service: Service = Service.CAPTURE, *, apart: float = 10.0
) -> tuple[Ending, ...]:
    return tuple(Ending(service, START + apart * number, why) for number in range(count))


def test_a_loop_is_told_and_a_crash_is_not() -> None:
    """Some bad ends within minutes are a trouble of that service, until they are long ago."""
    assert kinds(restless(reading(START + 100, endings=ends(ENDINGS - 1)))) == []
    assert kinds(restless(reading(START + 100, endings=ends(ENDINGS)))) == ["capture-restless"]
    assert kinds(restless(reading(START + 100, endings=ends(ENDINGS, service=Service.HUB)))) == ["hub-restless"]
    assert kinds(restless(reading(START + ENDINGS_S + 10 * ENDINGS, endings=ends(ENDINGS)))) == []


def test_who_is_stopped_does_not_crash() -> None:
    """An update, a restart by hand, ears without a microphone: they end well."""
    endings = (*ends(9, "success"), *ends(9, "exec-condition"))
    assert kinds(restless(reading(START + 100, endings=endings))) == []


@pytest.mark.parametrize("why", ["oom-kill", "watchdog", "signal", "core-dump", "exit-code", "timeout", "ἄλλο"])
def test_why_is_said_and_can_be_retold(why: str) -> None:
    """Each reason has words, in each language."""
    (trouble,) = restless(reading(START + 100, endings=ends(ENDINGS, why)))
    for text in (trouble.text, trouble.remedy):
        assert any(pattern.fullmatch(text) for _, pattern in _patterns(_SENTENCES))


def test_what_systemd_noted_is_read(tmp_path: Path) -> None:
    """A line an end, as the unit writes it; only the last ones of a long file."""
    (tmp_path / "capture.ended").write_text("12.50 signal\n20.00 success\n")
    assert read_endings(tmp_path, BOOT) == (
        Ending(Service.CAPTURE, START + 12.5, "signal"),
        Ending(Service.CAPTURE, START + 20.0, "success"),
    )
    (tmp_path / "capture.ended").write_text("12.50 signal\n" * ENDINGS_BYTES)
    assert 0 < len(read_endings(tmp_path, BOOT)) <= ENDINGS_BYTES / 13 + 1


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Three services may write there."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "ears.ended").write_bytes(raw)
    list(restless(reading(START, endings=read_endings(folder, BOOT))))
