# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that are whole after a kill or a power cut: the old one or the new one."""

import os
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Write a file of mode 0600 that is on the disk, whole, when this returns; until then the old one is there."""
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk: of files made, renamed and removed."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
