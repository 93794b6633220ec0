# SPDX-License-Identifier: GPL-2.0-or-later
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.notify.mqtt.broker import Listener, Mosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture
def listener(mosquitto: Mosquitto) -> Iterator[Listener]:
    with closing(Listener(mosquitto.port)) as listener:
        yield listener
