# SPDX-License-Identifier: GPL-2.0-or-later
"""The file of accounts: changed in one go, by one process at a time; whoever changed it, the others notice."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from threading import RLock

from pydantic import ValidationError
from tinydb import TinyDB

from appliance.disk import stamp_of
from appliance.limits import ACCOUNTS_BYTES
from appliance.speakers.storage import AtomicStorage
from web.accounts.model import AccountsError, Book


class AccountsFile:
    """What the hub and the command ``earwitness accounts`` share. Any thread may use it."""

    def __init__(self, path: Path) -> None:
        """Open the file at ``path``, or begin one. AccountsError if there is one that cannot be used.

        A damaged file lets nobody in: were it set aside, whoever comes first could make themselves the owner.
        """
        self._path = path
        self._lock = RLock()
        self._stamp: tuple[int, int, int] | None = None
        self._book = Book()
        if not self.book.secret:
            with self.change() as tables:
                tables.table("keys").insert({"secret": token_hex(32)})

    @property
    def book(self) -> Book:
        """Who may come in, as the file says now."""
        with self._lock:
            if (stamp := stamp_of(self._path)) != self._stamp:
                self._book, self._stamp = _book(self._path, self._read()), stamp
            return self._book

    @contextmanager
    def change(self) -> Iterator[TinyDB]:
        """Give the tables, to be changed inside; all of it is on the disk afterwards, or none. AccountsError."""
        try:
            with self._lock, self._alone():
                storage = AtomicStorage(self._path, self._read())
                yield TinyDB(storage=lambda: storage)
                storage.commit()
        except OSError as error:
            raise AccountsError(f"{self._path}: cannot be written ({error.strerror}); nothing was changed") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other process is at it."""
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _read(self) -> str:
        try:
            with self._path.open(encoding="utf-8") as file:
                text = file.read(ACCOUNTS_BYTES + 1)
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise AccountsError(f"{self._path}: cannot be read ({error})") from error
        if len(text) > ACCOUNTS_BYTES:
            raise AccountsError(f"{self._path}: has more than {ACCOUNTS_BYTES} characters")
        return text


def _book(path: Path, text: str) -> Book:
    try:
        tables = json.loads(text) if text else {}
        keys = tables.get("keys", {}).values()
        rows = {name: tuple(tables.get(name, {}).values()) for name in ("users", "sessions", "tokens")}
        said = {
            "secret": next((each["secret"] for each in keys), ""),
            "unfinished": next((each["step"] for each in tables.get("setup", {}).values()), ""),
        }
        return Book.model_validate(rows | said)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError, ValidationError):
        raise AccountsError(
            f"{path}: is damaged, so nobody is let in. Restore a backup, or begin anew: earwitness accounts reset"
        ) from None
