# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from appliance.events import CAPTURE, Coverage, Device, Loss, Reply, Service, Speech, Upload, Wake
from appliance.ledger import Fact, Followed, Follower, Ledger, Reader, open_ledger
from tests.ledger.facts import ECHO, announced, completed

DEVICE = Device(1.0, ECHO, "amazon-echo", "amazon", "Echo Dot", "Kitchen", 0.9, ("DHCP host name amazon-0",))
WAKE = Wake(8.0, "kitchen", "alexa", 0.9)
SPEECH = Speech(8.1, 10.0, "kitchen", -30.0)
HEARD = Coverage(0.0, 300.0, "kitchen")
SEEN = Coverage(0.0, 299.0, CAPTURE)


def test_each_fact_is_given_once(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """What was given is not given again, what is new is, and of another boot there is nothing."""
    capture, follower = services[Service.CAPTURE], Follower(reader, boot)
    assert follower.new() == []
    capture.write(boot, [announced(9.0)])
    assert follower.new() == [announced(9.0)]
    assert follower.new() == []
    capture.write(capture.begin("another-boot", 0.0), [announced(20.0)])
    capture.write(boot, [completed(9.0)])
    assert follower.new() == [completed(9.0)]


def test_coverage_comes_after_what_it_covers(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """An ear's coverage follows what the ear heard in it, and goes before the capture's of the same time."""
    services[Service.EARS].write(boot, [HEARD, SPEECH, WAKE])
    services[Service.CAPTURE].write(boot, [SEEN, announced(9.0), DEVICE, completed(9.0)])
    assert Follower(reader, boot).new() == [WAKE, SPEECH, HEARD, DEVICE, announced(9.0), completed(9.0), SEEN]


def test_catching_up_hears_before_it_judges(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """When hours are read at once, what ears reported around a time comes before the capture's coverage of it."""
    hours = range(0, 36_000, 300)
    services[Service.EARS].write(boot, [Coverage(at + 7.0, at + 307.0, "kitchen") for at in hours])
    services[Service.CAPTURE].write(boot, [Coverage(at, at + 300.0, CAPTURE) for at in hours])
    heard = 0.0
    for fact in Follower(reader, boot).new():
        assert isinstance(fact, Coverage)
        if fact.source == CAPTURE and fact.ended_at < 36_000:
            assert heard > fact.ended_at
        elif fact.source != CAPTURE:
            heard = fact.ended_at


def test_following_begins_where_it_is_told(services: dict[Service, Ledger], reader: Reader, boot: int) -> None:
    """From ``since`` on facts are given, and of every device the newest word, however old it is."""
    old: list[Device | Upload | Reply] = [
        DEVICE,
        replace(DEVICE, time=2.0, name="Old kitchen"),
        announced(9.0),
        Reply(15.0, ECHO, 13.0, 14.0, 9),
    ]
    new: list[Upload | Reply | Loss] = [
        announced(109.0),
        Reply(115.0, ECHO, 113.0, 114.0, 9),
        Loss(120.0, 121.0, None, "frames", 3),
    ]
    services[Service.CAPTURE].write(boot, [*old, *new])
    services[Service.EARS].write(boot, [WAKE, SPEECH])
    assert Follower(reader, boot, since=100.0).new() == [old[1], *new]
    follower = Follower(reader, boot, since=100.0)
    follower.new()
    services[Service.CAPTURE].write(boot, [completed(9.0), completed(109.0)])
    assert follower.new() == [completed(109.0)]


def test_nothing_is_missed_while_three_services_write(
    services: dict[Service, Ledger], reader: Reader, boot: int, path: Path
) -> None:
    """However writers and reader take turns, each fact is given once, and each writer's in the order it wrote them."""
    work: dict[Service, list[Any]] = {
        Service.CAPTURE: [announced(float(number)) for number in range(150)],
        Service.EARS: [replace(WAKE, time=float(number)) for number in range(150)],
    }
    writers = [get_context("fork").Process(target=_write_each, args=(path, boot, *item)) for item in work.items()]
    for writer in writers:
        writer.start()
    follower, given = Follower(reader, boot), list[Followed]()
    while any(writer.is_alive() for writer in writers):
        given += follower.new()
    given += follower.new()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert [fact for fact in given if isinstance(fact, Upload)] == work[Service.CAPTURE]
    assert [fact for fact in given if isinstance(fact, Wake)] == work[Service.EARS]
    assert services


def _write_each(path: Path, boot: int, service: Service, facts: list[Fact]) -> None:
    with closing(open_ledger(path, service=service, now=0.0)) as ledger:
        for fact in facts:
            ledger.write(boot, [fact])
