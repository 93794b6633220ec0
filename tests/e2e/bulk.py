# SPDX-License-Identifier: GPL-2.0-or-later
"""Other hosts that send as much as the machine can, by TCP through the bridge.

python -m tests.e2e.bulk give|take ADDRESS
"""

import socket
import subprocess
import sys

from tests.conftest import ROOT
from tests.e2e.house import House, until

_PORT = 5201
_PIECE = bytes(1 << 20)


class Bulk:
    """A host in the world that gives, and one at home that takes, until closed."""

    def __init__(self, house: House) -> None:
        self._house = house
        house.world.run("ip address add 198.51.100.1/24 dev world")
        house.home.run("ip address add 198.51.100.2/24 dev home")
        self._processes = [self._run(house.world.name, "give", "198.51.100.1")]
        until("the giver to listen", lambda: f":{_PORT}" in house.world.run("ss -ltnH"))
        self._processes.append(self._run(house.home.name, "take", "198.51.100.1"))

    @property
    def processes(self) -> list[int]:
        """The ids of the two."""
        return [process.pid for process in self._processes]

    def taken(self) -> int:
        """Return how many bytes came home so far."""
        return int(self._house.home.run("cat /sys/class/net/home/statistics/rx_bytes"))

    def close(self) -> None:
        """End both."""
        for process in self._processes:
            process.kill()
            process.wait()
        self._house.world.run("ip address flush dev world")
        self._house.home.run("ip address flush dev home")

    @staticmethod
    def _run(namespace: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = ["ip", "netns", "exec", namespace, sys.executable, "-m", "tests.e2e.bulk", *arguments]
        return subprocess.Popen(command, cwd=ROOT)


def give(address: str) -> None:
    """Send zeros to whoever asks."""
    with socket.create_server((address, _PORT)) as server:
        while True:
            connection, _ = server.accept()
            with connection:
                while True:
                    connection.sendall(_PIECE)


def take(address: str) -> None:
    """Receive for ever."""
    room = bytearray(1 << 20)
    with socket.create_connection((address, _PORT)) as connection:
        while connection.recv_into(room):
            pass


if __name__ == "__main__":
    {"give": give, "take": take}[sys.argv[1]](sys.argv[2])
