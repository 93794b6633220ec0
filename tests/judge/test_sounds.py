# SPDX-License-Identifier: GPL-2.0-or-later
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Coverage, Ear, Placement, Speech, Wake
from appliance.judge import Sounds, SoundsError
from appliance.limits import JUDGE_EARS, SOUNDS_DISORDER
from tests.judge.lines import EAR, WAKE, problem, read, text


def documented(root: Path) -> str:
    """The example of docs/sounds.md."""
    return (root / "docs/sounds.md").read_text().split("```jsonl\n")[1].split("```")[0]


def test_the_documented_example(root: Path) -> None:
    """The example in the documentation is read as it is explained there."""
    sounds = Sounds(BytesIO(documented(root).encode()))
    assert list(sounds) == [
        Ear("kitchen-mic", "kitchen"),
        Placement("aa:bb:cc:dd:ee:ff", "kitchen", "Kitchen Echo", ("alexa",)),
        Coverage(1541.0, 1841.0, "kitchen-mic", 0),
        Coverage(1541.0, 1841.0, "capture", 0),
        Wake(1600.25, "kitchen-mic", "alexa", 0.97),
        Speech(1600.9, 1602.4, "kitchen-mic", -31.5, "speech"),
    ]
    assert not sounds.simulated


def test_from_a_file(tmp_path: Path) -> None:
    """A path is read, and named in errors."""
    file = tmp_path / "heard.jsonl"
    file.write_bytes(text(WAKE))
    assert list(Sounds(file)) == [Wake(5.0, "a", "alexa", 0.9)]
    file.write_bytes(text(WAKE, 3))
    with pytest.raises(SoundsError, match=r"heard\.jsonl:2: is not a JSON object"):
        list(Sounds(file))


def test_a_note_says_simulated() -> None:
    """A note marks everything made from the file as made up."""
    sounds = Sounds(BytesIO(text({"type": "note", "text": "a household, seed 7", "simulated": True})))
    assert list(sounds) == []
    assert sounds.simulated


def test_blank_lines_and_a_byte_order_mark() -> None:
    """What editors leave behind does no harm."""
    assert read(b"\xef\xbb\xbf" + text(EAR) + b"\r\n  \n" + text(WAKE).rstrip()) == [
        Ear("a"),
        Wake(5.0, "a", "alexa", 0.9),
    ]


def test_out_of_order() -> None:
    """Lines come out by their time, though they are out of order by up to so many lines; ears and speakers first."""
    lines = [{**WAKE, "time": float(n)} for n in range(SOUNDS_DISORDER)]
    shuffled = [*lines, EAR]
    Random(3).shuffle(shuffled)
    assert read(text(*shuffled)) == [Ear("a"), *(Wake(float(n), "a", "alexa", 0.9) for n in range(SOUNDS_DISORDER))]


def test_too_far_out_of_order() -> None:
    """A line older than what was handed on already is refused: the file must be sorted."""
    lines = [{**WAKE, "time": float(n)} for n in range(50, SOUNDS_DISORDER + 100)]
    late = problem(text(*lines, WAKE))
    assert (
        late
        == f"sounds.jsonl:{len(lines) + 1}: is 94.0 s older than lines far before it: sort the file by time (or start)"
    )
    assert "ears and speakers must come first in so long a file: move the line to its top" in problem(text(*lines, EAR))


def test_streams() -> None:
    """A long file is not read further than what must be held back to put it in order."""
    file = BytesIO(text(*({**WAKE, "time": float(n)} for n in range(2 * SOUNDS_DISORDER))))
    first = next(iter(Sounds(file)))
    assert first == Wake(0.0, "a", "alexa", 0.9)
    assert file.tell() < len(file.getvalue()) * 0.51


def test_too_many_ears() -> None:
    """More ears than a household can have are refused."""
    assert "has more than 64 ears" in problem(text(*({**EAR, "ear": f"ear-{n}"} for n in range(JUDGE_EARS + 1))))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes(raw: bytes) -> None:
    """Any bytes are either facts or a SoundsError."""
    try:
        read(raw)
    except SoundsError as error:
        assert str(error).startswith("sounds.jsonl:")  # noqa: PT017 - either end is right
