# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that are whole after a kill or a power cut: the old one or the new one."""

import os
from collections.abc import Iterable
from pathlib import Path

#: The mode of a file that one service writes and the others read; they are users of one group.
READABLE = 0o640
#: What the name of a file ends in that is not whole yet; after a crash it may stay behind.
DRAFT = ".new"


def replace_file(path: Path, content: str | bytes, mode: int = 0o600) -> None:
    """Write a file that is on the disk, whole, when this returns; until then the old one is there. Raises OSError.

    What root writes belongs to whom the folder belongs: a service reads what an administrator's command wrote.
    """
    beside = path.with_name(path.name + DRAFT)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        if os.geteuid() == 0:
            folder = path.parent.stat()
            os.fchown(handle, folder.st_uid, folder.st_gid)
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(handle)
    beside.replace(path)
    sync_folder(path.parent)


def fill_file(path: Path, pieces: Iterable[bytes], mode: int = 0o600) -> None:
    """Write a file piece by piece; it is there, whole, when this returns, and not at all if ``pieces`` raise."""
    beside = path.with_name(path.name + DRAFT)
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(handle)
        beside.replace(path)
        sync_folder(path.absolute().parent)
    finally:
        beside.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk: of files made, renamed and removed."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is replaced or written to, for those who poll it; None if it cannot be seen."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
