# SPDX-License-Identifier: GPL-2.0-or-later
"""A household whose alerts arrive somewhere, for the tests of the office and its rooms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notify.home import House
from tests.notify.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A place that alerts are sent to."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def house(tmp_path: Path, receiver: Receiver) -> Iterator[House]:
    """A household with one channel, which leads there."""
    house = House(tmp_path, receiver)
    yield house
    house.ledger.close()
