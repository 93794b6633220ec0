# SPDX-License-Identifier: GPL-2.0-or-later
import io
import struct
import subprocess
from pathlib import Path
from shutil import which

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from appliance.ears.wav import RecordingError, Wav

SOUND = np.clip(np.random.default_rng(0).normal(0, 0.2, (4000, 2)), -0.99, 0.99)


def riff(body: bytes, form: bytes, *more: bytes, size: int | None = None) -> bytes:
    data = b"data" + struct.pack("<I", len(body) if size is None else size) + body
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"".join(more) + data
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def form(kind: int, channels: int, rate: int, bits: int) -> bytes:
    return struct.pack("<HHIIHH", kind, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)


def read(raw: bytes) -> NDArray[np.float64]:
    return np.concatenate([np.empty((0, 2)), *Wav(io.BytesIO(raw))])


def coded(sound: NDArray[np.float64], bits: int) -> bytes:
    if bits == 8:
        return (np.rint(sound * 128) + 128).astype(np.uint8).tobytes()
    wide = np.rint(sound * 2.0 ** (bits - 1)).astype("<i4")
    return wide.astype("<i2").tobytes() if bits == 16 else wide.view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_whole_numbers_of_any_width(bits: int) -> None:
    """A recording of 8, 16, 24 or 32 bits is read as what it was."""
    assert read(riff(coded(SOUND, bits), form(1, 2, 48_000, bits))) == pytest.approx(SOUND, abs=2.0 ** (1 - bits))


@pytest.mark.parametrize("bits", [32, 64])
def test_floats(bits: int) -> None:
    """So are floats, and what is no number, or too loud, is cut off."""
    sound = SOUND.copy()
    sound[:3, 0] = [np.nan, np.inf, -7]
    found = read(riff(sound.astype(f"<f{bits // 8}").tobytes(), form(3, 2, 48_000, bits)))
    assert found[:3, 0].tolist() == [0.0, 1.0, -1.0]
    assert found[3:] == pytest.approx(sound[3:], abs=1e-6)


def test_an_extensible_format_is_what_it_holds() -> None:
    """Programs that know more than two channels write the format in another way."""
    extension = struct.pack("<HHI", 22, 16, 3) + struct.pack("<H", 1) + b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
    assert len(read(riff(coded(SOUND, 16), form(0xFFFE, 2, 48_000, 16) + extension))) == len(SOUND)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 10**8])
def test_lengths_left_open(size: int) -> None:
    """What a pipe wrote, or what was cut off, is read to its end."""
    assert len(read(riff(coded(SOUND, 16), form(1, 2, 48_000, 16), size=size))) == len(SOUND)


def test_other_chunks_are_passed_over() -> None:
    """Titles and marks are no sound."""
    title = b"LIST" + struct.pack("<I", 5) + b"title\0"
    assert len(read(riff(coded(SOUND, 16), form(1, 2, 8_000, 16), title))) == len(SOUND)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "is no RIFF/WAVE file"),
        (b"fLaC" + bytes(40), "is no RIFF/WAVE file"),
        (b"RIFF\0\0\0\0WAVE", "has no sound"),
        (b"RIFF\0\0\0\0WAVEdata\x02\0\0\0\0\0", "before its format"),
        (b"RIFF\0\0\0\0WAVEfmt \x02\0\0\0\0\0", "cut off"),
        (riff(b"", form(7, 1, 8000, 8)), "coded in a way"),
        (riff(b"", form(1, 0, 8000, 16)), "0 channels"),
        (riff(b"", form(1, 1, 7, 16)), "at 7 Hz"),
    ],
)
def test_what_is_no_recording_is_told(raw: bytes, told: str) -> None:
    """Each thing that is wrong has its sentence."""
    with pytest.raises(RecordingError, match=told):
        Wav(io.BytesIO(raw))


@given(st.binary(max_size=80), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(head: bytes, body: bytes) -> None:
    """Whatever the file holds, the answer is frames within full scale or a RecordingError."""
    for raw in (head, b"RIFF\0\0\0\0WAVE" + head, riff(body, head[:16].ljust(16, b"\1"))):
        try:
            found = [frames for frames in Wav(io.BytesIO(raw)) if frames.size]
        except RecordingError:
            continue
        assert all(np.abs(frames).max() <= 1 for frames in found)


def test_what_sox_writes(tmp_path: Path) -> None:
    """A file of another program, in 24 bits at 44.1 kHz, is read as it wrote it."""
    if not which("sox"):
        pytest.skip("sox is not installed")
    path = tmp_path / "tone.wav"
    subprocess.run(
        ["sox", "-n", "-r", "44100", "-b", "24", path, "synth", "0.5", "sine", "440", "gain", "-6"], check=True
    )
    with path.open("rb") as file:
        wav = Wav(file)
        frames = np.concatenate(list(wav))
    assert (wav.rate, frames.shape) == (44_100, (22_050, 1))
    assert np.abs(frames).max() == pytest.approx(0.5, abs=0.01)
