# SPDX-License-Identifier: GPL-2.0-or-later
"""The folder of evidence: what is in it is found by listing it; what is too much, too old or benign makes room.

Names are made of time, device and a hash, and end in what is known of the upload by now: ``.benign`` before the suffix
means that nobody needs to be told of it. The capture service adds files, the hub says which are benign and puts sounds
beside them; either may find that the other has just removed or renamed one.
"""

import os
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from appliance.disk import DRAFT, READABLE, replace_file, sync_folder
from appliance.events import Tell, Upload
from appliance.limits import EVIDENCE_BENIGN_S
from appliance.settings import EvidenceSettings

CAPTURE, SOUNDS = ".pcapng", ".sounds.jsonl"
_BENIGN = ".benign"
_NAME = re.compile(r"(\d{8}T\d{6}Z)-([0-9a-f]{12})-([0-9a-f]{16})(\.benign)?\.pcapng")
_TIME = "%Y%m%dT%H%M%SZ"
_MB = 1_000_000
_DAY_S = 86_400.0


class ShelfError(Exception):
    """A file could not be put on the shelf, or the shelf could not be read; says why, in words."""


class Kept(NamedTuple):
    """One capture on the shelf."""

    path: Path
    key: str  #: as ``evidence_key`` makes it
    device: str
    time: float  #: when its upload started, by the wall clock, in whole seconds
    size: int  #: bytes, with its sounds
    benign: bool  #: nobody needs to be told of its upload
    heard: bool  #: what ears heard lies beside it, so its upload has been judged


def evidence_key(boot: str, upload: Upload) -> str:
    """Return by what the evidence of an upload is found; ``boot`` is the kernel's name of the run of the machine."""
    return key_of(boot, " ".join(map(str, upload.flow)), upload.started_at)


def key_of(boot: str, about: str, moment: float) -> str:
    """Return the same by what the ledger notes of a verdict: on which flow it is, and when its upload started."""
    return sha256(f"{boot} {about} {moment!r}".encode()).hexdigest()[:16]


