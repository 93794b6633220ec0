# SPDX-License-Identifier: GPL-2.0-or-later
"""Whom a device talks to, by what each host is for, and how much of its traffic that is."""

from dataclasses import dataclass

from appliance.diary.calendar import Calendar
from appliance.events import Role
from appliance.ledger import Reader
from appliance.limits import CONTACTS_SHOWN
from appliance.rules import Rules


@dataclass(frozen=True, slots=True)
class Contact:
    """One host, and when it was last seen to be asked for or sent to, in wall-clock seconds."""

    host: str
    last: float
    uploads: int = 0  #: that went there


@dataclass(frozen=True, slots=True)
class Contacts:
    """The hosts of one role, those lately seen first, and the bytes that went there and came from there."""

    role: Role
    bytes_up: int
    bytes_down: int
    hosts: tuple[Contact, ...]
    more: int  #: hosts that are not shown


def contacts(reader: Reader, rules: Rules, mac: str, start: float, end: float) -> list[Contacts]:
    """Return for each role whom a device talked to between two wall-clock times, the roles of most upstream first.

    An upload's host is for voice, whatever its name is for otherwise.
    """
    calendar = Calendar(reader)
    seen: dict[Role, dict[str, Contact]] = {}
    sums: dict[Role, tuple[int, int]] = {}
    for each in calendar.between(start, end):
        values = (each.boot, each.since, each.until, mac)
        within = "WHERE boot = ? AND time >= ? AND time < ? AND device = ?"
        for host, last in reader.rows(f"SELECT host, max(time) FROM name {within} GROUP BY host", values):
            rule = rules.hosts.look(host)
            _see(seen, rule.role if rule else Role.UNKNOWN, Contact(host, last + each.offset))
        ended = f"FROM upload {within} AND ended_at IS NOT NULL GROUP BY 1"
        for host, last, count in reader.rows(f"SELECT coalesce(host, remote), max(time), count(*) {ended}", values):
            _see(seen, Role.VOICE, Contact(host, last + each.offset, count))
        for role, up, down in reader.rows(
            f"SELECT role, sum(bytes_up), sum(bytes_down) FROM traffic {within} GROUP BY role", values
        ):
            before = sums.get(Role(role), (0, 0))
            sums[Role(role)] = (before[0] + up, before[1] + down)
    found = [_contacts(role, sums.get(role, (0, 0)), seen.get(role, {})) for role in seen.keys() | sums.keys()]
    return sorted(found, key=lambda each: (-each.bytes_up, each.role))


def _see(seen: dict[Role, dict[str, Contact]], role: Role, contact: Contact) -> None:
    hosts = seen.setdefault(role, {})
    before = hosts.get(contact.host, contact)
    uploads = contact.uploads + (before.uploads if before is not contact else 0)
    hosts[contact.host] = Contact(contact.host, max(before.last, contact.last), uploads)


def _contacts(role: Role, total: tuple[int, int], hosts: dict[str, Contact]) -> Contacts:
    shown = sorted(hosts.values(), key=lambda each: (-each.uploads, -each.last))
    return Contacts(role, *total, tuple(shown[:CONTACTS_SHOWN]), max(0, len(shown) - CONTACTS_SHOWN))
