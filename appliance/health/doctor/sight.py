# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether the traffic of other devices passes here, judged by what came in while the doctor watched."""

from collections.abc import Collection, Iterator, Mapping

from appliance.health.doctor.remark import Level, Remark
from appliance.health.doctor.tally import Heard, Tally
from appliance.report.words import counted
from appliance.speakers.inventory import Entry

_TOPIC = "sight"
_BETWEEN = (
    "Put it between router and access point: one cable from the router into the one port, one from the other port to"
    " the access point (or to the switch that it hangs on). Or have a switch mirror the access point's port to it."
)


def sight(tally: Tally, speakers: Collection[Entry], seconds: float) -> Iterator[Remark]:
    """Yield whether conversations of other devices are seen, and what else there is to say of what came in."""
    yield _passing(tally, f"In {seconds:g} s")
    yield from _hidden(tally)
    yield from _speakers(tally, speakers)
    for port, heard in tally.heard.items():
        yield from _quality(port, heard)


def _passing(tally: Tally, when: str) -> Remark:
    heard = tally.heard
    if looped := tally.looped():
        return Remark(
            Level.PROBLEM,
            _TOPIC,
            f"{when} frames of the same {counted(len(looped), 'device')} came in on two ports.",
            "Both ports lead into the same network: frames go round in circles, or will.",
            f"Pull one of the two cables. {_BETWEEN}",
        )
    if answered := tally.answered():
        devices = len({device for pair in answered for device in pair})
        talks = counted(len(answered), "conversation")
        return Remark(Level.OK, _TOPIC, f"{when} {talks} between {devices} other devices passed, in both directions.")
    if any(each.pairs for each in heard.values()):
        return Remark(
            Level.WARNING,
            _TOPIC,
            f"{when} frames between other devices were seen, but none of their answers.",
            "Only one direction passes here: uploads may be missed, and replies are.",
            "Have the switch mirror both directions (rx and tx); of a bridge, watch all ports.",
        )
    return _not_passing(heard, when)


def _not_passing(heard: Mapping[str, Heard], when: str) -> Remark:
    sides = [port for port, each in heard.items() if each.senders]
    if len(sides) > 1:
        return Remark(
            Level.WARNING,
            _TOPIC,
            f"{when} there were devices on {' and on '.join(sides)}, but none talked to another.",
            "Either nobody does anything right now, or what they say takes another way.",
            "Play music on a speaker, and look again for longer: earwitness doctor --seconds 30",
        )
    if sides:
        devices = counted(len(heard[sides[0]].senders), "device")
        return Remark(
            Level.PROBLEM,
            _TOPIC,
            f"{when} {devices} showed themselves on {sides[0]}, but only by what is meant for all or for this machine.",
            "This machine hangs beside the network, not in it: what speakers send does not pass here.",
            f"{_BETWEEN} If it is in its place already and all is quiet: play music on a speaker and look again.",
        )
    return Remark(
        Level.PROBLEM,
        _TOPIC,
        f"{when} nothing at all came in on {', '.join(heard) or 'any port'}.",
        "No network is there, or nobody is in it.",
        f"Check cables and ports. {_BETWEEN}",
    )


def _hidden(tally: Tally) -> Iterator[Remark]:
    """Yield that there is one device on each side, as where an access point is a router of its own."""
    if len(tally.heard) > 1 and tally.answered() and all(len(heard.senders) == 1 for heard in tally.heard.values()):
        yield Remark(
            Level.OK,
            _TOPIC,
            "On either side there was one device only.",
            "If there are more, one of the two is a router that hides those behind it: they cannot be told apart here.",
            "Then let it be an access point only (bridge mode), or put this machine on its inner side.",
        )


def _speakers(tally: Tally, speakers: Collection[Entry]) -> Iterator[Remark]:
    if not speakers:
        return
    there = set().union(*(heard.senders for heard in tally.heard.values()))
    quiet = [each.name or each.mac for each in speakers if each.number not in there]
    seen = f"{len(speakers) - len(quiet)} of {counted(len(speakers), 'known speaker')} sent something"
    silent = f"; nothing came from {', '.join(quiet)}, which may just be silent" if quiet else ""
    yield Remark(Level.OK, "speakers", f"{seen}{silent}.")


def _quality(port: str, heard: Heard) -> Iterator[Remark]:
    if heard.lost:
        yield Remark(
            Level.WARNING,
            "losses",
            f"On {port} {counted(heard.lost, 'frame')} of {heard.frames:,} came too fast for this machine.",
            "Uploads may be missed while the network is busy.",
            "End other programs here, or watch only speakers: then most frames need not be looked at.",
        )
    if heard.merged:
        yield Remark(
            Level.OK,
            "offload",
            f"On {port} offload makes one long frame of several ({heard.merged:,} of {heard.frames:,}).",
            "That does no harm: lengths are read inside of them.",
        )
    if heard.tags:
        numbers = ", ".join(map(str, sorted(heard.tags)))
        yield Remark(Level.OK, "vlans", f"On {port} frames carry VLAN tags: {numbers}. They are looked into.")
