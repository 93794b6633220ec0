# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures for a monitoring system, in Prometheus' text format."""

from collections import Counter
from collections.abc import Iterator
from threading import Lock

from flask import Response, current_app
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.types import ResponseDict
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from appliance.ledger import Reader
from appliance.ledger.rows import VERDICT
from web.access import Access, Scope, access
from web.api.events import stream_of
from web.api.resource import TOKEN, operation, problems
from web.api.status import CaptureItem, StatusAnswer, status_of
from web.house import House, the_house

_KEY = "earwitness-verdicts"
_TEXT: ResponseDict = {
    "200": {"description": "Prometheus' text format.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
_NEW = "SELECT verdict, tell, count(*) FROM verdict WHERE id > ? AND id <= ? AND final GROUP BY 1, 2"

metrics = APIBlueprint(
    "metrics",
    __name__,
    abp_tags=[Tag(name="metrics", description="Figures for a monitoring system.")],
    abp_security=TOKEN,
    abp_responses=problems(401, 403, 429, 503),
    operation_id_callback=operation,
)


@metrics.get("/metrics", responses=_TEXT)
@access(Access.VIEWER, scope=Scope.METRICS)
def get_metrics() -> Response:
    """Return the figures of this moment; a token of the scope metrics opens this and nothing else."""
    house, tally = the_house(), current_app.extensions[_KEY]
    registry = CollectorRegistry()
    registry.register(_Figures(house, tally.count(house), len(stream_of(current_app.extensions))))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def keep_metrics(extensions: dict[str, object]) -> None:
    """Remember in a Flask application's ``extensions`` what is counted from one look to the next."""
    extensions[_KEY] = Tally()


class Tally:
    """Final verdicts, counted as they come: what the ledger forgets stays counted, as counters must. Any thread."""

    def __init__(self) -> None:
        self._last = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    def count(self, house: House) -> dict[tuple[str, str], int]:
        """Return how many there were of each verdict and tell."""
        with self._lock, house.reader() as reader:
            self._read(reader)
            return dict(self._counts)

    def _read(self, reader: Reader) -> None:
        with reader.one_view():
            last = reader.last(VERDICT)
            rows = reader.rows(_NEW, (min(self._last, last), last))
        self._counts.update({(verdict, tell): count for verdict, tell, count in rows})
        self._last = last


class _Figures(Collector):
    """The figures of one moment."""

    def __init__(self, house: House, verdicts: dict[tuple[str, str], int], streams: int) -> None:
        self._house, self._verdicts, self._streams = house, verdicts, streams

    def collect(self) -> Iterator[Metric]:
        """Yield them."""
        status = status_of(self._house)
        yield InfoMetricFamily(
            "earwitness", "Versions.", {"version": status.version, "rules": self._house.rules.version}
        )
        yield from _state(status)
        yield from _sight(status)
        yield from _hearing(status)
        if status.capture:
            yield from _frames(status.capture)
        verdicts = CounterMetricFamily(
            "earwitness_verdicts", "Final verdicts in the ledger.", labels=("verdict", "tell")
        )
        for names, count in sorted(self._verdicts.items()):
            verdicts.add_metric(names, count)
        yield verdicts
        yield GaugeMetricFamily("earwitness_streams", "Streams of events that are open.", self._streams)


def _state(status: StatusAnswer) -> Iterator[Metric]:
    up = GaugeMetricFamily("earwitness_service_up", "Whether a service runs.", labels=("service",))
    for service in status.services:
        up.add_metric((service.service,), service.running)
    yield up
    findings = GaugeMetricFamily("earwitness_findings_open", "Findings that are open.", labels=("kind",))
    for kind, count in Counter(each.kind for each in status.findings).items():
        findings.add_metric((kind,), count)
    yield findings
    yield GaugeMetricFamily("earwitness_clock_synchronised", "A time server keeps the clock.", status.synchronised)
    yield GaugeMetricFamily("earwitness_speakers_watched", "Speakers that are watched.", status.speakers)
    yield GaugeMetricFamily("earwitness_uploads_open", "Uploads that go on.", status.open_uploads)


def _sight(status: StatusAnswer) -> Iterator[Metric]:
    covered = GaugeMetricFamily(
        "earwitness_covered_until_timestamp_seconds", "Up to when a source has watched.", labels=("source",)
    )
    if status.capture:
        covered.add_metric(("capture",), status.capture.covered_until)
    for ear in status.ears:
        covered.add_metric((ear.ear,), ear.covered_until)
    yield covered
    if status.judged_until is not None:
        yield GaugeMetricFamily(
            "earwitness_judged_until_timestamp_seconds", "Up to when everything is judged.", status.judged_until
        )


def _hearing(status: StatusAnswer) -> Iterator[Metric]:
    level = GaugeMetricFamily("earwitness_ear_level_dbfs", "How loud it is at an ear.", labels=("ear",))
    lost = CounterMetricFamily("earwitness_ear_lost", "Stretches of sound that were missed.", labels=("ear",))
    for ear in status.ears:
        if ear.level is not None:
            level.add_metric((ear.ear,), ear.level)
        lost.add_metric((ear.ear,), ear.lost)
    yield from (level, lost)


def _frames(capture: CaptureItem) -> Iterator[Metric]:
    yield CounterMetricFamily("earwitness_frames", "Frames that were captured.", value=capture.packets)
    yield CounterMetricFamily("earwitness_frame_bytes", "Bytes of these.", value=capture.bytes)
    yield CounterMetricFamily("earwitness_frames_lost", "Frames that were lost.", value=capture.lost)
    if capture.last_packet is not None:
        yield GaugeMetricFamily(
            "earwitness_last_frame_timestamp_seconds", "When the last frame came.", capture.last_packet
        )
    carrier = GaugeMetricFamily("earwitness_port_carrier", "A port has a connection.", labels=("interface",))
    dropped = CounterMetricFamily("earwitness_port_dropped", "Frames the kernel dropped.", labels=("interface",))
    for port in capture.ports:
        carrier.add_metric((port.interface,), port.carrier)
        dropped.add_metric((port.interface,), port.dropped)
    yield from (carrier, dropped)
    shed = CounterMetricFamily("earwitness_shed", "What a bound turned away.", labels=("what",))
    for what, count in sorted(capture.shed.items()):
        shed.add_metric((what,), count)
    yield shed
