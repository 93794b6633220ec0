# SPDX-License-Identifier: GPL-2.0-or-later
import json
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Coverage, Ear, Placement, Speech, Wake
from appliance.judge import Sounds, SoundsError
from appliance.judge.sounds import SoundFact
from appliance.limits import JUDGE_EARS, SOUND_LINE_BYTES, SOUNDS_DISORDER

WAKE = {"type": "wake", "ear": "a", "time": 5.0, "word": "alexa", "score": 0.9}
SPEECH = {"type": "speech", "ear": "a", "start": 5.0, "end": 6.0}
COVERAGE = {"type": "coverage", "source": "a", "start": 5.0, "end": 6.0}
SPEAKER = {"type": "speaker", "device": "aa:bb:cc:dd:ee:ff"}
EAR = {"type": "ear", "ear": "a"}


def text(*lines: object) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def read(raw: bytes) -> list[SoundFact]:
    return list(Sounds(BytesIO(raw), "sounds.jsonl"))


def problem(raw: bytes) -> str:
    with pytest.raises(SoundsError) as caught:
        read(raw)
    return str(caught.value)


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


def test_optional_keys() -> None:
    """Rooms, names, words, losses, levels and kinds may be left out."""
    assert read(text(EAR, SPEAKER, COVERAGE, WAKE, SPEECH)) == [
        Ear("a"),
        Placement("aa:bb:cc:dd:ee:ff"),
        Coverage(5.0, 6.0, "a"),
        Wake(5.0, "a", "alexa", 0.9),
        Speech(5.0, 6.0, "a"),
    ]


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


def test_a_device_in_any_spelling() -> None:
    """A MAC address may be written in capitals and with hyphens; raw IP captures have addresses."""
    facts = read(text({**SPEAKER, "device": "AA-BB-CC-DD-EE-FF"}, {**SPEAKER, "device": "2001:DB8::1"}))
    assert facts == [Placement("aa:bb:cc:dd:ee:ff"), Placement("2001:db8::1")]


WRONG = [
    (b"{", "is not one JSON object: Expecting property name enclosed in double quotes at character 2"),
    (b"[]", "is not a JSON object"),
    (b"null", "is not a JSON object"),
    (text({}), 'has no "type", one of ear, speaker, coverage, wake, speech, note'),
    (text({"type": "waked"}), "type 'waked' is not known, only ear, speaker, coverage, wake, speech, note"),
    (text({"type": "wake", "ear": "a"}), "time is missing; word is missing; score is missing"),
    (text({**EAR, "rom": "kitchen"}), "'rom' is not a key of type ear"),
    (b'{"type": "ear", "ear": "a", "ear": "b"}', "has the key 'ear' twice"),
    (text({**WAKE, "time": float("nan")}), "NaN is no number"),
    (text({**WAKE, "time": float("-inf")}), "-Infinity is no number"),
    (b'{"type": "wake", "ear": "a", "time": 1e999, "word": "x", "score": 1}', "time: should be a finite number"),
    (b"1" * 5000, "has a number of 5000 digits"),
    (text({**WAKE, "time": -1}), "time: should be greater than or equal to 0"),
    (text({**WAKE, "time": 1.6e12}), "time should be in seconds since the epoch; are these milliseconds?"),
    (text({**WAKE, "time": "5"}), "time: should be a valid number"),
    (text({**WAKE, "score": 1.01}), "score: should be less than or equal to 1"),
    (text({**WAKE, "word": " "}), "word: must have letters, and no control characters"),
    (text({**WAKE, "word": "a\x00b"}), "word: must have letters, and no control characters"),
    (text({**WAKE, "ear": "x" * 65}), "ear: String should have at most 64 characters"),
    (text({**WAKE, "ear": "capture"}), "ear: must not be 'capture': that is the packet capture"),
    (text({**SPEECH, "end": 4.0}), "end (4.000) is before start (5.000)"),
    (text({**SPEECH, "kind": "noise"}), "kind: should be 'speech' or 'other'"),
    (text({**COVERAGE, "lost": -1}), "lost: should be greater than or equal to 0"),
    (text({**COVERAGE, "lost": 0.5}), "lost: should be a valid integer"),
    (text({**SPEAKER, "device": "kitchen"}), "device: must be a MAC address like aa:bb:cc:dd:ee:ff (or an IP address)"),
    (text({**SPEAKER, "wake_words": "alexa"}), "wake_words: should be a valid list"),
    (text({**SPEAKER, "wake_words": [""]}), "wake_words.0: must have letters, and no control characters"),
    (b"\xff\xfe\x00", "is not UTF-8 text; is this a sounds file?"),
    (b"[" * 5000, "is nested too deeply; is this a sounds file?"),
    (b" " * (SOUND_LINE_BYTES + 1), f"the line is longer than {SOUND_LINE_BYTES} bytes; is this a sounds file?"),
]


@pytest.mark.parametrize(("raw", "expected"), WRONG, ids=[expected[:40] for _, expected in WRONG])
def test_what_is_wrong(raw: bytes, expected: str) -> None:
    """What is wrong is said with file and line, in words."""
    assert problem(text(EAR) + raw) == f"sounds.jsonl:2: {expected}"


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


values = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.integers(), max_size=3)
)


@given(st.sampled_from([WAKE, SPEECH, COVERAGE, SPEAKER, EAR]), st.data())
def test_any_value(line: dict[str, object], data: st.DataObject) -> None:
    """A line with any value under any of its keys is either a fact or a SoundsError."""
    key = data.draw(st.sampled_from(sorted(line)))
    try:
        facts = read(text({**line, key: data.draw(values)}))
    except SoundsError as error:
        assert str(error).startswith("sounds.jsonl:1: ")  # noqa: PT017 - either end is right
    else:
        assert len(facts) == 1
