# SPDX-License-Identifier: GPL-2.0-or-later
"""Users: the people who have a password."""

from pydantic import ValidationError
from tinydb import where

from appliance.language import later, translate
from appliance.limits import ACCOUNT_NAME_CHARACTERS, USERS
from web.accounts.file import AccountsFile
from web.accounts.model import AccountsError, Role, User
from web.accounts.passwords import hashed, matches

BAD_NAME = later("A name has at least one letter, at most {count}, and no space at its ends.")


class Users:
    """Makes, checks, changes and removes them."""

    def __init__(self, file: AccountsFile) -> None:
        self._file = file

    def all(self) -> tuple[User, ...]:
        """Return every user, in the order in which they came."""
        return self._file.book.users

    def owned(self) -> bool:
        """Say whether the house has an owner by now."""
        return any(each.role is Role.OWNER for each in self.all())

    def add(self, name: str, role: Role, password: str, now: float) -> User:
        """Add a user. AccountsError if the name is taken or none, the password too short, or the house full."""
        try:
            user = User(name=name, role=role, password=hashed(password), created=now)
        except ValidationError:
            raise AccountsError(translate(BAD_NAME, count=ACCOUNT_NAME_CHARACTERS)) from None
        with self._file.change() as tables:
            there = self._file.book
            if there.user(name):
                raise AccountsError(translate("There is a user called {name} already.", name=name))
            if len(there.users) >= USERS:
                raise AccountsError(translate("There are {count} users already; remove one first.", count=USERS))
            tables.table("users").insert(user.model_dump(mode="json"))
        return user

    def check(self, name: str, password: str) -> User | None:
        """Return the user if it is their password; None, after as long a time, if not or if there is no such user."""
        user = self._file.book.user(name)
        return user if matches(user.password if user else None, password) else None

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password, and end all their sessions. AccountsError as for ``add``."""
        fresh = hashed(password)
        with self._file.change() as tables:
            user = self._there(name)
            tables.table("users").update({"password": fresh}, where("name") == user.name)
            tables.table("sessions").remove(where("user") == user.name)

    def set_role(self, name: str, role: Role) -> None:
        """Let a user do more, or less. AccountsError if nobody would be owner any more."""
        with self._file.change() as tables:
            user = self._there(name)
            if role is not Role.OWNER:
                self._somebody_else_owns(user)
            tables.table("users").update({"role": role.value}, where("name") == user.name)

    def remove(self, name: str) -> None:
        """Remove a user, and end all their sessions. AccountsError if nobody would be owner any more."""
        with self._file.change() as tables:
            user = self._there(name)
            self._somebody_else_owns(user)
            for table, field in (("users", "name"), ("sessions", "user")):
                tables.table(table).remove(where(field) == user.name)

    def _there(self, name: str) -> User:
        user = self._file.book.user(name)
        if user is None:
            raise AccountsError(translate("There is no user called {name}.", name=name))
        return user

    def _somebody_else_owns(self, user: User) -> None:
        others = (each for each in self.all() if each.name != user.name)
        if user.role is Role.OWNER and all(each.role is not Role.OWNER for each in others):
            raise AccountsError(
                translate("{name} is the only owner. Make somebody else an owner first.", name=user.name)
            )
