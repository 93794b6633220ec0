# SPDX-License-Identifier: GPL-2.0-or-later
"""Evidence of each upload, collected while it is told and written when it is over: the only part that touches the disk.

Files are written by a thread of their own, so that the capture never waits for a card. What goes wrong there is counted
and told; nothing else stops for it.
"""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from appliance.capture.frames import Frames, Packets
from appliance.events import Correction, FlowKey, Upload
from appliance.evidence.file import render
from appliance.evidence.keep import Keep
from appliance.evidence.shelf import Shelf, ShelfError, evidence_key
from appliance.limits import (
    EVIDENCE_AFTER_S,
    EVIDENCE_BEFORE_S,
    EVIDENCE_COLLECTED,
    EVIDENCE_UPLOAD_S,
    EVIDENCE_WAITING,
)
from appliance.settings import EvidenceSettings
from appliance.speakers.inventory import MAC
from appliance.uploads import Recollection

Recollect = Callable[[str], Recollection]  #: what is known of a device now, such as ``Watcher.recollect``


class Evidence:
    """Takes the frames and the facts that came of them; puts a capture of each upload on the shelf."""

    def __init__(  # noqa: PLR0913 - what evidence is made of
        self,
        folder: Path,
        settings: EvidenceSettings,
        recollect: Recollect,
        *,
        boot: str,
        simulated: bool = False,
        patient: bool = False,
    ) -> None:
        """Take where evidence goes, what tells of a device, and the kernel's name of this run of the machine.

        ``patient``: who feeds it may wait for the disk, as a replay can and live frames cannot. Problems with the
        folder are told as all others are, by ``problem``. The thread has the rights that whoever makes it has left.
        """
        self.written = 0  #: captures put on the shelf
        self.failed = 0  #: captures that could not be
        self.missed = 0  #: uploads of which there was nothing to keep, or too many at once
        self.problem = ""  #: what went wrong last, in words; empty as soon as it goes right again
        self._shelf = Shelf(folder, settings)
        self._keep = Keep(whole=settings.whole)
        self._settings, self._recollect = settings, recollect
        self._boot, self._simulated, self._patient = boot, simulated, patient
        self._macs: tuple[int, ...] = ()
        self._clock = Correction(0.0, 0.0, synchronised=False)
        self._open: dict[tuple[FlowKey, float], Upload] = {}
        self._closed: deque[tuple[FlowKey, float]] = deque(maxlen=EVIDENCE_COLLECTED)
        self._jobs: queue.Queue[Callable[[], object] | None] = queue.Queue(EVIDENCE_WAITING)
        self._thread = threading.Thread(target=self._work, name="evidence", daemon=True)
        self._thread.start()
        self._jobs.put(self._begin)

    def watch(self, macs: Iterable[int]) -> None:
        """Keep the frames of these speakers from now on."""
        self._macs = tuple(macs)
        self._keep.watch(self._macs if self._settings.keep else ())

    def keep_by(self, settings: EvidenceSettings) -> None:
        """Keep by other settings from now on; what is on the shelf stays until it is too old."""
        self._settings = settings
        self._shelf = Shelf(self._shelf.folder, settings)
        self._keep.whole = settings.whole
        self.watch(self._macs)

    def feed(self, frames: Frames) -> None:
        """Take the next frames, in steady time."""
        self._keep.feed(frames)

    def take(self, facts: Iterable[object], now: float) -> None:
        """Take the facts that the last frames made known, and the steady time up to which all frames were fed.

        Looks at uploads and corrections of the clock, and passes all others over.
        """
        for fact in facts:
            if isinstance(fact, Correction):
                self._clock = fact
            elif isinstance(fact, Upload) and self._settings.keep:
                self._note(fact)
        for upload in [upload for upload in self._open.values() if self._over(upload, now)]:
            self._close(upload, now)

    def close(self) -> None:
        """Write what was collected so far, and return when it is on the disk."""
        for upload in list(self._open.values()):
            self._close(upload, upload.time + EVIDENCE_UPLOAD_S, wait=True)
        self._jobs.put(None)
        self._thread.join()

    @property
    def counts(self) -> dict[str, int]:
        """What was turned away, in words."""
        return {
            "uploads without evidence": self.missed,
            "evidence that could not be written": self.failed,
            "frames that found no room in evidence": self._keep.dropped,
        }

    def _note(self, upload: Upload) -> None:
        """Begin to collect frames of an upload, or go on with what is new of it."""
        if upload.key in self._closed:  # it was written when it had become too long
            return
        if upload.key not in self._open:
            mac = _mac(upload)
            if len(self._open) >= EVIDENCE_COLLECTED or not self._keep.watches(mac):
                self.missed += 1
                return
        self._open[upload.key] = upload
        self._hold(upload)

    def _over(self, upload: Upload, now: float) -> bool:
        if self._keep.full(_mac(upload)) or now - upload.started_at > EVIDENCE_UPLOAD_S:
            return True
        return upload.ended_at is not None and now >= upload.time + EVIDENCE_AFTER_S

    def _close(self, upload: Upload, now: float, *, wait: bool = False) -> None:
        """Have what was collected of an upload written, and forget it."""
        until = now if upload.ended_at is None else min(now, upload.time + EVIDENCE_AFTER_S)
        packets = self._keep.between(_mac(upload), upload.started_at - EVIDENCE_BEFORE_S, until)
        offset = self._clock.offset
        known = self._recollect(upload.flow.device)
        del self._open[upload.key]
        self._closed.append(upload.key)
        self._hold(upload)
        if len(packets.at):
            self._do(partial(self._write, packets, upload, known, offset), wait=wait)
        else:
            self.missed += 1

    def _hold(self, upload: Upload) -> None:
        """Hold the frames of all uploads of a device that are still collected."""
        since = [each.started_at for each in self._open.values() if each.flow.device == upload.flow.device]
        self._keep.hold(_mac(upload), min(since) - EVIDENCE_BEFORE_S if since else None)

    def _do(self, job: Callable[[], object], *, wait: bool = False) -> None:
        """Leave something to the thread, if it has room for it or we may wait."""
        try:
            self._jobs.put(job, block=wait or self._patient)
        except queue.Full:
            self.failed += 1
            self.problem = "the disk is too slow for evidence"

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except (ShelfError, OSError, ValueError) as error:
                self.failed += 1
                self.problem = str(error)

    def _begin(self) -> None:
        self._shelf.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self._shelf.sweep()

    def _write(self, packets: Packets, upload: Upload, known: Recollection, offset: float) -> None:
        whole, simulated = self._settings.whole, self._simulated
        content = render(packets, upload, known, boot=self._boot, offset=offset, whole=whole, simulated=simulated)
        key = evidence_key(self._boot, upload)
        self._shelf.add(key, upload.flow.device, upload.started_at + offset, content)
        self.written += 1
        self.problem = ""


def _mac(upload: Upload) -> int:
    """Return the MAC address of an upload's device as a number; -1 if it has none."""
    device = upload.flow.device
    return int(device.replace(":", ""), 16) if MAC.fullmatch(device) else -1
