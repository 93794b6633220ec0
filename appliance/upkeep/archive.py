# SPDX-License-Identifier: GPL-2.0-or-later
"""What a backup is made of: a compressed tar archive of small files and the ledger, written and read as it flows.

It is read by its 512-byte heads alone, and only plain files with names that we know come out of it: tar's own ways to
make folders, links and long names mean nothing here.
"""

import re
import tarfile
import zlib
from collections.abc import Iterator
from gzip import GzipFile
from pathlib import Path
from typing import BinaryIO, NamedTuple

from appliance.limits import ARCHIVE_CHUNK_BYTES, ARCHIVE_PART_BYTES, ARCHIVE_PARTS, ARCHIVE_WHOLE_BYTES
from appliance.settings import Paths

ABOUT = "about.json"
SETTINGS = "etc/earwitness.toml"
LEDGER = "state/ledger.sqlite"
_BLOCK = 512
_NAME = r"[\w][\w .@-]{0,60}"


class ArchiveError(Exception):
    """This is no backup of ours, or it is damaged; says what is wrong."""


class Part(NamedTuple):
    """One small file of a backup."""

    name: str  #: in the archive
    path: Path
    private: bool  #: it opens something: never in a backup without a passphrase
    always: bool = False  #: kept as an empty one if there is none, so that a restore leaves nothing newer

    def content(self) -> bytes:
        """Return what is in it. Raises OSError."""
        return b"{}" if self.always and not self.path.exists() else self.path.read_bytes()


def parts_of(settings_file: Path, paths: Paths) -> list[Part]:
    """Return the small files that are there to be kept; the ledger comes beside."""
    certificates = paths.certificates
    fixed = [
        Part(SETTINGS, settings_file, private=False),
        Part("state/registry.json", paths.registry, private=False, always=True),
        Part("state/household.json", paths.household, private=False, always=True),
        Part("state/satellites.json", paths.satellites, private=True),
        Part("state/accounts.json", paths.state / "accounts.json", private=True),
        Part("state/secrets/channels.json", paths.secrets, private=True, always=True),
        Part("state/certificates/authority.pem", certificates / "authority.pem", private=True),
    ]
    rules = [Part(f"etc/rules.d/{path.name}", path, private=False) for path in sorted(paths.rules.glob("*.yaml"))]
    heads = [Part(f"state/heads/{path.name}", path, private=False) for path in sorted(paths.state.glob("heads/*.npz"))]
    return [part for part in (*fixed, *rules, *heads) if (part.always or part.path.is_file()) and known(part.name)]


def known(name: str) -> bool:
    """Say whether a file of that name may be in a backup."""
    fixed = "satellites|household|registry|accounts|secrets/channels"
    pattern = rf"about\.json|etc/earwitness\.toml|etc/rules\.d/{_NAME}\.yaml|state/(?:{fixed})\.json|"
    pattern += rf"state/certificates/authority\.pem|state/heads/{_NAME}\.npz|state/ledger\.sqlite"
    return re.fullmatch(pattern, name, re.ASCII) is not None


def head(name: str, size: int, now: float) -> bytes:
    """Return the head of a file in the archive."""
    info = tarfile.TarInfo(f"earwitness/{name}")
    info.size, info.mtime, info.mode = size, int(now), 0o600
    return info.tobuf(tarfile.USTAR_FORMAT)


def padding(size: int) -> bytes:
    """Return what fills up the last block of a file of that size."""
    return bytes(-size % _BLOCK)


#: What ends an archive.
END = bytes(2 * _BLOCK)


def read_parts(source: BinaryIO) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Yield name, size and content of each file: read each content before going on. Raises ArchiveError."""
    plain = GzipFile(fileobj=source, mode="rb")
    whole = 0
    for _ in range(ARCHIVE_PARTS):
        block = _exactly(plain, _BLOCK)
        if not any(block):
            return
        name, size = _entry(block)
        whole += size
        if size > (ARCHIVE_WHOLE_BYTES if name == LEDGER else ARCHIVE_PART_BYTES) or whole > ARCHIVE_WHOLE_BYTES:
            raise ArchiveError(f"{name} in it is too large ({size} bytes)")
        yield name, size, _content(plain, size)
        _exactly(plain, -size % _BLOCK)
    raise ArchiveError(f"there are more than {ARCHIVE_PARTS} files in it")


def _entry(block: bytes) -> tuple[str, int]:
    try:
        info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, ValueError):
        raise ArchiveError("it is damaged") from None
    name = info.name.removeprefix("earwitness/")
    if not info.isreg() or info.size < 0 or not known(name):
        raise ArchiveError(f"{name[:80]!r} in it is nothing of ours")
    return name, info.size


def _content(plain: GzipFile, size: int) -> Iterator[bytes]:
    while size:
        chunk = _exactly(plain, min(size, ARCHIVE_CHUNK_BYTES))
        size -= len(chunk)
        yield chunk


def _exactly(plain: GzipFile, size: int) -> bytes:
    """Return so many bytes of what was compressed."""
    found = b""
    try:
        while len(found) < size and (more := plain.read(size - len(found))):
            found += more
    except (OSError, EOFError, zlib.error):
        raise ArchiveError("it is damaged, or no backup") from None
    if len(found) < size:
        raise ArchiveError("it is cut short")
    return found
