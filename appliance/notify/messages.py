# SPDX-License-Identifier: GPL-2.0-or-later
"""The outbox: messages in the ledger, where neither a crash nor a week without internet loses one."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import Any

from appliance.events import Tell
from appliance.ledger.connect import connect
from appliance.ledger.errors import in_words
from appliance.notify.message import Form, Message, State, document, undocument

_COLUMNS = tuple(field.name for field in fields(Message) if field.name != "id")
_READ = f"SELECT id, {', '.join(_COLUMNS)} FROM message"
_INSERT = f"INSERT INTO message ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = f"UPDATE message SET {', '.join(f'{column} = ?' for column in _COLUMNS)} WHERE id = ?"
_ARRIVED = """
UPDATE message SET sent = max(sent, :version), tries = 0, problem = '',
  state = CASE WHEN version = :version AND state = 'waiting' THEN 'sent' ELSE state END
WHERE id = :id
"""
_FAILED = """
UPDATE message SET tries = tries + 1, problem = :problem, due = :due,
  state = CASE WHEN :final THEN 'refused' ELSE state END
WHERE id = :id AND state = 'waiting'
"""
_MARK = """
INSERT INTO heralded (source, last) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET last = excluded.last
"""


class Messages:
    """The outbox of one ledger. Belongs to the thread that made it; several may have one each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with in_words(path):
            self._connection = connect(path)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Within it nobody else writes, and all is written together at its end, or nothing is. Raises LedgerError."""
        with in_words(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def since(self, channel: str, updated: float) -> list[Message]:
        """Return a channel's messages that changed since, or that are held or wait; the oldest first."""
        clause = "WHERE channel = ? AND (updated >= ? OR state IN ('held', 'waiting')) ORDER BY id"
        return self._read(clause, (channel, updated))

    def due(self, now: float) -> list[Message]:
        """Return what is to be sent by ``now``, the oldest first."""
        return self._read("WHERE state = 'waiting' AND due <= ? ORDER BY due, id", (now,))

    def one(self, id_: int) -> Message | None:
        """Return a message."""
        return next(iter(self._read("WHERE id = ?", (id_,))), None)

    def put(self, messages: Iterable[Message]) -> list[Message]:
        """Keep messages: new ones, and known ones as they are now; return them with their ids."""
        kept = []
        with in_words(self._path):
            for message in messages:
                if message.id:
                    self._connection.execute(_UPDATE, (*_values(message), message.id))
                    kept.append(message)
                else:
                    id_ = self._connection.execute(_INSERT, _values(message)).lastrowid
                    kept.append(replace(message, id=id_ or 0))
        return kept

    def arrived(self, message: Message) -> None:
        """Note that a message arrived as it was; if it has changed meanwhile it goes on waiting."""
        with in_words(self._path):
            self._connection.execute(_ARRIVED, {"id": message.id, "version": message.version})

    def failed(self, message: Message, problem: str, due: float, *, final: bool) -> None:
        """Note that a message did not arrive, why, and when to try again; ``final``: never."""
        values = {"id": message.id, "problem": problem, "due": due, "final": final}
        with in_words(self._path):
            self._connection.execute(_FAILED, values)

    def expire(self, now: float) -> None:
        """Give up what means nothing any more; it is told as a number when the channel is back."""
        with in_words(self._path):
            self._connection.execute(
                "UPDATE message SET state = 'expired' WHERE state = 'waiting' AND expires <= ?", (now,)
            )

    def expired(self, channel: str) -> list[Message]:
        """Return what a channel was never told."""
        return self._read("WHERE channel = ? AND state = 'expired' ORDER BY id", (channel,))

    def told(self, missed: Iterable[Message]) -> None:
        """Note that a channel was told how much it missed."""
        with in_words(self._path):
            ids = [(each.id,) for each in missed]
            self._connection.executemany("UPDATE message SET state = 'joined' WHERE id = ?", ids)

    def acknowledge(self, id_: int) -> None:
        """Note that somebody has seen a message."""
        with in_words(self._path):
            self._connection.execute("UPDATE message SET acknowledged = 1 WHERE id = ?", (id_,))

    def forget(self, before: float) -> int:
        """Drop messages that are done with and changed last before then; return how many."""
        clause = "DELETE FROM message WHERE updated < ? AND state NOT IN ('held', 'waiting')"
        with in_words(self._path):
            return self._connection.execute(clause, (before,)).rowcount

    def marks(self) -> dict[str, int]:
        """Return up to which row each table has been made news of."""
        with in_words(self._path):
            return dict(self._connection.execute("SELECT source, last FROM heralded").fetchall())

    def mark(self, marks: Mapping[str, int]) -> None:
        """Note up to which row each table has been made news of."""
        with in_words(self._path):
            self._connection.executemany(_MARK, marks.items())

    def _read(self, clause: str, values: tuple[Any, ...]) -> list[Message]:
        with in_words(self._path):
            return [_message(row) for row in self._connection.execute(f"{_READ} {clause}", values)]


def _values(message: Message) -> tuple[Any, ...]:
    values = dict(zip(_COLUMNS, astuple(message)[1:], strict=True))
    return tuple({**values, "news": document(message.news)}.values())


def _message(row: tuple[Any, ...]) -> Message:
    values = dict(zip(("id", *_COLUMNS), row, strict=True))
    typed = {
        "form": Form(values["form"]),
        "tell": Tell(values["tell"]),
        "state": State(values["state"]),
        "news": undocument(values["news"]),
        "acknowledged": bool(values["acknowledged"]),
    }
    return Message(**{**values, **typed})
