# SPDX-License-Identifier: GPL-2.0-or-later
"""How long it takes from an upload's first packet on the wire until it is known, can be read, and is judged.

    python -m bench.latency [--seconds 90]

Needs the right to make network namespaces. Speakers talk at a bridge of the real kernel; the services run as they are
installed. "Known" is the detector's word in frame time; "readable" is when a reader that looks every few milliseconds
finds the row; "verdict" is when it finds the first verdict. A verdict waits, by the rules, for the upload to be long
enough and for the ears to have reported.
"""

import tempfile
import time
from contextlib import closing
from pathlib import Path

import click
import numpy as np

from appliance.events import FlowKey, Service, Upload
from appliance.ledger import Reader
from appliance.ledger.rows import UPLOAD, VERDICT
from tests.e2e.house import Appliance, House, until
from tests.e2e.minute import Playing, arrive_and_talk, minute, simulated, soon

Key = tuple[FlowKey, float]
LOOK_S = 0.005
SETTLED_S = 12


class Watch:
    """Looks at the ledger again and again, and notes when each upload and each first verdict is there."""

    def __init__(self, appliance: Appliance) -> None:
        self.uploads: dict[Key, Upload] = {}
        self.readable: dict[Key, float] = {}
        self.judged: dict[Key, float] = {}
        self._appliance = appliance
        self._last = {UPLOAD.name: 0, VERDICT.name: 0}

    def look(self, reader: Reader) -> None:
        """Look once."""
        for number, upload in reader.facts(UPLOAD, "WHERE id > ? ORDER BY id", [self._last[UPLOAD.name]]):
            self._last[UPLOAD.name] = number
            self.uploads.setdefault(upload.key, upload)
            self.readable.setdefault(upload.key, self.now())
        for number, verdict in reader.facts(VERDICT, "WHERE id > ? ORDER BY id", [self._last[VERDICT.name]]):
            self._last[VERDICT.name] = number
            if verdict.upload:
                self.judged.setdefault(verdict.upload.key, self.now())

    def now(self) -> float:
        """Return the steady time."""
        return self._appliance.steady(time.clock_gettime_ns(time.CLOCK_BOOTTIME))


def measure(folder: Path, seconds: float) -> Watch:
    """Play, and watch."""
    talking = minute(simulated(folder / "play", seconds, arrive_and_talk))
    with closing(House()) as house, closing(Appliance(folder / "appliance", house.bridge, watch="everything")) as ours:
        ours.start(Service.CAPTURE, Service.HUB)
        begin = soon()
        happens = talking.moved(ours.steady(begin))
        ours.hear(happens.heard.sounds)
        playing = Playing(happens, house.wires(), begin)
        watch = Watch(ours)
        over = ours.steady(begin) + seconds + SETTLED_S
        with closing(Reader(ours.settings.paths.ledger)) as reader:
            while watch.now() < over:
                watch.look(reader)
                time.sleep(LOOK_S)
        print(f"frames went out up to {playing.finish().late * 1000:.0f} ms late")
        until("the services to be there", lambda: ours.at_work(Service.HUB))
    return watch


def show(what: str, spans: list[float]) -> None:
    """Print one line of the table."""
    p50, p95, most = np.percentile(spans, (50, 95, 100))
    print(f"{what:44} {p50:6.2f} {p95:6.2f} {most:6.2f} s   n = {len(spans)}")


@click.command()
@click.option("--seconds", type=float, default=90.0, show_default=True)
def main(seconds: float) -> None:
    """Measure, and print p50, p95 and the most."""
    with tempfile.TemporaryDirectory() as folder:
        watch = measure(Path(folder), seconds)
    print(f"{'from the first packet on the wire':44} {'p50':>6} {'p95':>6} {'max':>6}")
    started = {key: upload.started_at for key, upload in watch.uploads.items()}
    show("to known", [upload.known_at - upload.started_at for upload in watch.uploads.values()])
    show("to readable in the ledger", [at - started[key] for key, at in watch.readable.items()])
    show("to the first verdict", [at - started[key] for key, at in watch.judged.items() if key in started])
    show("from known to readable", [at - watch.uploads[key].known_at for key, at in watch.readable.items()])
    show("from readable to the first verdict", [at - watch.readable[key] for key, at in watch.judged.items()])


if __name__ == "__main__":
    main()
