# SPDX-License-Identifier: GPL-2.0-or-later
"""What was changed, and how it was before: one file, replaced as a whole, so that a crash at any step can be undone."""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from appliance.clocks import boot_id
from appliance.disk import replace_file, sync_folder
from appliance.placing.plan import File, PlacingError, Plan
from appliance.placing.seen import Seen
from appliance.placing.wish import Wanted

#: Root's folder of what was installed and placed; others may look into it.
FOLDER = Path("/var/lib/earwitness-install")
_LOCK = Path("/run/earwitness-network.lock")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Saved(_Data):
    """A file as it was: absent, a link, or bytes (in Latin-1, which has every byte) with mode and owner."""

    kind: Literal["absent", "link", "file"] = "absent"
    content: str = ""
    mode: int = 0
    owner: tuple[int, int] = (0, 0)


class State(_Data):
    """How the machine is placed: the plan in force, if there is one, and what it changed."""

    plan: Plan | None = None
    seen: Seen | None = None  #: the machine before anything was changed
    originals: dict[Path, Saved] = {}  #: each file that we ever wrote, as it was before
    folders: tuple[Path, ...] = ()  #: folders that we made, the outer ones first


class Change(_Data):
    """A change that nobody confirmed yet: to which state it goes back, and the files of that state."""

    back_to: State
    files: dict[Path, Saved]


class Record(_Data):
    """All of it."""

    now: State = State()
    pending: Change | None = None


class Mark(_Data):
    """What others see while a change waits: the page, and systemd at the next start."""

    placement: str
    until: float  #: CLOCK_BOOTTIME, in s, when it goes back
    boot: str  #: of which boot that time is


class TakenBack(_Data):
    """A change that went back by itself: what the page tells whoever was not there."""

    placement: str
    why: Literal["unconfirmed", "restarted"]  #: its time was over; the machine started before that
    time: float  #: wall-clock seconds; without a battery the clock is wrong when a machine starts
    at: float  #: CLOCK_BOOTTIME, in s
    boot: str  #: of which boot that time is


class Book:
    """The record on the disk, and the files of the system; both below ``root``, which is / but in tests."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._folder = self._at(FOLDER)
        self._path = self._folder / "network" / "record.json"
        self.mark_path = self._folder / "unconfirmed"
        self.word_path = self._folder / "taken-back.json"

    def _at(self, path: Path) -> Path:
        return self._root / path.relative_to("/")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let others that change the network wait."""
        lock_path = self._at(_LOCK)
        lock_path.parent.mkdir(parents=True, exist_ok=True)
        with lock_path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def read(self) -> Record:
        """Return the record; an empty one if nothing was ever placed. Raises PlacingError if it cannot be read."""
        try:
            return Record.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return Record()
        except (OSError, ValidationError) as error:
            raise PlacingError(f"{self._path}: cannot be read, and says how to undo: {error}") from None

    def write(self, record: Record) -> None:
        """Replace the record; nothing of it is left once nothing is placed."""
        if record == Record():
            self._path.unlink(missing_ok=True)
            return
        self._open_folder()
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        replace_file(self._path, record.model_dump_json())

    def _open_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o755)

    def _close_folder(self) -> None:
        """Take it away if nothing is placed, and nothing else is in it."""
        if not self._path.exists():
            self.remove_folders((FOLDER, FOLDER / "network"))

    def mark(self, placement: str, seconds: float) -> None:
        """Leave the mark that a change waits for its confirmation; what became of the last one is no news any more."""
        self.word_path.unlink(missing_ok=True)
        until = time.clock_gettime(time.CLOCK_BOOTTIME) + seconds
        replace_file(self.mark_path, Mark(placement=placement, until=until, boot=boot_id()).model_dump_json(), 0o644)
        self.mark_path.chmod(0o644)

    def unmark(self) -> None:
        """Take the mark away."""
        if self.mark_path.exists():
            self.mark_path.unlink()
            sync_folder(self._folder)
        self._close_folder()

    def lapsed(self) -> TakenBack | None:
        """Return what there will be to say of the change that waits; None if a person ends it, before its time."""
        try:
            mark = Mark.model_validate_json(self.mark_path.read_bytes())
        except (OSError, ValidationError):
            return None
        now, here = time.clock_gettime(time.CLOCK_BOOTTIME), boot_id()
        if mark.placement == Wanted.UNDO or (mark.boot == here and now < mark.until):
            return None
        why: Literal["unconfirmed", "restarted"] = "unconfirmed" if mark.boot == here else "restarted"
        return TakenBack(placement=mark.placement, why=why, time=time.time(), at=now, boot=here)

    def leave_word(self, word: TakenBack) -> None:
        """Leave word that a change went back."""
        self._open_folder()
        replace_file(self.word_path, word.model_dump_json(), 0o644)
        self.word_path.chmod(0o644)

    def take_word(self) -> None:
        """Take away that a change went back, and the folder if nothing else is in it."""
        self.word_path.unlink(missing_ok=True)
        self._close_folder()

    # -- files of the system -------------------------------------------------------------------------------------

    def text(self, path: Path) -> str:
        """Return what stands in a file of the system; nothing if it is not there."""
        try:
            return self._at(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def save(self, path: Path) -> Saved:
        """Return a file as it is."""
        place = self._at(path)
        if place.is_symlink():
            return Saved(kind="link", content=str(place.readlink()))
        try:
            found = place.stat()
            raw = place.read_bytes()
        except FileNotFoundError:
            return Saved()
        return Saved(
            kind="file", content=raw.decode("latin-1"), mode=found.st_mode & 0o7777, owner=(found.st_uid, found.st_gid)
        )

    def put(self, file: File) -> None:
        """Make a file as a plan wants it."""
        if file.link is not None:
            self.restore(file.path, Saved(kind="link", content=file.link))
        elif file.text is None:
            self.restore(file.path, Saved())
        else:
            content = file.text.encode().decode("latin-1")
            self.restore(
                file.path, Saved(kind="file", content=content, mode=file.mode, owner=(os.getuid(), os.getgid()))
            )

    def restore(self, path: Path, saved: Saved) -> None:
        """Make a file as it was, on the disk when this returns."""
        place = self._at(path)
        if saved.kind == "absent":
            place.unlink(missing_ok=True)
            return
        if saved.kind == "link":
            if not (place.is_symlink() and str(place.readlink()) == saved.content):
                place.unlink(missing_ok=True)
                place.symlink_to(saved.content)
                sync_folder(place.parent)
            return
        if place.is_symlink():
            place.unlink()
        replace_file(place, saved.content.encode("latin-1"), saved.mode)
        os.chown(place, *saved.owner)
        place.chmod(saved.mode)

    def missing_folders(self, files: Mapping[Path, object]) -> tuple[Path, ...]:
        """Return the folders that these files need and that are not there, the outer ones first."""
        wanted = {folder for path in files for folder in path.parents if not self._at(folder).exists()}
        return tuple(sorted(wanted, key=lambda folder: len(folder.parts)))

    def make_folders(self, folders: tuple[Path, ...]) -> None:
        """Make folders."""
        for folder in folders:
            self._at(folder).mkdir(exist_ok=True)

    def remove_folders(self, folders: tuple[Path, ...]) -> None:
        """Remove folders that we made, as far as nobody put anything else into them."""
        for folder in reversed(folders):
            try:
                self._at(folder).rmdir()
            except OSError:
                continue
