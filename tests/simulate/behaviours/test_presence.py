# SPDX-License-Identifier: GPL-2.0-or-later
from itertools import pairwise

import pytest
from scapy.layers.dhcp import DHCP
from scapy.layers.dns import DNS
from scapy.layers.inet import UDP

from appliance.simulate.behaviours import presence
from appliance.simulate.models import MODELS
from tests.simulate.playing import Theatre, calm, payload, records, stream

BEGIN = 1_781_395_200.0


def test_a_voice_flow_is_kept_alive() -> None:
    """Every 30 s the cloud asks and the Echo answers with 46 B."""
    theatre = Theatre(calm("timers", "announcements", days=0.01))
    it = theatre.speaker()
    presence.begin(it)
    sent = [float(packet.time) for packet in theatre.play() if packet.src == it.device and len(payload(packet)) == 46]
    gaps = [after - before for before, after in pairwise(sent)]
    assert len(sent) in {28, 29}
    assert gaps == pytest.approx([30.0] * len(gaps), abs=0.01)


def test_timers_and_announcements_come_back() -> None:
    """In two hours an idle speaker made each of its short connections and announced itself twice."""
    theatre = Theatre(calm("keep_alives", days=2 / 24))
    it = theatre.speaker()
    presence.begin(it)
    found = theatre.play()
    asked = [
        packet[DNS].qd[0].qname.decode()[:-1]
        for packet in found
        if DNS in packet and packet[DNS].qr == 0 and packet[UDP].dport == 53
    ]
    assert set(asked) == {timer.host for timer in it.model.timers}
    assert asked.count("prod.amcs-tachyon.com") == pytest.approx(7200 / 91, abs=1)
    assert sum(UDP in packet and packet[UDP].dport == 5353 for packet in found) == 2


@pytest.mark.parametrize("model", MODELS)
def test_a_boot_shows_who_it_is(model: str) -> None:
    """A boot has the model's DHCP options, its voice host's name and its bulk telemetry, and the truth says boot."""
    theatre = Theatre(calm("ipv6"))
    it = theatre.speaker(model)
    presence.boot(it, BEGIN)
    found = theatre.play()
    options = {option[0]: option[1:] for option in found[0][DHCP].options if isinstance(option, tuple)}
    assert options["param_req_list"] == (list(it.model.dhcp.parameters),)
    assert ("vendor_class_id" in options) is (it.model.dhcp.vendor is not None)
    assert ("forcerenew_nonce_capable" in options) is it.model.dhcp.forcerenew
    if it.flow is not None:
        names = {packet[DNS].qd[0].qname for packet in found if DNS in packet and packet[DNS].qd}
        assert f"{it.voice.host}.".encode() in names
    told = theatre.truth()
    assert {line["kind"] for line in told} == {"boot"}
    assert (
        sum(len(payload(packet)) for packet in found if packet.src == it.device and UDP not in packet)
        > it.model.boot[0]
    )


def test_a_homepod_syncs_at_boot() -> None:
    """Its account sync keeps a beat of records of 1.5 to 4 kB, which is the trap: too much for speech."""
    theatre = Theatre(calm("ipv6"))
    it = theatre.speaker("homepod")
    presence.boot(it, BEGIN)
    assert it.flow is not None
    synced = [size for size in records(stream(theatre.play(), it.flow.device.port, up=True)) if 1500 <= size <= 4024]
    assert len(synced) > 60


def test_a_reconnect_moves_the_voice_flow() -> None:
    """After it the speaker speaks from another port."""
    it = Theatre(calm()).speaker()
    assert it.flow is not None
    before = it.flow.device.port
    presence.reconnect(it, BEGIN)
    assert it.flow.device.port != before
