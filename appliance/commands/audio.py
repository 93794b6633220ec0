# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness analyze --audio``: what a recording of a room says, heard by ears in a process of their own."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

import click
from rich.markup import escape

from appliance.analysis import Heard, heard_in
from appliance.commands.captures import progress_bar
from appliance.commands.words import refuse
from appliance.ears.child import heard_elsewhere
from appliance.ears.wav import RecordingError, Wav
from appliance.judge import Sounds, SoundsError
from appliance.judge.sounds import SoundFact
from appliance.rules import OVERRIDES

_TIME = re.compile(rb'"(?:time|start)": ([\d.]+)')


def moments(_: click.Context, __: click.Parameter, values: Sequence[str]) -> list[float]:
    """Return times as seconds since the epoch; they may be dates of ISO 8601, by this machine's clock without a zone.

    Errors: BadParameter, if one is neither.
    """
    return [_moment(value) for value in values]


def _moment(value: str) -> float:
    with suppress(ValueError):
        return float(value)
    try:
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError, OSError):
        raise click.BadParameter(f"{value!r} is no time like 2026-03-01T14:00:05+01:00.") from None


#: A recording that is there.
recording = click.Path(exists=True, dir_okay=False, path_type=Path)


def both(sounds: Heard | None, recordings: Heard) -> Heard:
    """Return what a sounds file and recordings say together."""
    if sounds is None:
        return recordings
    return heard_in([*sounds.furniture, *sounds.sounds, *recordings.sounds], simulated=sounds.simulated)


class _Lines:
    """Lines of a sounds file on their way, and how far in time they are."""

    def __init__(self, lines: BinaryIO, reached: Callable[[float], None]) -> None:
        self._lines = lines
        self._reached = reached

    def readline(self, size: int) -> bytes:
        """Return the next line."""
        line = self._lines.readline(size)
        if time := _TIME.search(line):
            self._reached(float(time[1]))
        return line


def hear_recordings(recordings: Sequence[Path], starts: Sequence[float], rules: Path | None) -> Heard:
    """Hear each recording from its start on; ends with what is wrong if one cannot be heard.

    Each is an ear of the name of its file, in no room: it hears the whole home.
    """
    if len(starts) != len(recordings):
        refuse(f"{len(recordings)} recordings and {len(starts)} times: each --audio needs its --audio-start")
    names = [_ear(path, at, recordings) for at, path in enumerate(recordings, 1)]
    facts: list[SoundFact] = []
    for name, path, start in zip(names, recordings, starts, strict=True):
        try:
            facts += _hear(name, path, start, rules or OVERRIDES)
        except (RecordingError, SoundsError) as error:
            refuse(f"{path}: {error}" if isinstance(error, RecordingError) else str(error))
        except OSError as error:
            refuse(f"{path}: {error.strerror}")
    return heard_in(facts)


def _hear(name: str, path: Path, start: float, rules: Path) -> list[SoundFact]:
    seconds = _seconds(path)  # what is no recording is refused before a process is started for it
    with progress_bar() as progress, heard_elsewhere(path, start, name, rules) as lines:
        task = progress.add_task(escape(f"hearing {path.name}"), total=seconds)
        told = _Lines(lines, lambda time: progress.update(task, completed=time - start))
        return list(Sounds(cast("BinaryIO", told), path.name))


def _seconds(path: Path) -> float | None:
    with path.open("rb") as file:
        return Wav(file).seconds


def _ear(path: Path, at: int, recordings: Sequence[Path]) -> str:
    """Return what to call the ear of a recording: by its file, with a number where two are called the same."""
    stem = "".join(filter(str.isprintable, path.stem))[:40] or "recording"
    same = [each for each in recordings if each.stem == path.stem]
    return stem if len(same) == 1 and stem not in {"capture", "ears", "hub"} else f"{stem} {at}"
