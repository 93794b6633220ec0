# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from appliance.status import (
    HEARING,
    CaptureStatus,
    EarStatus,
    HubStatus,
    Listening,
    PortStatus,
    in_words,
    read_ears,
    read_status,
    write_status,
)

CAPTURE = CaptureStatus(
    service="capture",
    boot="b",
    time=10.0,
    started_at=1.0,
    pid=7,
    state="watching",
    version="1",
    placement="bridge",
    watch="speakers",
    covered_since=1.0,
    covered_until=9.5,
    ports=(PortStatus(interface="eth0", present=True, up=True, carrier=True, packets=5),),
    last_seen={"02:00:00:00:00:01": 9.0},
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """A reader gets the whole status of the moment, and no draft stays behind."""
    write_status(tmp_path, CAPTURE)
    write_status(tmp_path, CAPTURE.model_copy(update={"covered_until": 10.0}))
    status = read_status(tmp_path, "capture", CaptureStatus)
    assert status is not None
    assert (status.covered_until, status.ports) == (10.0, CAPTURE.ports)
    assert [path.name for path in tmp_path.iterdir()] == ["capture.json"]


def test_no_status_is_none(tmp_path: Path) -> None:
    """A service that never spoke, or one of another kind, is not there."""
    assert read_status(tmp_path, "capture", CaptureStatus) is None
    write_status(tmp_path, CAPTURE)
    (tmp_path / "hub.json").write_text((tmp_path / "capture.json").read_text()[:40])
    assert read_status(tmp_path, "hub", HubStatus) is None


def test_ears_are_told_of_by_several(tmp_path: Path) -> None:
    """Whoever has ears is read, if it is of this boot."""
    for at, service in enumerate(HEARING):
        ears = {service: Listening(covered_since=1.0, covered_until=2.0)}
        said = {"service": service, "boot": "b", "time": 2.0, "started_at": 1.0, "pid": at, "state": "", "version": "1"}
        write_status(tmp_path, EarStatus.model_validate(said | {"ears": ears}))
    assert [list(each.ears) for each in read_ears(tmp_path, "b")] == [[each] for each in HEARING]
    (tmp_path / "ears.json").unlink()
    assert len(read_ears(tmp_path, "b")) == len(HEARING) - 1
    assert read_ears(tmp_path, "another") == []


@given(raw=st.binary(max_size=300))
def test_any_bytes_are_a_status_or_none(raw: bytes) -> None:
    """A damaged status file stops nobody."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "hub.json").write_bytes(raw)
        assert read_status(Path(folder), "hub", HubStatus) is None


def test_what_is_wrong_follows_the_state() -> None:
    """A service that works, or has ended, says so, and then what it could not do."""
    assert in_words("watching", "", "") == "watching"
    assert in_words("stopped", "the disk is full", "") == "stopped; the disk is full"
