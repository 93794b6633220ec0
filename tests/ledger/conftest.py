# SPDX-License-Identifier: GPL-2.0-or-later
"""A household's ledger, open for each of its services."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from appliance.events import Service
from appliance.ledger import Ledger, Reader, open_ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is."""
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def services(path: Path) -> Iterator[dict[Service, Ledger]]:
    """The three services, each with the ledger open."""
    with ExitStack() as stack:
        yield {
            service: stack.enter_context(closing(open_ledger(path, service=service, now=0.0))) for service in Service
        }


@pytest.fixture
def reader(services: dict[Service, Ledger]) -> Iterator[Reader]:
    """Somebody who reads what the services wrote."""
    with closing(services[Service.HUB].reader()) as reader:
        yield reader


@pytest.fixture
def boot(services: dict[Service, Ledger]) -> int:
    """This run of the machine."""
    return services[Service.CAPTURE].begin("this-boot", 0.0)
