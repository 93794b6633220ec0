# SPDX-License-Identifier: GPL-2.0-or-later
"""The outbox: messages in the ledger, where neither a crash nor a week without internet loses one."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import Any

from appliance.events import Tell
from appliance.ledger.connect import connect
from appliance.ledger.errors import in_words
from appliance.limits import MESSAGE_AHEAD_S
from appliance.notify.message import Form, Message, State, document, undocument

_COLUMNS = tuple(field.name for field in fields(Message) if field.name != "id")
_READ = f"SELECT id, {', '.join(_COLUMNS)} FROM message"
_INSERT = f"INSERT INTO message ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = f"UPDATE message SET {', '.join(f'{column} = ?' for column in _COLUMNS)} WHERE id = ?"
_ARRIVED = """
UPDATE message SET sent = max(sent, :version), tries = 0, problem = '',
  state = CASE WHEN state IN ('waiting', 'expired') AND (version = :version OR NOT :again AND tell = :tell)
    THEN 'sent' ELSE state END
WHERE id = :id
"""
_FAILED = """
UPDATE message SET tries = tries + 1, problem = :problem, due = :due,
  state = CASE WHEN :final THEN 'refused' ELSE state END
WHERE id = :id AND state = 'waiting'
"""
_LATER = """
UPDATE message SET due = max(due, :due)
WHERE state = 'waiting' AND NOT :final AND channel = (SELECT channel FROM message WHERE id = :id)
"""
_WITHDRAWN = """
UPDATE message SET state = 'expired', problem = 'its channel was switched off, or removed'
WHERE state IN ('held', 'waiting') AND channel NOT IN (SELECT value FROM json_each(?))
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

    def since(self, channel: str, updated: float, keys: Iterable[str] = ()) -> list[Message]:
        """Return a channel's messages that changed since, are held, wait, or have one of the keys; the oldest first."""
        known = "key IN (SELECT value FROM json_each(?))"
        clause = f"WHERE channel = ? AND (updated >= ? OR state IN ('held', 'waiting') OR {known}) ORDER BY id"
        return self._read(clause, (channel, updated, json.dumps(list(keys))))

    def due(self, now: float) -> list[Message]:
        """Return what is to be sent by ``now``, the oldest first; also what was noted before the clock was put back."""
        clause = "WHERE state = 'waiting' AND (due <= ? OR due > ?) ORDER BY due, id"
        return self._read(clause, (now, now + MESSAGE_AHEAD_S))

    def one(self, id_: int) -> Message | None:
        """Return a message."""
        return next(iter(self._read("WHERE id = ?", (id_,))), None)

    def has(self, channel: str, key: str) -> bool:
        """Whether there is a message of that key to a channel."""
        return bool(self._read("WHERE channel = ? AND key = ? LIMIT 1", (channel, key)))

    def alerted(self, since: float) -> set[str]:
        """Return the channels to which an alert went out that was made since, or is about to go."""
        clause = "WHERE form = 'alert' AND state IN ('waiting', 'sent') AND created >= ?"
        return {each.channel for each in self._read(clause, (since,))}

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

    def arrived(self, message: Message, *, again: bool = True) -> None:
        """Note that a message arrived as it was; one that has changed meanwhile waits to be sent ``again``.

        If it is not to be, it waits only if it has become louder.
        """
        with in_words(self._path):
            values = {"id": message.id, "version": message.version, "tell": message.tell, "again": again}
            self._connection.execute(_ARRIVED, values)

    def failed(self, message: Message, problem: str, due: float, *, final: bool) -> None:
        """Note that a message did not arrive, why, and when to try again, as all of its channel; ``final``: never."""
        values = {"id": message.id, "problem": problem, "due": due, "final": final}
        with in_words(self._path):
            self._connection.execute(_FAILED, values)
            self._connection.execute(_LATER, {"id": message.id, "due": due, "final": final})

    def expire(self, now: float) -> None:
        """Give up what means nothing any more; it is told as a number when the channel is back."""
        old = "FROM message WHERE state = 'waiting' AND expires <= ?"
        with in_words(self._path):
            if self._connection.execute(f"SELECT 1 {old} LIMIT 1", (now,)).fetchone():  # nobody is kept from writing
                self._connection.execute(f"UPDATE message SET state = 'expired' WHERE id IN (SELECT id {old})", (now,))

    def withdraw(self, channels: Iterable[str]) -> None:
        """Give up what is for other channels than these; one that is switched on again is told how much that was."""
        with in_words(self._path):
            self._connection.execute(_WITHDRAWN, (json.dumps(list(channels)),))

    def shift(self, seconds: float) -> None:
        """Keep what is held or waits from expiring sooner, or waiting longer, since the clock was set by so much."""
        clause = (
            "UPDATE message SET due = min(due, due + ?1), expires = expires + ?1 WHERE state IN ('held', 'waiting')"
        )
        with in_words(self._path):
            self._connection.execute(clause, (seconds,))

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
            rows = self._connection.execute(f"{_READ} {clause}", values).fetchall()
        return [message for message in map(_message, rows) if message]


def _values(message: Message) -> tuple[Any, ...]:
    values = dict(zip(_COLUMNS, astuple(message)[1:], strict=True))
    return tuple({**values, "news": document(message.news)}.values())


def _message(row: tuple[Any, ...]) -> Message | None:
    """Return the message in a row; None if a flipped bit made nonsense of it."""
    values = dict(zip(("id", *_COLUMNS), row, strict=True))
    try:
        typed = {
            "form": Form(values["form"]),
            "tell": Tell(values["tell"]),
            "state": State(values["state"]),
            "news": undocument(values["news"]),
            "acknowledged": bool(values["acknowledged"]),
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return Message(**{**values, **typed}) if typed["news"] else None
