# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.diary.contacts import contacts
from appliance.diary.day import days
from appliance.events import Role
from appliance.ledger import Reader
from appliance.limits import CONTACTS_SHOWN
from tests.live.house import RULES


def span(reader: Reader) -> tuple[float, float]:
    watched = days(reader)
    assert watched is not None
    return watched[0], watched[1] + 1


def test_hosts_stand_under_what_they_are_for(reader: Reader) -> None:
    """The hosts that uploads went to are for voice; the others go by their rules; the counters add up."""
    uploads = reader.rows("SELECT device, coalesce(host, remote) FROM upload WHERE ended_at IS NOT NULL")
    for device in {device for device, _ in uploads}:
        found = {each.role: each for each in contacts(reader, RULES, device, *span(reader))}
        voice = {contact.host: contact.uploads for contact in found[Role.VOICE].hosts}
        assert {host for host, count in voice.items() if count} == {host for of, host in uploads if of == device}
        assert sum(voice.values()) == sum(of == device for of, _ in uploads)
        for role, each in found.items():
            assert len(each.hosts) <= CONTACTS_SHOWN
            for contact in each.hosts:
                rule = RULES.hosts.look(contact.host)
                assert contact.uploads or role is (rule.role if rule else Role.UNKNOWN)
        ((up,),) = reader.rows("SELECT sum(bytes_up) FROM traffic WHERE device = ?", (device,))
        assert sum(each.bytes_up for each in found.values()) == up


def test_of_a_device_that_nobody_saw_there_is_nothing(reader: Reader) -> None:
    """An unknown address talks to nobody."""
    assert contacts(reader, RULES, "02:00:00:00:00:99", *span(reader)) == []
