# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the commands share: a capture of the simulated morning."""

from pathlib import Path

import pytest

from tests.played import packets_of, part, pcap_bytes


@pytest.fixture(scope="session")
def pcap(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first half of the morning as a plain pcap file in a folder of its own."""
    packets = packets_of(played / "capture.pcapng")
    path = tmp_path_factory.mktemp("captures") / "morning.pcap"
    path.write_bytes(b"".join(pcap_bytes(part(packets, 0, len(packets.at) // 2))))
    return path
