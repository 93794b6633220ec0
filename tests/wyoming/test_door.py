# SPDX-License-Identifier: GPL-2.0-or-later
import socket
import struct
import time
from collections.abc import Callable, Iterator

import pytest

from appliance.limits import WYOMING_AT_ONCE_BYTES
from appliance.settings import WyomingSettings
from appliance.wyoming.door import Door


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class House:
    """A door, those who come to it, and what was told of them."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.port = free_port()
        self.door = Door([WyomingSettings.model_validate({"name": "kitchen", "host": host, "port": self.port})])
        self.told: list[bytes | None] = []
        self.open: list[socket.socket] = []
        self.until(lambda: not self.door.problem)

    def come(self, host: str = "127.0.0.1") -> socket.socket:
        """Let somebody come from an address of this machine."""
        self.open.append(socket.create_connection((host, self.port), timeout=10))
        return self.open[-1]

    def until(self, so: Callable[[], bool]) -> None:
        """Look until something is ``so``."""
        deadline = time.monotonic() + 30
        while True:
            self.told += [raw for _, raw in self.door.look()]
            if so():
                return
            assert time.monotonic() < deadline, self.told
            time.sleep(0.005)

    def close(self) -> None:
        """Let everybody leave."""
        for each in self.open:
            each.close()
        self.door.close()


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.close()


@pytest.fixture
def strange() -> Iterator[House]:
    made = House("192.0.2.7")
    yield made
    made.close()


def test_who_comes_is_heard(house: House) -> None:
    """It is told who came, what he said, and that he left."""
    visitor = house.come()
    visitor.sendall(b"hello")
    house.until(lambda: b"hello" in house.told)
    visitor.close()
    house.until(lambda: house.told[-1] is None)
    assert house.told == [b"", b"hello", None]


def test_others_are_turned_away(strange: House) -> None:
    """Whoever comes from another address than that of the settings is shown out, unheard, and counted."""
    visitor = strange.come()
    strange.until(lambda: strange.door.turned_away == 1)
    assert visitor.recv(10) == b""
    assert strange.told == []


def test_who_comes_again_takes_his_own_place(house: House) -> None:
    """A satellite whose connection was lost without a word gets in again, and its old connection ends."""
    first = house.come()
    house.until(lambda: house.told == [b""])
    second = house.come()
    house.until(lambda: len(house.told) == 3)
    assert house.told == [b"", None, b""]
    assert first.recv(10) == b""
    second.sendall(b"again")
    house.until(lambda: house.told[-1] == b"again")


def test_a_connection_that_is_torn_down_ended(house: House) -> None:
    """A reset is leaving, too."""
    visitor = house.come()
    house.until(lambda: house.told == [b""])
    visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    visitor.close()
    house.until(lambda: house.told[-1] is None)


def test_one_who_talks_without_end_is_taken_in_turns(house: House) -> None:
    """One look takes no more than it should, however much has come."""
    visitor = house.come()
    visitor.settimeout(0)
    with pytest.raises(BlockingIOError):
        visitor.sendall(bytes(1 << 26))
    house.until(lambda: len(house.told) > 3)
    assert max(len(raw or b"") for raw in house.told) <= WYOMING_AT_ONCE_BYTES


def test_a_port_that_is_taken_is_tried_again() -> None:
    """Nobody comes in while another program has the port, which is told; then it goes by itself."""
    taken = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    port = taken.getsockname()[1]
    door = Door([WyomingSettings.model_validate({"name": "hall", "host": "127.0.0.1", "port": port})])
    assert list(door.look()) == []
    assert f"port {port} cannot be had" in door.problem
    taken.close()
    assert list(door.look()) == []
    assert door.problem == ""
    door.close()
