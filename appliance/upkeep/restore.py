# SPDX-License-Identifier: GPL-2.0-or-later
"""A backup becomes the house's own again: all of it is read and checked beside, and put in place as the hub starts.

Whoever restores only lays it ready. The hub, which has everything open, ends when it sees that, and puts it in place
when it is started again: by renaming, so that a kill at any instant leaves no file in part, and the next start goes on.
What was there before is set aside.
"""

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from appliance.disk import READABLE, sync_folder
from appliance.household.file import load as load_household
from appliance.ledger import LedgerError
from appliance.ledger.connect import connect_untouched
from appliance.ledger.errors import in_words, suspect
from appliance.ledger.mend import restored
from appliance.ledger.migrate import steps, version_of
from appliance.settings import Paths, SettingsError, load_settings
from appliance.speakers.registry_file import load as load_registry
from appliance.upkeep.age import MAGIC, Opener, SealError
from appliance.upkeep.archive import ABOUT, LEDGER, SETTINGS, ArchiveError, read_parts
from appliance.upkeep.backup import FORMAT

_READY, _DRAFT = "restore", "restore.new"
#: What more than the hub uses: all services write the ledger, and read who is in the house.
_MODES = {LEDGER: 0o660, "state/registry.json": READABLE, "state/household.json": READABLE}
#: Where files lie afterwards that only root may put in their place.
FOR_ROOT = "from-backup"


class RestoreError(Exception):
    """The backup cannot be restored; says why. Nothing was changed."""


class About(BaseModel):
    """What a backup says of itself."""

    model_config = ConfigDict(frozen=True)

    format: int
    version: str  #: of the program that made it
    ledger: int  #: the version of the ledger
    made_at: float  #: wall-clock seconds
    private: bool  #: with accounts and secrets


class Staged(NamedTuple):
    """A backup that was checked and laid ready."""

    about: About
    names: list[str]


def stage(source: BinaryIO, passphrase: str, paths: Paths) -> Staged:
    """Read a backup, check all of it and lay it ready for the hub; what was laid ready before is dropped.

    Raises RestoreError.
    """
    draft, ready = paths.state / _DRAFT, paths.state / _READY
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700, parents=True)
        staged = _checked(draft, _unpack(source, passphrase, draft))
        _belong(draft)
        shutil.rmtree(ready, ignore_errors=True)
        draft.rename(ready)
        sync_folder(paths.state)
    except (SealError, ArchiveError, LedgerError, SettingsError) as error:
        raise RestoreError(f"the backup cannot be used: {error}") from error
    except OSError as error:
        raise RestoreError(f"{error.filename or paths.state}: {error.strerror}: check the disk and its room") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return staged


def is_staged(paths: Paths) -> bool:
    """Say whether a backup lies ready."""
    return (paths.state / _READY).exists()


def put_in_place(paths: Paths, now: float) -> list[str]:
    """Put what lies ready in its place; return the names. Only for the hub, before it opens anything. Raises OSError.

    ``now`` (wall-clock seconds) names what is set aside.
    """
    ready = paths.state / _READY
    done = []
    for path in sorted(path for path in ready.rglob("*") if path.is_file()):
        name = path.relative_to(ready).as_posix()
        done.append(name)
        if name == LEDGER:
            paths.ledger.parent.mkdir(mode=0o770, exist_ok=True)
            path.rename(restored(paths.ledger))
        elif name != ABOUT:
            _replace(path, _place(paths, name), now)
    if restored(paths.ledger).exists():
        suspect(paths.ledger).touch()  # whoever has the old one open lets go of it; the first of them changes it
        sync_folder(paths.ledger.parent)
    sync_folder(paths.state)
    shutil.rmtree(ready, ignore_errors=True)
    return done


def _unpack(source: BinaryIO, passphrase: str, folder: Path) -> list[str]:
    """Write the files of the archive into a folder; return their names."""
    start = source.read(len(MAGIC))
    whole = _Joined(start, source)
    if start == MAGIC and not passphrase:
        raise RestoreError("it is closed by a passphrase: give it")
    names = []
    for name, _, content in read_parts(Opener(whole, passphrase) if start == MAGIC else whole):  # type: ignore[arg-type]  # they need to read alone
        names.append(name)
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODES.get(name, 0o600)), "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
    return names


def _checked(folder: Path, names: list[str]) -> Staged:
    """Check each file; ArchiveError and others if any is not as it must be."""
    if not {ABOUT, LEDGER} <= set(names):
        raise ArchiveError("it is no whole backup: the ledger is not in it")
    about = _about(folder / ABOUT)
    for problem in _problems(folder, names):
        raise ArchiveError(problem)
    ledger = folder / LEDGER
    with in_words(ledger), closing(connect_untouched(ledger)) as connection:
        version_of(connection, ledger)
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    suspect(ledger).unlink(missing_ok=True)
    if answer != "ok":
        raise ArchiveError(f"the ledger in it is damaged ({answer})")
    return Staged(about, names)


def _about(path: Path) -> About:
    try:
        about = About.model_validate_json(path.read_bytes())
    except ValidationError:
        raise ArchiveError("it does not say what it is") from None
    if about.format > FORMAT or about.ledger > len(steps()):
        raise ArchiveError(f"Earwitness {about.version} made it, which is newer than this one: update first")
    return about


def _problems(folder: Path, names: Iterable[str]) -> list[str]:
    """Return what is wrong with the small files."""
    problems = [*load_registry(folder / "state/registry.json")[2], *load_household(folder / "state/household.json")[1]]
    if (folder / SETTINGS).exists():
        load_settings(folder / SETTINGS)
    for name in names:
        if name.endswith(".json"):
            try:
                json.loads((folder / name).read_bytes())
            except (ValueError, RecursionError):
                problems.append(f"{name} in it is damaged")
    return [problem.replace(f"{folder}/", "") for problem in problems]


def _place(paths: Paths, name: str) -> Path:
    """Return where a file of that name belongs; what is root's is laid beside for root."""
    top, _, rest = name.partition("/")
    return paths.state / rest if top == "state" else paths.state / FOR_ROOT / rest


def _replace(new: Path, old: Path, now: float) -> None:
    """Put a file in place of another, which is set aside."""
    old.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if old.exists():
        stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S")
        shutil.copy2(old, old.with_name(f"{old.name}.replaced-{stamp}"))
    new.rename(old)


def _belong(folder: Path) -> None:
    """What root lays ready belongs to whom the state folder belongs."""
    if os.geteuid() != 0:
        return
    owner = folder.parent.stat()
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):
            os.chown(path, owner.st_uid, owner.st_gid)


class _Joined:
    """Bytes that were read already, and then the rest."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        found, self._start = (self._start, b"") if size < 0 else (self._start[:size], self._start[size:])
        return found + (self._rest.read() if size < 0 else self._rest.read(size - len(found)))
