# SPDX-License-Identifier: GPL-2.0-or-later

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Coverage, Ear, Placement, Speech, Wake
from appliance.judge import SoundsError
from appliance.limits import SOUND_LINE_BYTES
from tests.judge.lines import COVERAGE, EAR, SPEAKER, SPEECH, WAKE, problem, read, text


def test_optional_keys() -> None:
    """Rooms, names, words, losses, levels and kinds may be left out."""
    assert read(text(EAR, SPEAKER, COVERAGE, WAKE, SPEECH)) == [
        Ear("a"),
        Placement("aa:bb:cc:dd:ee:ff"),
        Coverage(5.0, 6.0, "a"),
        Wake(5.0, "a", "alexa", 0.9),
        Speech(5.0, 6.0, "a"),
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
    (text({**WAKE, "word": " "}), "word: it must have letters, and no control characters"),
    (text({**WAKE, "word": "a\x00b"}), "word: it must have letters, and no control characters"),
    (text({**WAKE, "ear": "x" * 65}), "ear: String should have at most 64 characters"),
    (text({**WAKE, "ear": "capture"}), "ear: it must not be “capture”: a part of Earwitness is called so"),
    (text({**SPEECH, "end": 4.0}), "end (4.000) is before start (5.000)"),
    (text({**SPEECH, "kind": "noise"}), "kind: should be 'speech' or 'other'"),
    (text({**COVERAGE, "lost": -1}), "lost: should be greater than or equal to 0"),
    (text({**COVERAGE, "lost": 0.5}), "lost: should be a valid integer"),
    (text({**SPEAKER, "device": "kitchen"}), "device: must be a MAC address like aa:bb:cc:dd:ee:ff (or an IP address)"),
    (text({**SPEAKER, "wake_words": "alexa"}), "wake_words: should be a valid list"),
    (text({**SPEAKER, "wake_words": [""]}), "wake_words.0: it must have letters, and no control characters"),
    (b"\xff\xfe\x00", "is not UTF-8 text; is this a sounds file?"),
    (b" " * (SOUND_LINE_BYTES + 1), f"the line is longer than {SOUND_LINE_BYTES} bytes; is this a sounds file?"),
]


@pytest.mark.parametrize(("raw", "expected"), WRONG, ids=[expected[:40] for _, expected in WRONG])
def test_what_is_wrong(raw: bytes, expected: str) -> None:
    """What is wrong is said with file and line, in words."""
    assert problem(text(EAR) + raw) == f"sounds.jsonl:2: {expected}"


def test_a_line_of_brackets() -> None:
    """A line nested deeper than any needs to be is refused in words, however deep this Python's parser goes."""
    assert problem(text(EAR) + b"[" * 5000) in {
        "sounds.jsonl:2: is nested too deeply; is this a sounds file?",
        "sounds.jsonl:2: is not one JSON object: Expecting value at character 5001",
    }


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
