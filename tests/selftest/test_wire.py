# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.capture.bpf import everything
from appliance.capture.ring import Ring
from appliance.selftest.house import due
from appliance.selftest.wire import FAR, NEAR, Sent, around, lay, over_a_wire, send, shortest
from tests.capture.test_ring import received
from tests.network import Namespace


def test_the_frames_are_those_of_one_device_around_one_upload(evening: Path) -> None:
    """Nothing of the other devices or of the rest of the evening goes over the wire."""
    upload = shortest(evening)
    mac = bytes.fromhex(upload.device.replace(":", ""))
    frames = list(around(upload, evening / "capture.pcapng"))
    assert upload in list(due(evening / "truth.jsonl"))
    assert all(mac in {frame[:6], frame[6:12]} for _, frame in frames)
    assert 0 <= frames[0].after <= frames[-1].after <= upload.end - upload.start + 4.1
    assert len(frames) > 50


def test_what_is_sent_arrives_at_the_near_end() -> None:
    """The wire carries whole frames, in order, and whoever sends tells how far it is."""
    shares: list[float] = []
    frames = [Sent(number / 1000, bytes(12) + b"\x88\xb5" + bytes([number]) * 9000) for number in range(1, 6)]
    with Namespace() as net, net.inside(), Ring(everything(1 << 16)) as ring:
        lay()
        net.until(f"ip -br link show {NEAR}", " UP ")
        ring.bind(NEAR)
        send(frames, shares.append)
        assert received(ring, len(frames)) == [frame for _, frame in frames]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_no_wire_is_told_as_an_error_of_the_system() -> None:
    """Where the wire is there already, or not permitted, the kernel's words are passed on."""
    with Namespace() as net, net.inside():
        lay()
        with pytest.raises(OSError, match="exists"):
            lay()


def test_an_upload_is_found_and_judged_over_the_wire(evening: Path, tmp_path: Path) -> None:
    """Ring, ledger and judge as in a house, at the upload's own speed; without an ear it is unheard."""
    with Namespace() as net, net.inside():
        outcome = over_a_wire(tmp_path / "trial", evening, lambda _: None)
    assert (outcome.verdict, outcome.right) == ("unheard", True), outcome
    assert FAR not in Path("/proc/net/dev").read_text()
