# SPDX-License-Identifier: GPL-2.0-or-later
"""What is new: one thread looks at the ledger and the status files, and tells all who listen."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import Annotated, Any

from flask import Flask
from pydantic import Field

from appliance.diary.noted import Noted
from appliance.diary.since import since
from appliance.events import Device, Upload
from appliance.ledger import LedgerError, Reader
from appliance.ledger.rows import DEVICE, FINDINGS, SPEECH, UPLOAD, VERDICT, WAKE, Table
from appliance.limits import NEWS_LOOK_S, NEWS_STATUS_S, STREAM_RING
from appliance.report.contract import Part, UploadPart
from appliance.report.jsonl import device_line, upload_part
from appliance.serve import WARNING, say
from web.api.events import stream_of
from web.api.findings import FindingItem
from web.api.resource import At, at
from web.api.sounds import speech_item, wake_item
from web.api.status import status_of
from web.api.verdicts import verdicts_since
from web.house import House
from web.language import as_if_asked
from web.stream import MISSED


class UploadNews(UploadPart):
    """An upload as it is announced, and once more when it has ended; its verdicts come apart."""

    at: At
    ended: Annotated[bool, Field(description="False: it goes on; what is said of its end is how far it is known.")]
    simulated: bool


def _upload(found: Noted[Upload]) -> UploadNews:
    upload = found.fact
    ended, simulated = upload.ended_at is not None, found.simulated
    return UploadNews(**dict(upload_part(upload)), at=at(upload.started_at), ended=ended, simulated=simulated)


def _device(found: Noted[Device]) -> Part:
    return device_line(found.fact)


#: What is told of each table's facts, and how; verdicts beside them, by their own way.
_TOLD: tuple[tuple[Table[Any], str, Callable[[Noted[Any]], Part]], ...] = (
    (UPLOAD, "upload", _upload),
    (WAKE, "wake", wake_item),
    (SPEECH, "speech", speech_item),
    (DEVICE, "device", _device),
    *((table, "finding", FindingItem.of) for table in FINDINGS.values()),
)


class News:
    """What came since the last look; belongs to the thread that made it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._seen = reader.changed()
        self._last = {table: reader.last(table) for table, _, _ in _TOLD}
        self._judged = reader.last(VERDICT)

    def look(self) -> Iterator[tuple[str, str]]:
        """Yield kind and data of what is new, as JSON."""
        changed = self._reader.changed()
        if changed == self._seen:
            return
        for table, kind, item in _TOLD:
            came = since(self._reader, table, self._last[table], STREAM_RING)
            self._last[table] = came.last
            if came.left_out:
                yield MISSED, f'{{"missed":{came.left_out}}}'
            for each in came.noted:
                yield kind, item(each).model_dump_json()
        self._judged = min(self._judged, self._reader.last(VERDICT))
        self._judged, verdicts = verdicts_since(self._reader, self._judged, STREAM_RING)
        for verdict in verdicts:
            yield "verdict", verdict.model_dump_json()
        if self._judged == self._reader.last(VERDICT):
            self._seen = changed


class Reporter:
    """Tells the stream of an application what is new in its house, in a thread of its own, until it is closed."""

    def __init__(self, app: Flask, house: House) -> None:
        self._app, self._house, self._stream = app, house, stream_of(app.extensions)
        self._ending = Event()
        self._thread = Thread(target=self._run, name="news", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End all streams, so that the server can stop, and then the looking."""
        self._stream.close()
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with suppress(LedgerError), self._house.reader() as reader:  # mended or put back, it is opened anew
                    self._follow(reader)
            except Exception as error:  # noqa: BLE001 - whatever it is, those who listen shall not be left for ever
                say(WARNING, f"what is new could not be told: {error!r}")
            self._ending.wait(NEWS_LOOK_S)

    def _follow(self, reader: Reader) -> None:
        """Tell what comes, as long as the ledger is this file."""
        news, file, shown = News(reader), _file(reader), 0.0
        while not self._ending.wait(NEWS_LOOK_S) and _file(reader) == file:
            for kind, data in news.look():
                self._stream.tell(kind, data)
            if len(self._stream) and monotonic() - shown >= NEWS_STATUS_S:
                shown = monotonic()
                self._stream.show("status", self._status)

    def _status(self, language: str) -> str:
        with as_if_asked(self._app, language):
            return status_of(self._house).model_dump_json()


def _file(reader: Reader) -> int | None:
    """Return which file the ledger is now."""
    try:
        return reader.path.stat().st_ino
    except OSError:
        return None
