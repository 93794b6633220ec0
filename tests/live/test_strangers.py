# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Coverage, Device, Loss, Name, Role, Traffic
from appliance.ledger import Fact
from appliance.limits import FLUSH_S, STRANGER_FACTS
from appliance.live.strangers import Strangers

ECHO = "44:65:0d:00:00:01"


def device(mac: str) -> Device:
    return Device(1.0, mac, "unknown-speaker", None, None, None, 0.4, ())


def test_a_flood_of_strangers_is_cut_short() -> None:
    """In five minutes so many facts of strangers pass; what is of the house's own devices, and all else, all pass."""
    strangers = Strangers()
    flood = [device(f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}") for number in range(STRANGER_FACTS + 100)]
    ours: list[Fact] = [
        device(ECHO),
        Traffic(1.0, ECHO, Role.VOICE, 1, 1, 1),
        Name(1.0, ECHO, "192.0.2.1", "voice.example"),
        Coverage(0.0, 1.0, "capture"),
        Loss(1.0, 1.0, None, "frames", 1),
    ]
    passed = list(strangers.pass_on([*flood, *ours], {ECHO}, 100.0))
    assert passed == [*flood[:STRANGER_FACTS], *ours]
    assert strangers.refused == 100
    assert list(strangers.pass_on(flood[:1], (), 99.0 + FLUSH_S)) == []
    assert list(strangers.pass_on(flood[:1], (), 100.0 + FLUSH_S)) == flood[:1]


def test_a_clock_that_goes_back_begins_anew() -> None:
    """Another capture's times may be earlier ones."""
    strangers = Strangers()
    list(strangers.pass_on([device(ECHO)] * (STRANGER_FACTS + 1), (), 100.0))
    assert list(strangers.pass_on([device(ECHO)], (), 50.0)) == [device(ECHO)]
