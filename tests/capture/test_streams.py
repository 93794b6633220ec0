# SPDX-License-Identifier: GPL-2.0-or-later
import gzip
import io
import zlib

from hypothesis import given
from hypothesis import strategies as st

from appliance.capture.streams import Gunzipped, Plain, Window

CONTENT = bytes(range(256)) * 40


class Drip(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, content: bytes, most: int) -> None:
        self._content = io.BytesIO(content)
        self._most = most

    def readinto(self, into: "memoryview") -> int:  # type: ignore[override]
        """Write some bytes."""
        return self._content.readinto(into[: self._most])


def gunzip(packed: bytes, most: int = 1 << 20) -> tuple[bytes, str | None]:
    """Return what a gzip file holds, and what is wrong with it."""
    stream, out, piece = Gunzipped(Plain(Drip(packed, most))), b"", bytearray(777)
    while got := stream.readinto(memoryview(piece)):
        out += piece[:got]
    return out, stream.trouble


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 64))
def test_members(members: list[bytes], most: int) -> None:
    """A gzip file of several members, from a pipe of any size, is what they hold together."""
    packed = b"".join(gzip.compress(member) for member in members)
    assert gunzip(packed, most) == (b"".join(members), None)


def test_padding() -> None:
    """Zeros behind the last member are padding; anything else is told."""
    assert gunzip(gzip.compress(CONTENT) + bytes(100)) == (CONTENT, None)
    assert gunzip(gzip.compress(CONTENT) + b"more") == (CONTENT, "something else follows the gzip data")


def test_cut_gzip() -> None:
    """Of a cut gzip file, what decompresses is there, and the cut is told."""
    packed = gzip.compress(CONTENT * 20, 1)
    for size in range(2, len(packed), 97):
        out, trouble = gunzip(packed[:size])
        assert out == zlib.decompressobj(wbits=31).decompress(packed[:size])
        assert trouble == "the gzip data end too early"


@given(st.integers(10, 400), st.integers(1, 255))
def test_damaged_gzip(at: int, change: int) -> None:
    """A changed byte never costs what comes out before it."""
    packed = bytearray(gzip.compress(b"".join(zlib.crc32(bytes([n])).to_bytes(4, "big") for n in range(200))))
    before = zlib.decompressobj(wbits=31).decompress(packed[:at])
    packed[at % len(packed)] ^= change
    out, _ = gunzip(bytes(packed))
    assert at >= len(packed) or out.startswith(before)


def test_bomb() -> None:
    """A gzip bomb gives no more at once than was asked for."""
    packed = gzip.compress(bytes(50_000_000))
    stream = Gunzipped(Plain(io.BytesIO(packed)))  # type: ignore[arg-type]
    assert stream.readinto(memoryview(bytearray(1000))) <= 1000


@given(st.lists(st.integers(0, 3000), max_size=20))
def test_window_slides(steps: list[int]) -> None:
    """Whatever is dropped at each slide, the window shows the stream from there on, and zeros behind its end."""
    window = Window(Plain(Drip(CONTENT, 700)))
    window.slide(0)
    for step in steps:
        used = min(step, window.filled)
        window.slide(used)
        assert window.bytes[: window.filled].tobytes() == CONTENT[window.start : window.start + window.filled]
        assert not window.bytes[window.filled :].any()


class Broken(Drip):
    """A disk that fails."""

    def readinto(self, into: "memoryview") -> int:  # type: ignore[override]
        """Fail after some bytes."""
        got = super().readinto(into)
        if not got:
            raise OSError(5, "Input/output error")
        return got


def test_disk_error() -> None:
    """A disk error ends the stream with a reason; what was read before stays."""
    window = Window(Plain(Broken(CONTENT, 5000)))
    window.slide(0)
    assert window.filled == len(CONTENT)
    assert window.trouble == "the file cannot be read further: Input/output error"
