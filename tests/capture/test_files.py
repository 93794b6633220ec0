# SPDX-License-Identifier: GPL-2.0-or-later
import csv
import gzip
import io
import os
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture import CaptureError, NotACapture, Unreadable, open_capture, parse, streams
from appliance.limits import PACKETS_AT_ONCE
from tests.capture.craft import Ng, pcap, read, records

NG = Ng()
RECORDS = [(1_500_000_000_000_000_000 + number * 1_000_000, bytes([number % 256]) * 90) for number in range(3000)]
PCAPNG = NG.section(NG.option(1, b"simulated household")) + NG.interface()
PCAPNG += b"".join(NG.packet(time // 1000, frame) for time, frame in RECORDS)


@pytest.mark.parametrize(
    "content", [pcap(RECORDS), PCAPNG, gzip.compress(pcap(RECORDS), mtime=0), gzip.compress(PCAPNG, mtime=0)]
)
@pytest.mark.parametrize("chunk", [4096, 5001, 1 << 20])
def test_chunks_do_not_matter(content: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The packets are the same however much is read at once, from a disk or from memory."""
    monkeypatch.setattr(streams, "CHUNK_BYTES", chunk)
    path = tmp_path / "capture"
    path.write_bytes(content)
    assert read(content).records == RECORDS
    with open_capture(path) as capture:
        assert [record for packets in capture for record in records(packets)] == RECORDS
        assert capture.damage is None
        assert capture.position == capture.size == len(content)


def test_packets_stay_valid(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Chunks that are kept hold the same bytes after all the file was read and closed."""
    monkeypatch.setattr(streams, "CHUNK_BYTES", 8192)
    path = tmp_path / "capture"
    path.write_bytes(PCAPNG)
    with open_capture(path) as capture:
        kept = list(capture)
    assert [record for packets in kept for record in records(packets)] == RECORDS


def test_pipe() -> None:
    """A pipe, which cannot seek and gives bytes as they come, is read like a file."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(PCAPNG)

    writer = threading.Thread(target=write)
    writer.start()
    with open_capture(os.fdopen(reading, "rb")) as capture:
        assert capture.size is None
        assert sum(len(packets.at) for packets in capture) == len(RECORDS)
    writer.join()


def test_comment() -> None:
    """The comment is known as soon as the file is open, of gzip'd files too."""
    with open_capture(io.BytesIO(gzip.compress(PCAPNG))) as capture:
        assert capture.comment == "simulated household"


def test_few_packets_at_once() -> None:
    """However small the packets, no chunk has more than its bound."""
    content = pcap([(10**18, b"x")] * (PACKETS_AT_ONCE + 100))
    assert [len(packets.at) for packets in open_capture(io.BytesIO(content))] == [PACKETS_AT_ONCE, 100]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"\x1f", "no kind of file"),
        (b"hello, world\n", "a text"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b'{"a": 1}', "a JSON text"),
        (b"PK\x03\x04....", "a zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"snoop\0\0\0\0\0\0\2", "a snoop capture"),
        (bytes(1000), "nothing but zeros"),
        (pcap([])[:20], "a pcap file that is cut within its file header"),
        (PCAPNG[:11], "a pcapng file that is cut or damaged in its first block"),
        (b"\x0a\x0d\x0d\x0a" + bytes(40), "a pcapng file that is cut or damaged in its first block"),
        (gzip.compress(b"hello", mtime=0), "gzip'd: a text"),
        (gzip.compress(b"", mtime=0), "gzip'd: an empty file"),
        (b"\x1f\x8b\x08", "the gzip data end too early"),
        (bytes([0, 1, 2, 3, 200, 201, 7]), "no kind of file"),
    ],
)
def test_not_a_capture(content: bytes, words: str) -> None:
    """A file of another kind is refused with what it seems to be."""
    with pytest.raises(NotACapture, match=words):
        open_capture(io.BytesIO(content))


def test_unreadable(tmp_path: Path) -> None:
    """What is no file, or a directory, is an error of its own with the reason."""
    with pytest.raises(Unreadable, match="No such file"):
        open_capture(tmp_path / "none")
    with pytest.raises(Unreadable, match="Is a directory"):
        open_capture(tmp_path)


def test_damaged_gzip() -> None:
    """Of a cut gzip file, the packets before the cut are read, and the damage is at the packet it cut."""
    packed = gzip.compress(pcap(RECORDS))
    found = read(packed[: len(packed) // 2])
    assert 0 < len(found.records) < len(RECORDS)
    assert found.records == RECORDS[: len(found.records)]
    assert found.capture.damage is not None
    assert found.capture.damage.offset == 24 + 106 * len(found.records)
    assert "gzip" in found.capture.damage.what


@given(
    st.sampled_from([pcap(RECORDS[:30]), PCAPNG[:3000], gzip.compress(PCAPNG[:3000], mtime=0)]),
    st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=8)), max_size=4),
    st.integers(0, 3000),
)
def test_mutated_files(content: bytes, changes: list[tuple[int, bytes]], size: int) -> None:
    """Files damaged anywhere end in packets and a named damage, or are refused; nothing else."""
    damaged = bytearray(content)
    for at, change in changes:
        damaged[at : at + len(change)] = change
    try:
        capture = open_capture(io.BytesIO(bytes(damaged[:size])))
    except CaptureError as error:
        assert str(error)  # noqa: PT017 - refusing is one of two right answers
        return
    for packets in capture:
        parse(packets)
    assert capture.damage is None or (capture.damage.offset <= 20_000 and capture.damage.what)


def test_agrees_with_tshark(shared: Path) -> None:
    """Times, lengths and payloads of a real capture are those that tshark shows."""
    if not shutil.which("tshark"):
        pytest.skip("tshark is not installed")
    for path in sorted((shared / "corpus").glob("*/*.pcap"))[:4]:
        fields = ["frame.time_epoch", "frame.len", "tcp.len", "tcp.srcport", "udp.length"]
        command = ["tshark", "-r", str(path), "-T", "fields", "-E", "separator=,", *(f"-e{field}" for field in fields)]
        shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        with open_capture(path) as capture:
            frames = [parse(packets) for packets in capture]
        wire = np.concatenate([each.packets.wire for each in frames]).tolist()
        time = np.concatenate([each.packets.time for each in frames]).tolist()
        ports, protocols, payloads = (
            np.concatenate([getattr(each, name) for each in frames]).tolist()
            for name in ("source_port", "protocol", "payload")
        )
        for number, line in enumerate(csv.reader(shown.splitlines())):
            assert [time[number], wire[number]] == [int(line[0].replace(".", "")), int(line[1])]
            if protocols[number] == 6:
                assert [str(payloads[number]), str(ports[number])] == line[2:4]
            if protocols[number] == 17:
                assert payloads[number] == int(line[4]) - 8
