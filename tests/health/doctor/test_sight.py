# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.health.doctor.remark import Level
from appliance.health.doctor.sight import sight
from appliance.health.doctor.tally import Heard, Tally
from tests.health.readings import DOT, speaker

ECHO = 0x020000000005


def heard(**ports: Heard) -> Tally:
    tally = Tally(dict.fromkeys(ports, 1500), frozenset())
    tally.heard = ports
    return tally


TALKS = heard(eth0=Heard(pairs={(1, 2)}, senders={1, 3}), eth1=Heard(pairs={(2, 1)}, senders={2}))


@pytest.mark.parametrize(
    ("tally", "level", "words"),
    [
        (TALKS, Level.OK, "1 conversation between 2 other devices"),
        (heard(eth0=Heard(pairs={(1, 2), (2, 1), (1, 3), (3, 1)})), Level.OK, "2 conversations between 3 other"),
        (heard(eth0=Heard(pairs={(1, 2)}, senders={1})), Level.WARNING, "none of their answers"),
        (heard(eth0=Heard(senders={1}), eth1=Heard(senders={2})), Level.WARNING, "none talked to another"),
        (heard(eth0=Heard(senders={1, 2}), eth1=Heard()), Level.PROBLEM, "only by what is meant for all"),
        (heard(eth0=Heard(senders={1}), eth1=Heard(senders={1})), Level.PROBLEM, "came in on two ports"),
        (heard(eth0=Heard(), eth1=Heard()), Level.PROBLEM, "nothing at all came in on eth0, eth1"),
        (heard(), Level.PROBLEM, "nothing at all came in on any port"),
    ],
)
def test_where_the_machine_is(tally: Tally, level: Level, words: str) -> None:
    """Conversations in both directions are needed; whatever else there is tells what is wrong, and what to do."""
    (remark,) = sight(tally, [], 6.0)
    assert (remark.level, remark.topic) == (level, "sight")
    assert words in remark.seen
    assert bool(remark.remedy and remark.means) == (level is not Level.OK)


def test_a_router_that_hides_the_house() -> None:
    """One device on each side may be all there is, or a second router: it is told, and is no warning."""
    _, remark = sight(heard(eth0=Heard(pairs={(1, 2)}, senders={1}), eth1=Heard(pairs={(2, 1)}, senders={2})), [], 6.0)
    assert (remark.level, remark.seen) == (Level.OK, "On either side there was one device only.")


def test_known_speakers() -> None:
    """Speakers of the registry are looked for by their address, and named if they were silent."""
    there = heard(eth0=Heard(pairs={(ECHO, 1), (1, ECHO)}, senders={ECHO, 1}))
    _, remark = sight(there, [speaker(), speaker(DOT, None)], 6.0)
    assert remark.seen == f"1 of 2 known speakers sent something; nothing came from {DOT}, which may just be silent."


def test_the_quality_of_what_came() -> None:
    """Losses are a warning; merged frames and VLANs are only told."""
    lossy = heard(eth0=Heard(frames=9, merged=3, lost=2, pairs={(1, 2), (2, 1)}, tags={7, 3}))
    _, lost, merged, tags = sight(lossy, [], 6.0)
    assert (lost.level, merged.level, tags.level) == (Level.WARNING, Level.OK, Level.OK)
    assert "2 frames of 9" in lost.seen
    assert "3, 7" in tags.seen
