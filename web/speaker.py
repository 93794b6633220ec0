# SPDX-License-Identifier: GPL-2.0-or-later
"""What the pages say of one speaker: its name, its weeks, its words, its hosts, its transport."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appliance.diary.contacts import Contacts, contacts
from appliance.diary.exposed import exposed
from appliance.diary.history import Day, Sum, days_until, history, summed
from appliance.events import Role
from appliance.language import later, spoken, translate
from appliance.ledger import Reader
from appliance.limits import HISTORY_DAYS
from appliance.report.names import Names
from appliance.report.svg import Svg
from appliance.report.words import local
from appliance.rules import Rules, SpeakerRule, said
from appliance.speakers.inventory import Entry, Inventory
from web.bars import bars
from web.day import shown_day
from web.house import House
from web.items import household
from web.language import code, house_zone
from web.transport import Remark, remarks

_WEEK = 7

#: What hosts are for, in the words of the pages.
ROLES = {
    Role.VOICE: later("Voice"),
    Role.CALL: later("Calls"),
    Role.TELEMETRY: later("Telemetry"),
    Role.UPDATE: later("Updates"),
    Role.MEDIA: later("Music and other media"),
    Role.TIME: later("Time"),
    Role.ACCOUNT: later("Account"),
    Role.CONNECTIVITY: later("Is the internet there?"),
    Role.UNKNOWN: later("Not known"),
}


@dataclass(frozen=True, slots=True)
class Weeks:
    """One speaker's last days, the last seven of them, and the seven before."""

    days: Sequence[Day]
    now: Sum
    before: Sum
    chart: Sequence[Svg]

    @property
    def dated(self) -> list[tuple[date, Day]]:
        """The days with their dates by the clock in the house."""
        return [(local(each.start, house_zone()).date(), each) for each in self.days]

    @property
    def trend(self) -> str:
        """How the last seven days compare with those before, in a sentence."""
        return _trend(self.now, self.before)


@dataclass(frozen=True, slots=True)
class NamedWord:
    """One name that a speaker listens to."""

    word: str
    chosen: bool
    misfires: float | None  #: false wakes an hour, where it was measured
    least: bool  #: it misfires least of those measured
    heard: float | None  #: share of recordings in which the best engine alone hears it, near


def names(inventory: Inventory) -> Names:
    """Return what each device is called."""
    return Names(household((), inventory, house_zone()))


def entry_of(inventory: Inventory, mac: str) -> Entry | None:
    """Return what is known of a device."""
    return next((each for each in inventory.devices if each.mac == mac), None)


def newest_day(reader: Reader, house: House) -> float:
    """Return when the day began that pages begin with: today, or the last of which a replay tells."""
    return shown_day(reader, None, house.now(), house_zone()).start


def weeks(reader: Reader, inventory: Inventory, mac: str, end: float) -> Weeks:
    """Return the last days of a speaker up to the one in which ``end`` is."""
    zone = house_zone()
    days = history(reader, inventory, mac, days_until(end, HISTORY_DAYS, zone))
    label = translate("Uploads by day: asked for, misheard and unexplained. The table below says the same.")
    return Weeks(days, summed(days[-_WEEK:]), summed(days[-2 * _WEEK : -_WEEK]), bars(_drawn(days), zone, label))


def week(reader: Reader, inventory: Inventory, mac: str, end: float) -> Sum:
    """Return what the last seven days of a speaker come to."""
    return summed(history(reader, inventory, mac, days_until(end, _WEEK, house_zone())))


def hosts(reader: Reader, rules: Rules, mac: str, end: float) -> list[tuple[str, Contacts]]:
    """Return whom a speaker talked to, under what each host is for."""
    days = days_until(end, HISTORY_DAYS, house_zone())
    return [(translate(ROLES[each.role]), each) for each in contacts(reader, rules, mac, days[0][0], days[-1][1])]


def transport(reader: Reader, rules: Rules, mac: str) -> list[Remark]:
    """Return the transport check of a speaker."""
    return list(remarks(exposed(reader, mac), rules, code()))


def family(rules: Rules, speaker: str | None) -> SpeakerRule | None:
    """Return the rule that a speaker goes by."""
    return next((rule for rule in rules.speakers.rules if rule.id == speaker), None)


def measured(rule: SpeakerRule | None) -> list[tuple[str, str]]:
    """Return with what the misfires of a family were measured, and who did."""
    return [(said(each.of, code()), each.source) for each in rule.misfires] if rule else []


def words(rules: Rules, entry: Entry) -> list[NamedWord]:
    """Return the names that a speaker may listen to, those that misfire least first."""
    rule = family(rules, entry.speaker)
    rates = dict(rule.misfiring()) if rule else {}
    known = list(dict.fromkeys([*rates, *(rule.wake_words if rule else ()), *entry.owner.wake_words]))
    least = next(iter(rates), None)
    return [
        NamedWord(word, word in entry.owner.wake_words, rates.get(word), word == least, _heard(rules, word))
        for word in known
    ]


def _heard(rules: Rules, word: str) -> float | None:
    """Return the best recall near that was measured of an engine alone: the first figure of each rule."""
    recalls = [rule.measured[0].recall for rule in rules.wake.engines if rule.word == word and rule.measured]
    return max(recalls, default=None)


def _drawn(days: Sequence[Day]) -> Sequence[Day]:
    """Return the days from the first of which anything is known, and two weeks in any case."""
    first = next((place for place, each in enumerate(days) if each.watched), len(days))
    return days[min(first, len(days) - 2 * _WEEK) :]


def _trend(now: Sum, before: Sum) -> str:
    if not now.days:
        return translate("Nothing was seen of it in these seven days.")
    if not before.days:
        return translate("There is no week before to compare with yet.")
    speak = spoken().number
    was, is_ = before.misheard_per_day, now.misheard_per_day
    values = {"now": speak(is_, 1), "before": speak(was, 1)}
    if is_ > was * 1.25 + 0.2:
        return translate("It mishears more than the week before: {now} times a day, and {before} then.", **values)
    if is_ < was * 0.8 - 0.2:
        return translate("It mishears less than the week before: {now} times a day, and {before} then.", **values)
    return translate("It mishears about as often as the week before: {now} times a day, and {before} then.", **values)
