# SPDX-License-Identifier: GPL-2.0-or-later
"""One file with all that the household made and saw, as of one moment, while everybody goes on.

With a passphrase it is closed by age and whole; without one it lacks what opens something: accounts, channels' secrets,
the authority of the home's certificates. Evidence captures are not in it: they are many, large, and age within weeks.
"""

import json
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

from appliance import __version__
from appliance.health.machine import read_disk
from appliance.ledger import LedgerError, Reader, back_up
from appliance.ledger.migrate import steps
from appliance.limits import ARCHIVE_CHUNK_BYTES, ARCHIVE_PART_BYTES
from appliance.settings import Paths
from appliance.upkeep.age import Sealer
from appliance.upkeep.archive import ABOUT, END, LEDGER, head, padding, parts_of

FORMAT = 1


class BackupError(Exception):
    """No backup can be made; says why, and what helps."""


def backup(settings_file: Path, paths: Paths, passphrase: str, now: float) -> Iterator[bytes]:
    """Yield the backup, bytes after bytes; ``now`` is wall-clock time. Raises BackupError, at the first of them mostly.

    The ledger is copied first, so that all of it is of one moment; that takes its size on the disk for so long.
    """
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=_roomy(paths)) as folder:
        copy = Path(folder) / "ledger.sqlite"
        try:
            with closing(Reader(paths.ledger)) as reader:
                back_up(reader, copy)
            yield from _closed(
                _compressed(_archived(settings_file, paths, copy, now, private=bool(passphrase))), passphrase
            )
        except (OSError, LedgerError) as error:
            raise BackupError(f"no backup could be made: {error}") from error


def _roomy(paths: Paths) -> Path:
    """Return the folder in which there is room for a copy of the ledger."""
    disk = read_disk(paths.state)
    try:
        size = paths.ledger.stat().st_size
    except OSError as error:
        raise BackupError(f"{paths.ledger}: {error.strerror}: there is nothing to keep yet") from error
    if disk is None or disk.free < 2 * size:
        raise BackupError(f"{paths.state}: too little of the disk is free for a copy of the ledger ({size} bytes)")
    return paths.state


def _archived(settings_file: Path, paths: Paths, ledger: Path, now: float, *, private: bool) -> Iterator[bytes]:
    about = {"format": FORMAT, "version": __version__, "ledger": len(steps()), "made_at": now, "private": private}
    yield from _small(ABOUT, json.dumps(about).encode(), now)
    for part in parts_of(settings_file, paths):
        if private or not part.private:
            yield from _small(part.name, part.content(), now)
    size = ledger.stat().st_size
    yield head(LEDGER, size, now)
    with ledger.open("rb") as file:
        while chunk := file.read(ARCHIVE_CHUNK_BYTES):
            yield chunk
    yield padding(size) + END


def _small(name: str, content: bytes, now: float) -> Iterator[bytes]:
    if len(content) > ARCHIVE_PART_BYTES:
        raise BackupError(f"{name} has {len(content)} bytes, which cannot be right")
    yield head(name, len(content), now) + content + padding(len(content))


def _compressed(plain: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=31)
    for chunk in plain:
        yield packer.compress(chunk)
    yield packer.flush()


def _closed(plain: Iterator[bytes], passphrase: str) -> Iterator[bytes]:
    """Close it, if there is a passphrase."""
    if not passphrase:
        yield from filter(None, plain)
        return
    out = BytesIO()
    sealer = Sealer(out, passphrase)
    for chunk in plain:
        sealer.write(chunk)
        if out.tell():
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    sealer.close()
    yield out.getvalue()
