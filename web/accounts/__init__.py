# SPDX-License-Identifier: GPL-2.0-or-later
"""Accounts: who may come into the dashboard and the API."""

from pathlib import Path

from web.accounts.code import SetupCode, code_file
from web.accounts.file import AccountsFile
from web.accounts.model import AccountsError, Person, Role, Scope, Session, Token, User
from web.accounts.sessions import Sessions
from web.accounts.tokens import Tokens
from web.accounts.users import Users

__all__ = ["Accounts", "AccountsError", "Person", "Role", "Scope", "Session", "Token", "User"]


class Accounts:
    """The users, sessions and tokens of one house, in one file of its state folder."""

    def __init__(self, folder: Path) -> None:
        """Open them in ``folder``. AccountsError if they cannot be read."""
        self._file = AccountsFile(folder / "accounts.json")
        self.users = Users(self._file)
        self.sessions = Sessions(self._file)
        self.tokens = Tokens(self._file)
        self.code = SetupCode(code_file(folder))

    @property
    def unfinished(self) -> str:
        """The step of the first run that comes next; none: it is finished, or has not begun."""
        return self._file.book.unfinished

    def reach(self, step: str) -> None:
        """Note which step of the first run comes next; none: it is finished. AccountsError."""
        with self._file.change() as tables:
            table = tables.table("setup")
            table.truncate()
            if step:
                table.insert({"step": step})

    @property
    def secret(self) -> str:
        """What signs the forms of this house."""
        return self._file.book.secret
