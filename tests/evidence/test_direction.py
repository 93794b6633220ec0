# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.capture import open_capture, parse
from appliance.diary.entries import entries
from appliance.evidence.direction import comes_down, goes_up
from appliance.ledger import Reader
from appliance.settings import Paths


def test_up_and_down_are_apart(played: Path, lived: Path) -> None:
    """No frame goes both ways, and another flow of the same device has none of these frames."""
    reader = Reader(Paths(state=lived / "state").ledger)
    upload = next(each.verdict.upload for each in entries(reader) if each.verdict.upload)
    reader.close()
    other = upload.flow._replace(device_port=upload.flow.device_port ^ 1)
    ups = downs = 0
    with open_capture(played / "capture.pcapng") as capture:
        for packets in capture:
            frames = parse(packets)
            up, down = goes_up(frames, upload.flow), comes_down(frames, upload.flow)
            assert not (up & down).any()
            assert not (up & goes_up(frames, other)).any()
            ups, downs = ups + int(up.sum()), downs + int(down.sum())
    assert ups > downs > 0
