# SPDX-License-Identifier: GPL-2.0-or-later
import errno
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.health.doctor.examine import _blind, _damaged, _household, examine
from appliance.health.doctor.links import Link
from appliance.health.doctor.remark import Level
from appliance.settings import CaptureSettings, Paths, Placement, Settings


@pytest.mark.parametrize(
    ("error", "level", "topic", "remedy"),
    [
        (PermissionError(errno.EPERM, "Operation not permitted"), Level.WARNING, "sight", "sudo earwitness doctor"),
        (OSError(errno.ENOPROTOOPT, "Protocol not available"), Level.PROBLEM, "kernel", "Use a kernel with"),
        (OSError(errno.ENODEV, "No such device"), Level.PROBLEM, "sight", "Look again."),
    ],
)
def test_why_nothing_could_be_watched(error: OSError, level: Level, topic: str, remedy: str) -> None:
    """A missing right, a kernel that cannot, and an interface that just went are told apart, with what to do."""
    remark = _blind(error)
    assert (remark.level, remark.topic) == (level, topic)
    assert remark.remedy.startswith(remedy)


def test_damaged_frames() -> None:
    """Only what was damaged while the doctor watched counts; a port that went away has nothing to tell."""
    before = [Link("eth0", errors=5), Link("eth1", errors=5), Link("eth2", errors=5)]
    after = [replace(before[0], errors=7), before[1]]
    (remark,) = _damaged(before, after)
    assert remark.seen.startswith("On eth0 2 frames came damaged")


def test_a_registry_that_cannot_be_read(tmp_path: Path) -> None:
    """Without a registry, or with one that is none, no speaker is known and the examination goes on."""
    settings = Settings(
        capture=CaptureSettings(placement=Placement.REPLAY, file=tmp_path / "day.pcap"),
        paths=Paths(state=tmp_path, run=tmp_path),
    )
    settings.paths.registry.mkdir()
    assert _household(settings).devices == ()
    assert [remark.topic for remark in examine(settings, 1.0)].count("services") == 2
