# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes wrong with the ledger, in words: what, where, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: What SQLite reports, by the beginning of its name (https://sqlite.org/rescode.html): the first that fits.
_WORDS = {
    "SQLITE_FULL": ("the disk is full", "make room on it; what was not written is kept and tried again"),
    "SQLITE_READONLY": ("it may not be written to", "check the rights of the file and its folder, and the disk"),
    "SQLITE_CANTOPEN": ("it cannot be opened", "check that its folder exists and may be written to"),
    "SQLITE_BUSY": ("another process holds it", "it is tried again; if it lasts, end other programs that have it open"),
    "SQLITE_LOCKED": (
        "another process holds it",
        "it is tried again; if it lasts, end other programs that have it open",
    ),
    "SQLITE_IOERR": ("the disk does not answer as it should", "check the card or disk, and the kernel's log"),
    "SQLITE_CORRUPT": ("it is damaged", "start the services again: it is set aside, and what can be read carried over"),
    "SQLITE_NOTADB": ("it is damaged", "start the services again: it is set aside, and what can be read carried over"),
}
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_READ", "SQLITE_IOERR_CORRUPTFS")


class LedgerError(Exception):
    """The ledger could not do what was asked; nothing of it was done. The message says why and what helps."""

    def __init__(self, message: str, *, damaged: bool = False) -> None:
        """Take the message, and whether the file itself is damaged."""
        super().__init__(message)
        self.damaged = damaged


#: What reading a damaged file raises: the second, where SQLite's message quotes the damage.
READING_ERRORS = (sqlite3.DatabaseError, UnicodeDecodeError)


def is_damage(error: Exception) -> bool:
    """Whether the file itself is damaged, or cannot be read any more."""
    return _name(error).startswith(_DAMAGE)


def _name(error: Exception) -> str:
    """Return what SQLite calls the error."""
    if isinstance(error, UnicodeDecodeError):
        return "SQLITE_CORRUPT"
    return getattr(error, "sqlite_errorname", "")


def suspect(path: Path) -> Path:
    """Return the file whose presence says that the ledger at ``path`` was found damaged by somebody who had it open."""
    return path.with_name(f"{path.name}.suspect")


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the file at ``path`` into a LedgerError; mark a damaged one for all to see."""
    try:
        yield
    except READING_ERRORS as error:
        name = _name(error)
        for beginning, (what, remedy) in _WORDS.items():
            if name.startswith(beginning):
                if is_damage(error):
                    with suppress(OSError):
                        suspect(path).touch()
                raise LedgerError(f"{path}: {what} ({name}): {remedy}", damaged=is_damage(error)) from error
        raise
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}: check its folder, its rights and the disk") from error
