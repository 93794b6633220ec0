# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes messages of what is new in the ledger: once of each verdict and finding, whatever is killed when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

from appliance.diary.calendar import Calendar
from appliance.diary.entries import Entry, newer
from appliance.household import Channel, Choices
from appliance.ledger import Reader
from appliance.ledger.rows import FINDINGS, VERDICT, Table
from appliance.limits import MESSAGES_LOOKED_AT_S
from appliance.notify.desk import decide, remind
from appliance.notify.digest import digest
from appliance.notify.message import Message
from appliance.notify.messages import Messages
from appliance.notify.news import News, of_entry, of_finding
from appliance.notify.terms import Terms
from appliance.rules.alerts import AlertRules

_TABLES: tuple[Table[Any], ...] = (VERDICT, *FINDINGS.values())


@dataclass(frozen=True, slots=True)
class Orders:
    """What the household wants, as it is now."""

    choices: Choices
    snoozed: Mapping[str | None, float]  #: until when, by speaker
    updates: Callable[[Channel], bool]  #: whether a channel can put a message in place of an earlier one


class Herald:
    """Follows the ledger; its place there is kept with the messages it made, so that none is made twice."""

    def __init__(self, path: Path, rules: AlertRules, zone: tzinfo | None = None) -> None:
        """Take the ledger's file; of what is in it when there is no place yet, nothing is told."""
        self._rules = rules
        self._zone = zone
        self._reader = Reader(path)
        self._messages = Messages(path)
        self._changed = -1
        self._looked = float("-inf")
        missing = {table.name: self._reader.last(table) for table in _TABLES} | self._messages.marks()
        self._messages.mark(missing)

    def close(self) -> None:
        """Let go of the ledger."""
        self._reader.close()
        self._messages.close()

    def step(self, orders: Orders, now: float) -> bool:
        """Make messages of what is new, of what is due and of what nobody saw; say whether any may be sent now.

        ``now``: wall-clock seconds. Raises LedgerError, and has then done nothing.
        """
        changed = self._reader.changed()
        if changed == self._changed and 0.0 <= now - self._looked < 1.0:
            return False
        self._changed, self._looked = changed, now
        with self._messages.change():
            marks = self._messages.marks()
            entries, judged = newer(self._reader, marks[VERDICT.name])
            news = list(self._news(entries, orders.choices, marks))
            channels = [channel for channel in orders.choices.channels if channel.on]
            self._messages.withdraw(channel.id for channel in channels)
            made = [self._tell(channel, news, orders, now) for channel in channels]
            last = {table.name: self._reader.last(table) for table in FINDINGS.values()}
            self._messages.mark(last | {VERDICT.name: judged})
        return any(made)

    def _news(self, entries: Iterable[Entry], choices: Choices, marks: Mapping[str, int]) -> Iterable[News]:
        """Yield what is new; what was made up alarms nobody in a house of which there is something real."""
        calendar = Calendar(self._reader)
        for entry in entries:
            if not entry.simulated or calendar.all_simulated:
                yield of_entry(entry, choices)
        for table in FINDINGS.values():
            rows = self._reader.facts(table, "WHERE id > ? ORDER BY id", (marks[table.name],))
            boots = dict(self._reader.rows(f"SELECT id, boot FROM {table.name} WHERE id > ?", (marks[table.name],)))
            for id_, finding in rows:
                if calendar.simulated(boots[id_]) and not calendar.all_simulated:
                    continue
                yield of_finding(finding, calendar.wall(boots[id_], finding.time).time, self._rules)

    def _tell(self, channel: Channel, news: Sequence[News], orders: Orders, now: float) -> bool:
        """Make of the news what the channel is to be told, one after the other, since each bears on the next."""
        terms = self._terms(channel, orders)
        told = self._messages.since(
            channel.id, now - MESSAGES_LOOKED_AT_S, {f"{each.about}-{each.id}" for each in news}
        )
        past = {each.id: each for each in told}
        made = False
        for each in news:
            message = decide(channel.id, each, list(past.values()), terms, now)
            made |= self._keep(past, [message] if message else [])
        reminders = [remind(each, terms, now) for each in past.values()]
        made |= self._keep(past, [each for each in reminders if each and not _reminded(each, past)])
        return self._keep(past, digest(channel.id, list(past.values()), terms, now)) or made

    def _keep(self, past: dict[int, Message], messages: list[Message]) -> bool:
        for message in self._messages.put(messages):
            past[message.id] = message
        return bool(messages)

    def _terms(self, channel: Channel, orders: Orders) -> Terms:
        return Terms(
            rules=self._rules,
            caps=orders.choices.caps,
            quiet=channel.quiet or orders.choices.quiet,
            zone=orders.choices.home.clock or self._zone,
            updates=orders.updates(channel),
            snoozed=orders.snoozed,
        )


def _reminded(reminder: Message, past: Mapping[int, Message]) -> bool:
    """Whether the reminder was made before."""
    return any(each.form is reminder.form and each.key == reminder.key for each in past.values())
