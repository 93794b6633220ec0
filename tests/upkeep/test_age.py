# SPDX-License-Identifier: GPL-2.0-or-later
import os
import pty
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.upkeep import age
from appliance.upkeep.age import Opener, Sealer, SealError

WORDS = "correct horse battery staple"
PIECE = 64 << 10


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    """Keys are made with little work: how much it is makes no difference to what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(age, "AGE_WORK", 4)
        yield


def sealed(plain: bytes, words: str = WORDS) -> bytes:
    out = BytesIO()
    sealer = Sealer(out, words)
    sealer.write(plain)
    sealer.close()
    return out.getvalue()


def opened(raw: bytes, words: str = WORDS) -> bytes:
    return Opener(BytesIO(raw), words).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_closed_opens(size: int) -> None:
    """Whatever the length, at the edges of pieces too."""
    plain = os.urandom(size)
    assert opened(sealed(plain)) == plain


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=20), st.lists(st.integers(0, 500), max_size=20))
def test_reading_and_writing_go_by_any_steps(writes: list[bytes], reads: list[int]) -> None:
    """Bytes come out in order, however they were written and are read."""
    out = BytesIO()
    sealer = Sealer(out, WORDS)
    for data in writes:
        sealer.write(data)
    sealer.close()
    opener = Opener(BytesIO(out.getvalue()), WORDS)
    assert b"".join([*(opener.read(size) for size in reads), opener.read()]) == b"".join(writes)


def test_another_passphrase_does_not_open_it() -> None:
    """It is told so, before anything is read."""
    with pytest.raises(SealError, match="passphrase"):
        opened(sealed(b"secret"), "correct horse battery stable")


def test_two_files_of_the_same_never_look_alike() -> None:
    """Salt, key and nonce are new each time."""
    assert sealed(b"same")[60:] != sealed(b"same")[60:]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_change_goes_unnoticed(data: st.DataObject) -> None:
    """One flipped bit, or an end cut off: SealError, at the latest where it is."""
    raw = bytearray(sealed(b"x" * (PIECE + 100)))
    if data.draw(st.booleans()):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del raw[data.draw(st.integers(0, len(raw) - 1)) :]
    with pytest.raises(SealError):
        opened(bytes(raw))


@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda raw: age.MAGIC + raw))
def test_any_bytes_are_refused(raw: bytes) -> None:
    """Whatever is no such file is told so."""
    with pytest.raises(SealError):
        opened(raw)


def test_pieces_cannot_be_moved() -> None:
    """Two pieces that change places, or one that is left out, are noticed."""
    raw = sealed(b"a" * PIECE + b"b" * PIECE + b"c")
    piece = PIECE + 16
    head = len(raw) - 2 * piece - 17
    first, second, rest = raw[head : head + piece], raw[head + piece : head + 2 * piece], raw[head + 2 * piece :]
    for wrong in (second + first + rest, first + rest, first + second, first + second + rest + rest):
        with pytest.raises(SealError):
            opened(raw[:head] + wrong)


def test_work_is_bounded() -> None:
    """A file that asks for more memory than a small machine has is refused before it gets any."""
    raw = sealed(b"x").replace(b" 4\n", b" 30\n", 1)
    with pytest.raises(SealError, match="memory"):
        opened(raw)


def by_tool(arguments: list[str]) -> None:
    """Run age, which asks for the passphrase on a terminal of its own."""
    program = shutil.which("age")
    if program is None:
        pytest.skip("age is not here: it is the Debian package age")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(program, [program, *arguments])  # noqa: S606 - nobody else gives it a terminal
    said = b""
    try:
        while data := os.read(terminal, 1000):
            said += data
            for _ in range(said.count(b"passphrase") and data.count(b": ")):
                os.write(terminal, WORDS.encode() + b"\n")
    except OSError:
        pass  # it has ended
    assert os.waitpid(pid, 0)[1] == 0, said


def test_the_tool_opens_what_we_close(tmp_path: Path) -> None:
    """The age of Debian opens our file by the same passphrase."""
    plain = os.urandom(PIECE + 5)
    (tmp_path / "ours.age").write_bytes(sealed(plain))
    by_tool(["-d", "-o", str(tmp_path / "plain"), str(tmp_path / "ours.age")])
    assert (tmp_path / "plain").read_bytes() == plain


def test_we_open_what_the_tool_closes(tmp_path: Path) -> None:
    """And the other way round."""
    plain = os.urandom(PIECE + 5)
    (tmp_path / "plain").write_bytes(plain)
    by_tool(["-p", "-o", str(tmp_path / "theirs.age"), str(tmp_path / "plain")])
    assert opened((tmp_path / "theirs.age").read_bytes()) == plain
