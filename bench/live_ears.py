# SPDX-License-Identifier: GPL-2.0-or-later
"""The ears' service with a microphone: start, processor, memory, and how long after a word its row is in the ledger.

    python -m bench.live_ears ../shared/corpus/speech/{alexa,computer}-*.wav

Each recording's word is heard in real time, two seconds of a quiet room between them, through arecord and a named pipe
(tests/microphones.py); the service listens for all words that it has models for.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import click
import numpy as np

from appliance.clocks import read_clocks
from appliance.ears.augment import samples_of
from appliance.ears.engine import Samples
from appliance.ears.enrol import EnrolError, word_in
from appliance.ledger import Reader
from appliance.ledger.rows import WAKE
from appliance.listening.enrolment import recording
from appliance.settings import Paths
from appliance.status import EarStatus, read_status
from tests.microphones import VirtualMicrophone

_PAUSE_S = 2.0
_SECOND = os.sysconf("SC_CLK_TCK")


@click.command()
@click.argument("recordings", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(recordings: tuple[Path, ...]) -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory() as folder, VirtualMicrophone(Path(folder)) as microphone:
        place = Path(folder)
        began = time.monotonic()
        service = subprocess.Popen(_command(place), env=_environment(place, microphone))
        try:
            _until_it_listens(place)
            print(f"start until it listens: {time.monotonic() - began:.1f} s")
            cpu, since = _cpu(service.pid), time.monotonic()
            late = list(_latencies(place, microphone, list(_words(recordings))))
            share = (_cpu(service.pid) - cpu) / (time.monotonic() - since)
        finally:
            rss = Path(f"/proc/{service.pid}/statm").read_text(encoding="ascii").split()[1]
            service.terminate()
            service.wait()
    found = [each for each in late if each is not None]
    print(f"processor: {share:.1%} of a core; memory: {int(rss) * os.sysconf('SC_PAGE_SIZE') / 1e6:.0f} MB")
    middle, most = np.percentile(found, [50, 95])
    print(f"end of the word to its row: {middle:.2f} s in the median, {most:.2f} s at 95 %, {max(found):.2f} s at most")
    print(f"heard: {len(found)} of {len(late)}")


def _command(place: Path) -> list[str]:
    file = place / "settings.toml"
    paths = "".join(f'{name} = "{place / name}"\n' for name in ("state", "run", "rules"))
    file.write_text(f'[[ears.microphones]]\nname = "m"\ndevice = "virtual"\n[paths]\n{paths}')
    return [str(Path(sys.executable).with_name("earwitness")), "ears", "--settings", str(file)]


def _environment(place: Path, microphone: VirtualMicrophone) -> dict[str, str]:
    alone = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # as its unit has it
    return os.environ | alone | {"ALSA_CONFIG_PATH": str(microphone.config(place / "asound.conf"))}


def _until_it_listens(place: Path) -> None:
    while not (status := read_status(place / "run", "ears", EarStatus)) or status.ears["m"].covered_until == 0:
        time.sleep(0.05)
    while (status := read_status(place / "run", "ears", EarStatus)) and status.ears["m"].level in {None, -96.0}:
        time.sleep(0.05)


def _words(recordings: tuple[Path, ...]) -> Iterator[tuple[str, Samples]]:
    """Yield the word that a recording is called after, and the word in it."""
    for each in recordings:
        with suppress(EnrolError):
            yield each.stem.rsplit("-", 1)[0].replace("_", " "), samples_of(word_in(recording(each)))


def _latencies(place: Path, microphone: VirtualMicrophone, words: list[tuple[str, Samples]]) -> Iterator[float | None]:
    """Yield for each word how many seconds after its end there was a row, None if there was none."""
    with closing(Reader(Paths(state=place / "state").ledger)) as reader:
        for word, sound in words:
            before = reader.last(WAKE)
            ended_at = microphone.say(sound)
            until = ended_at + _PAUSE_S
            told: float | None = None
            while (now := read_clocks().boot / 1e9) < until:
                rows = reader.facts(WAKE, "WHERE id > ? AND word = ? AND NOT near_miss", (before, word))
                if told is None and rows:
                    told = now - ended_at
                time.sleep(0.01)
            yield told


def _cpu(pid: int) -> float:
    """Return how many seconds a process and the one that it reads from have computed."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    stats = [Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split() for each in [pid, *children]]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / _SECOND


if __name__ == "__main__":
    main()