class Shelf:
    """A folder with caps. Everything raises ShelfError if the disk does not do its part."""

    def __init__(self, folder: Path, settings: EvidenceSettings) -> None:
        self.folder = folder
        self._settings = settings

    def kept(self) -> list[Kept]:
        """Return what is on the shelf, oldest first; nothing if there is no shelf."""
        names = self._names()
        return self._told(names, names)

    def unheard(self) -> list[Kept]:
        """Return the captures that no sounds lie beside: of hundreds the few newest."""
        names = self._names()
        heard = {each.removesuffix(SOUNDS) for each in names if each.endswith(SOUNDS)}
        captures = (each for each in names if each.endswith(CAPTURE))
        return self._told((each for each in captures if each.partition(".")[0] not in heard), names)

    def find(self, key: str) -> Kept | None:
        """Return the capture with that key."""
        names = self._names()
        return next(iter(self._told((each for each in names if f"-{key}." in each), names)), None)

    def add(self, key: str, device: str, started_at: float, content: bytes) -> Path:
        """Put a capture on the shelf, and drop what must make room for it; ``started_at`` by the wall clock."""
        time = datetime.fromtimestamp(max(started_at, 0.0), UTC).strftime(_TIME)
        path = self.folder / f"{time}-{device.replace(':', '')}-{key}{CAPTURE}"
        self._make_room(len(content))
        self._write(path, content)
        return path

    def add_sounds(self, key: str, lines: Iterable[str]) -> Path | None:
        """Put lines of a sounds file beside the capture with that key; None if that is not there."""
        kept = self.find(key)
        if kept is None:
            return None
        path = self.folder / _sounds_of(kept.path.name)
        self._write(path, "".join(f"{line}\n" for line in lines).encode())
        return path

    def settle(self, key: str, tell: Tell) -> None:
        """Note how loudly the final verdict on the upload is told: of what nobody is told is benign."""
        kept = self.find(key)
        if kept is None or kept.benign == (tell is Tell.NOBODY):
            return
        stem = kept.path.name.removesuffix(CAPTURE).removesuffix(_BENIGN)
        with _in_words(self.folder), suppress(FileNotFoundError):
            kept.path.rename(self.folder / f"{stem}{'' if kept.benign else _BENIGN}{CAPTURE}")
            sync_folder(self.folder)

    def drop(self, keys: Collection[str]) -> None:
        """Drop the captures with these keys, with their sounds."""
        if keys:
            self._drop(each for each in self.kept() if each.key in keys)

    def tidy(self, now: float) -> int:
        """Drop what is too old at ``now`` by the wall clock, and sounds without a capture; return how many captures.

        Only for clocks that are known to be right.
        """
        kept = self.kept()
        old = {each for each in kept if now - each.time > self._lasts(each)}
        self._drop(old)
        captures = {_sounds_of(each.path.name) for each in kept if each not in old}
        with _in_words(self.folder):
            for path in self.folder.glob(f"*{SOUNDS}"):
                if path.name not in captures:
                    path.unlink(missing_ok=True)
        return len(old)

    def sweep(self) -> int:
        """Drop captures that a crash left unfinished, and return how many; for whoever writes them, before it does."""
        with _in_words(self.folder):
            drafts = list(self.folder.glob(f"*{CAPTURE}{DRAFT}"))
            for path in drafts:
                path.unlink(missing_ok=True)
        return len(drafts)

    def _names(self) -> set[str]:
        with _in_words(self.folder), suppress(FileNotFoundError), os.scandir(self.folder) as entries:
            return {entry.name for entry in entries}
        return set()

    def _told(self, some: Iterable[str], names: set[str]) -> list[Kept]:
        with _in_words(self.folder):
            found = filter(None, (self._kept(each, names) for each in some))
            return sorted(found, key=lambda each: (each.time, each.key))

    def _kept(self, name: str, names: set[str]) -> Kept | None:
        said = _NAME.fullmatch(name)
        if said is None:
            return None
        heard = _sounds_of(name) in names
        with suppress(ValueError, FileNotFoundError):  # no such day; the other service has just removed or renamed it
            return Kept(
                path=self.folder / name,
                key=said[3],
                device=bytes.fromhex(said[2]).hex(":"),
                time=datetime.fromisoformat(said[1]).timestamp(),
                size=self._size(name) + (self._size(_sounds_of(name)) if heard else 0),
                benign=said[4] is not None,
                heard=heard,
            )
        return None

    def _size(self, name: str) -> int:
        return (self.folder / name).lstat().st_size

    def _lasts(self, kept: Kept) -> float:
        return EVIDENCE_BENIGN_S if kept.benign else self._settings.keep_days * _DAY_S

    def _make_room(self, size: int) -> None:
        """Drop captures until one of ``size`` bytes fits: benign ones first, then any, oldest first."""
        kept, free = self.kept(), self._free()
        here = sum(each.size for each in kept)
        bytes_over = here + size - self._settings.max_mb * _MB
        disk_over = self._settings.free_mb * _MB + size - free
        over = max(bytes_over, disk_over)
        if over > here:
            why = f"{free // _MB} MB of the disk are free, {self._settings.free_mb} MB shall stay so"
            raise ShelfError(f"{self.folder}: no room for {size} bytes: {why if disk_over > here else 'too many'}")
        files_over = len(kept) + 1 - self._settings.max_files
        goes: list[Kept] = []
        for each in sorted(kept, key=lambda each: not each.benign):
            if over <= 0 and files_over <= len(goes):
                break
            goes.append(each)
            over -= each.size
        self._drop(goes)

    def _free(self) -> int:
        with _in_words(self.folder):
            disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize

    def _drop(self, kept: Iterable[Kept]) -> None:
        with _in_words(self.folder):
            for each in kept:
                each.path.unlink(missing_ok=True)
                (self.folder / _sounds_of(each.path.name)).unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        with _in_words(self.folder):
            try:
                replace_file(path, content, READABLE)
            except OSError:
                with suppress(OSError):
                    path.with_name(path.name + DRAFT).unlink(missing_ok=True)
                raise


def _sounds_of(capture: str) -> str:
    """Return the name of the file of sounds beside a capture of that name."""
    return capture.removesuffix(CAPTURE).removesuffix(_BENIGN) + SOUNDS


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """Within it, what the disk refuses is a ShelfError."""
    try:
        yield
    except OSError as error:
        raise ShelfError(f"{folder}: {error.strerror or error}") from None
