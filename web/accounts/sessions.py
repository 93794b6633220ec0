# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions: who logged in with which browser. The cookie has a random token, and the file only a digest of it."""

from contextlib import suppress
from hashlib import sha256
from secrets import token_hex, token_urlsafe

from tinydb import where

from appliance.limits import SESSION_S, SESSIONS, USE_NOTED_S
from web.accounts.file import AccountsFile
from web.accounts.model import AccountsError, Person, Session


class Sessions:
    """Begins, recognises, lists and ends them."""

    def __init__(self, file: AccountsFile) -> None:
        self._file = file

    def begin(self, user: str, browser: str, now: float) -> str:
        """Begin a session, and return the token that the browser shall keep; the longest unused makes room."""
        token = token_urlsafe(32)
        session = Session(id=token_hex(8), digest=digest(token), user=user, created=now, seen=now, browser=browser)
        with self._file.change() as tables:
            table = tables.table("sessions")
            table.insert(session.model_dump(mode="json"))
            by_use = sorted(table.all(), key=lambda row: (row["digest"] == session.digest, row["seen"]))
            table.remove(doc_ids=[row.doc_id for row in by_use[:-SESSIONS]])
            table.remove(where("created") < now - SESSION_S)
        return token

    def who(self, token: str, now: float) -> Person | None:
        """Return whose session it is; None if it is none, or over. Its use is noted now and then."""
        book, wanted = self._file.book, digest(token)
        session = next((each for each in book.sessions if each.digest == wanted), None)
        user = book.user(session.user) if session else None
        if session is None or user is None or now > session.created + SESSION_S:
            return None
        if abs(now - session.seen) > USE_NOTED_S:
            self._note_use(session, now)
        return Person(user.name, role=user.role, session=session.id)

    def of(self, user: str, now: float) -> list[Session]:
        """Return a user's sessions that are not over, the last used first."""
        mine = (each for each in self._file.book.sessions if each.user == user and now <= each.created + SESSION_S)
        return sorted(mine, key=lambda each: -each.seen)

    def end(self, id_: str, user: str) -> None:
        """End one session of a user; nothing happens if there is none such."""
        with self._file.change() as tables:
            tables.table("sessions").remove((where("id") == id_) & (where("user") == user))

    def _note_use(self, session: Session, now: float) -> None:
        with suppress(AccountsError), self._file.change() as tables:  # a full disk shuts nobody out
            tables.table("sessions").update({"seen": now}, where("id") == session.id)


def digest(secret: str) -> str:
    """Return what is kept of a secret with 256 random bits: no slow hash is needed, since nobody can try them all."""
    return sha256(secret.encode()).hexdigest()
