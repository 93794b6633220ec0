# SPDX-License-Identifier: GPL-2.0-or-later
"""The disk: facts that cannot be written wait in memory, and a power cut takes them."""

from collections.abc import Iterator

from appliance.events import Evidence
from appliance.health.reading import Disk, Reading
from appliance.health.trouble import Trouble
from appliance.limits import BACKLOG_AFTER_S, DISK_CALM_S, DISK_FREE_BYTES
from appliance.report.words import counted, size


def storage(reading: Reading) -> Iterator[Trouble]:
    """Yield what is wrong with the disk, and whether facts wait to be written."""
    if reading.machine.disk:
        yield from disk_troubles(reading.machine.disk)
    if reading.backlog:
        yield Trouble(
            "ledger-unwritten",
            f"{counted(reading.backlog, 'fact')} wait to be written to the ledger; a power cut would take them.",
            "It is tried again by itself; see the other findings for the disk, or run earwitness doctor.",
            figures=(Evidence("backlog", reading.backlog, "facts that wait"),),
            after=BACKLOG_AFTER_S,
        )


def disk_troubles(disk: Disk) -> Iterator[Trouble]:
    """Yield what is wrong with the disk itself."""
    if disk.read_only:
        yield Trouble(
            "disk-read-only",
            "The disk that holds the ledger can only be read: no fact can be kept.",
            "A card that fails does that: see the kernel's log by dmesg, back up the ledger, and change the card.",
        )
    if disk.free < DISK_FREE_BYTES:
        yield Trouble(
            "disk-full",
            f"Only {size(disk.free)} of {size(disk.size)} are free on the disk that holds the ledger.",
            "Make room on it, or let the ledger and the evidence keep less: max_mb in the settings.",
            figures=(Evidence("free_bytes", disk.free, "bytes that are free"),),
            calm=DISK_CALM_S,
        )
