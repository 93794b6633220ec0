# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens: what programs come in with. The owner sees one once, and the file has only a digest of it."""

from contextlib import suppress
from secrets import token_hex, token_urlsafe

from pydantic import ValidationError
from tinydb import where

from appliance.language import translate
from appliance.limits import TOKENS, USE_NOTED_S
from web.accounts.file import AccountsFile
from web.accounts.model import AccountsError, Person, Scope, Token
from web.accounts.sessions import digest

#: How each begins, so that whoever finds one in a file knows what it is.
PREFIX = "ew_"


class Tokens:
    """Makes, recognises, lists and revokes them."""

    def __init__(self, file: AccountsFile) -> None:
        self._file = file

    def all(self) -> tuple[Token, ...]:
        """Return every token, in the order in which they were made."""
        return self._file.book.tokens

    def add(self, name: str, scope: Scope, now: float) -> str:
        """Make a token, and return it: nobody can tell it again. AccountsError if the name is none, or taken."""
        secret = PREFIX + token_urlsafe(32)
        try:
            token = Token(id=token_hex(8), digest=digest(secret), name=name, scope=scope, created=now)
        except ValidationError:
            raise AccountsError(translate("A token needs a name, so that you know later what it is for.")) from None
        with self._file.change() as tables:
            if any(each.name == name for each in self.all()):
                raise AccountsError(translate("There is a token called {name} already.", name=name))
            if len(self.all()) >= TOKENS:
                raise AccountsError(translate("There are {count} tokens already; revoke one first.", count=TOKENS))
            tables.table("tokens").insert(token.model_dump(mode="json"))
        return secret

    def who(self, secret: str, now: float) -> Person | None:
        """Return the program that has this token; None if there is none such. Its use is noted now and then."""
        wanted = digest(secret)
        token = next((each for each in self.all() if each.digest == wanted), None)
        if token is None:
            return None
        if token.used is None or abs(now - token.used) > USE_NOTED_S:
            with suppress(AccountsError), self._file.change() as tables:
                tables.table("tokens").update({"used": now}, where("id") == token.id)
        return Person(token.name, scope=token.scope)

    def revoke(self, id_: str) -> None:
        """Let a token be good for nothing from now on; nothing happens if there is none such."""
        with self._file.change() as tables:
            tables.table("tokens").remove(where("id") == id_)
