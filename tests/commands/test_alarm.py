# SPDX-License-Identifier: GPL-2.0-or-later
"""``earwitness alarm``, as systemd starts it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.household import Channel, Household, Secrets
from appliance.limits import ALARM_AGAIN_S
from appliance.settings import Paths
from tests.commands.running import earwitness
from tests.notify.receiver import Reaction, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A telephone's server that is ill at first, where a test says so."""
    with Receiver(lambda number: Reaction(503 if number < len(ILL) else 200)) as receiver:
        yield receiver
    ILL.clear()


ILL: list[int] = []


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver) -> Path:
    """The settings of a household with a telephone, and nothing else: no ledger, no hub."""
    paths = Paths(state=tmp_path / "state", run=tmp_path / "run", rules=tmp_path / "rules")
    paths.state.mkdir()
    paths.run.mkdir()
    Household(paths.household).add("channels", Channel(id="phone", kind="ntfy", name="Phone"))
    Secrets(paths.secrets).put("phone", {"topic": "t", "server": receiver.url})
    file = tmp_path / "earwitness.toml"
    file.write_text(
        "".join(f'{name} = "{path}"\n' for name, path in (("paths.state", paths.state), ("paths.run", paths.run)))
    )
    return file


def test_it_is_told_once_in_some_hours(settings: Path, receiver: Receiver, tmp_path: Path) -> None:
    """The hub fails every few minutes; people need to hear of it now and then."""
    assert earwitness("alarm", "--settings", settings).exit_code == 0
    receiver.wait(1)
    assert "told lately" in earwitness("alarm", "--settings", settings).output
    assert len(receiver.requests) == 1
    long_ago = time.time() - ALARM_AGAIN_S - 1
    os.utime(tmp_path / "run" / "alarm", (long_ago, long_ago))
    earwitness("alarm", "--settings", settings)
    receiver.wait(2)


def test_what_did_not_arrive_is_tried_at_the_next_failure(settings: Path, receiver: Receiver, tmp_path: Path) -> None:
    """Nobody was told, so it counts for nothing."""
    ILL.append(503)
    earwitness("alarm", "--settings", settings)
    earwitness("alarm", "--settings", settings)
    assert len(receiver.wait(2)) == 2
    assert (tmp_path / "run" / "alarm").exists()


def test_rules_that_are_wrong_keep_nobody_from_hearing_of_it(
    settings: Path, receiver: Receiver, tmp_path: Path
) -> None:
    """They may be why the hub does not stay up."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text("alerts: [{")
    with settings.open("a") as file:
        file.write(f'paths.rules = "{tmp_path}/rules"\n')
    earwitness("alarm", "--settings", settings)
    receiver.wait(1)
