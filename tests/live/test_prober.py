# SPDX-License-Identifier: GPL-2.0-or-later
"""What is sent at the far end of a wire is in tests/e2e/test_discovery.py; here is when anything is."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from appliance.capture.sender import Sender
from appliance.limits import PROBE_PAUSE_S
from appliance.live import prober as probing
from appliance.live.prober import Prober
from appliance.speakers.inventory import Probing
from tests.network import Namespace

OFF, ON = Probing(), Probing(allowed=True)


def asked(at: float) -> Probing:
    return Probing(allowed=True, asked_at=at)


@pytest.fixture
def sender() -> Iterator[Sender]:
    """One in a network of its own, with a port that has an address of four."""
    with Namespace() as here:
        here.wire("near", "far")
        here.run("ip addr add 192.0.2.1/29 dev near")
        with here.inside(), Sender() as made:
            yield made


def done(prober: Prober) -> str:
    """Wait until all is sent; return what came of it."""
    assert prober._thread is not None
    prober._thread.join(60)
    assert not prober._thread.is_alive()
    return prober.words


def test_it_asks_when_it_is_asked_to(sender: Sender) -> None:
    """Once for each time, and a bounded number of frames."""
    with closing(Prober(sender, ("near", "near"), ["_airplay._tcp"])) as prober:
        prober.look(ON)
        prober.look(asked(1.0))
        assert done(prober) == "near: 7 frames"
        prober.look(asked(1.0))
        assert prober.sent == 7


def test_it_asks_nobody_unless_that_is_allowed(sender: Sender) -> None:
    """Neither while it is off, nor what was asked for before the service started."""
    with closing(Prober(sender, ("near",), [])) as prober:
        prober.look(asked(1.0))
        prober.look(OFF)
        prober.look(Probing(allowed=False, asked_at=2.0))
        assert prober._thread is None


def test_it_is_not_asked_too_often(sender: Sender) -> None:
    """Whoever asks again and again within the hour is not heard."""
    with closing(Prober(sender, ("near",), [])) as prober:
        prober.look(ON)
        prober.look(asked(1.0))
        first = prober._thread
        done(prober)
        for number in range(2, 20):
            prober.look(asked(float(number)))
        assert prober._thread is first


def test_it_ends_when_it_is_allowed_no_more(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even in the midst of it."""
    monkeypatch.setattr(probing, "PROBE_PAUSE_S", 3600.0)
    with closing(Prober(sender, ("near",), [])) as prober:
        prober.look(ON)
        prober.look(asked(1.0))
        prober.look(OFF)
        assert done(prober) == "near: 0 frames"


def test_where_nothing_can_be_sent_that_is_said(sender: Sender) -> None:
    """A port without an address, and a replay, ask nobody."""
    with closing(Prober(sender, ("far", "gone"), [])) as prober:
        prober.look(ON)
        prober.look(asked(1.0))
        assert "no port has an address" in done(prober)
    with closing(Prober(None, ("near",), [])) as prober:
        prober.look(ON)
        prober.look(asked(1.0))
        assert prober._thread is None
    assert PROBE_PAUSE_S > 0
