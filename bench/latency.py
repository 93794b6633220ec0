# SPDX-License-Identifier: GPL-2.0-or-later
"""How long it takes from an upload's first packet on the wire until it is known, can be read, and is judged.

    python -m bench.latency [--seconds 90]

Needs the right to make network namespaces. Speakers talk at a bridge of the real kernel; the services run as they are
installed. "Known" is the detector's word in frame time; "readable" is when a reader that looks every few milliseconds
finds the row; "verdict" is when it finds the first verdict; the message is one to a webhook, which is told of every
verdict. A verdict waits, by the rules, for the upload to be long enough and for the ears to have reported.
"""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import get_args

import click
import numpy as np

from appliance.events import FlowKey, Service, Tell, Upload
from appliance.household import Caps, Channel, Household, Loudness, Secrets
from appliance.ledger import Reader
from appliance.ledger.rows import UPLOAD, VERDICT
from appliance.limits import ALERTS_A_DAY, ALERTS_AN_HOUR
from appliance.rules.verdicts import VerdictName
from appliance.settings import Paths
from tests.e2e.house import Appliance, House, until
from tests.e2e.minute import Playing, arrive_and_talk, minute, simulated, soon
from tests.network import Namespace
from tests.notify.receiver import Reaction, Receiver

Key = tuple[FlowKey, float]
LOOK_S = 0.005
SETTLED_S = 12


class Watch:
    """Looks at the ledger again and again, and notes when each upload and each first verdict is there."""

    def __init__(self, appliance: Appliance) -> None:
        self.uploads: dict[Key, Upload] = {}
        self.readable: dict[Key, float] = {}
        self.judged: dict[Key, float] = {}
        self.entries: dict[int, Key] = {}  # the ids under which messages know uploads
        self.told: dict[int, float] = {}
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
            if verdict.upload and verdict.upload.key not in self.judged:
                self.judged[verdict.upload.key] = self.now()
                self.entries[number] = verdict.upload.key

    def hear(self, receiver: Receiver, at: Sequence[float]) -> None:
        """Note when each upload's first message came."""
        for request, came in zip(receiver.requests, at, strict=False):
            key = json.loads(request.body)["key"]
            self.told.setdefault(int(key.removeprefix("upload-")), came)

    def now(self) -> float:
        """Return the steady time."""
        return self._appliance.steady(time.clock_gettime_ns(time.CLOCK_BOOTTIME))


def measure(folder: Path, seconds: float) -> Watch:
    """Play, and watch."""
    came: list[float] = []
    talking = minute(simulated(folder / "play", seconds, arrive_and_talk))
    with (
        closing(House()) as house,
        closing(Appliance(folder / "appliance", house.bridge, watch="everything")) as ours,
        inside(house.bridge, lambda _number: note(came, watch)) as receiver,
    ):
        watch = Watch(ours)
        tell_everything(ours.settings.paths, receiver.url)
        ours.start(Service.CAPTURE, Service.HUB)
        begin = soon()
        happens = talking.moved(ours.steady(begin))
        ours.hear(happens.heard.sounds)
        playing = Playing(happens, house.wires(), begin)
        over = ours.steady(begin) + seconds + SETTLED_S
        with closing(Reader(ours.settings.paths.ledger)) as reader:
            while watch.now() < over:
                watch.look(reader)
                time.sleep(LOOK_S)
        print(f"frames went out up to {playing.finish().late * 1000:.0f} ms late")
        until("the services to be there", lambda: ours.at_work(Service.HUB))
        watch.hear(receiver, came)
    return watch


def inside(bridge: Namespace, react: Callable[[int], Reaction]) -> Receiver:
    """Make a receiver where the services are."""
    bridge.run("ip link set lo up")
    with bridge.inside():
        return Receiver(react)


def note(came: list[float], watch: Watch) -> Reaction:
    """Note when a message came, and take it."""
    came.append(watch.now())
    return Reaction()


def tell_everything(paths: Paths, url: str) -> None:
    """Have a webhook be told of every verdict at once."""
    names = get_args(VerdictName)
    Household(paths.household).change(
        caps=Caps(an_hour=ALERTS_AN_HOUR, a_day=ALERTS_A_DAY, cooldown_minutes=0),
        channels=(Channel(id="hook", kind="webhook", name="Hook"),),
        loudness=tuple(Loudness(verdict=name, tell=Tell.ALERT) for name in names),
    )
    Secrets(paths.secrets).put("hook", {"url": url})


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
    told = {watch.entries[id_]: at for id_, at in watch.told.items() if id_ in watch.entries}
    show("to the message at a webhook", [at - started[key] for key, at in told.items() if key in started])
    show("from known to readable", [at - watch.uploads[key].known_at for key, at in watch.readable.items()])
    show("from readable to the first verdict", [at - watch.readable[key] for key, at in watch.judged.items()])


if __name__ == "__main__":
    main()
