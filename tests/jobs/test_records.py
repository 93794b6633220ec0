# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.jobs.records import Record, Records, read


def test_records_survive(tmp_path: Path) -> None:
    """What was noted is there after a restart, the newest of each job."""
    path = tmp_path / "jobs.json"
    Records(path).note(Record(name="b", title="B"), Record(name="a", title="A", at=1.0, words="3 rows"))
    again = Records(path)
    again.note(Record(name="a", title="A", at=2.0, well=False))
    assert [(each.name, each.at) for each in Records(path).all()] == [("a", 2.0), ("b", None)]
    assert Records(path).of("c") is None


def test_jobs_that_are_no_more(tmp_path: Path) -> None:
    """A job that this version does not have is forgotten."""
    records = Records(tmp_path / "jobs.json")
    records.note(Record(name="a", title="A"), Record(name="b", title="B"))
    records.keep_only({"b"})
    assert [each.name for each in records.all()] == ["b"]


@given(st.binary(max_size=200))
def test_any_bytes_may_be_in_the_file(raw: bytes) -> None:
    """What cannot be read is as if nothing had ever run."""
    path = Path("/dev/shm/earwitness-jobs-test.json")  # noqa: S108 - a file of this test alone
    path.write_bytes(raw)
    assert isinstance(read(path), dict)
    path.unlink()


@pytest.mark.parametrize("text", ["{}", "[1]", '[{"name": 3}]', "[]", '[{"name": "a", "title": "A", "at": NaN}]'])
def test_what_is_no_record(tmp_path: Path, text: str) -> None:
    """Other JSON is none."""
    path = tmp_path / "jobs.json"
    path.write_text(text)
    assert read(path) == {}
