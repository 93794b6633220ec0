# SPDX-License-Identifier: GPL-2.0-or-later
import random
import re
from struct import pack, unpack_from
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.capture import walk as module
from appliance.capture.frames import I64, U8
from appliance.capture.walk import Chain, walk


class Format(NamedTuple):
    """A way to write records."""

    chain: Chain
    pad: int


FORMATS = [Format(Chain(order, 8, 16, 0, re.compile(rb"RECORD.."), 0), 1) for order in "<>"] + [
    Format(Chain(order, 4, 0, 12, re.compile(rb"MARK"), 0), 4) for order in "<>"
]


def plainly(window: bytes, start: int, chain: Chain) -> tuple[list[int], int]:
    """Follow the chain in the plainest way."""
    at, position = [], start
    while position + chain.head <= len(window):
        length = max(unpack_from(chain.order + "I", window, position + chain.length_at)[0], chain.least)
        if position + chain.header + length > len(window):
            break
        at.append(position)
        position += chain.header + length
    return at, position


def record(chain: Chain, body: bytes) -> bytes:
    """Return one record."""
    if chain.header:
        return b"RECORD.." + pack(chain.order + "I", len(body)) + b"wire" + body
    body += bytes(-len(body) % 4)
    return b"MARK" + pack(chain.order + "I", len(body) + 12) + body + b"tail"


def check(window: bytes, start: int, chain: Chain) -> None:
    """Compare the fast way with the plain one."""
    found = walk(np.frombuffer(window, np.uint8), start, len(window), chain)
    assert (found.at.tolist(), found.end) == plainly(window, start, chain)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make guesses worth while in windows that are small enough for a test."""
    monkeypatch.setattr(module, "_PART_BYTES", 300)
    monkeypatch.setattr(module, "_GUESS_BYTES", 250)
    monkeypatch.setattr(module, "_FEW", 2)


@given(st.sampled_from(FORMATS), st.integers(0, 2**32), st.integers(0, 400), st.sampled_from([0, 40, 300, 2000]))
def test_is_the_plain_walk(form: Format, seed: int, count: int, longest: int) -> None:
    """Whatever is guessed, the answer is that of one step after the other, in a window cut anywhere."""
    rng = random.Random(seed)
    whole = b"".join(record(form.chain, rng.randbytes(rng.randint(0, longest))) for _ in range(count))
    check(whole[: rng.randint(0, len(whole))] if rng.random() < 0.5 else whole, 0, form.chain)


@given(st.sampled_from(FORMATS), st.integers(0, 2**32))
def test_payloads_full_of_fakes(form: Format, seed: int) -> None:
    """Payloads that hold records of their own, even whole chains of them, mislead nobody."""
    rng = random.Random(seed)
    inner = b"".join(record(form.chain, bytes(rng.randint(0, 60))) for _ in range(30))
    bodies = [bytes(rng.randint(0, 9)) + inner[rng.randint(0, 80) :] for _ in range(30)]
    check(b"".join(record(form.chain, body) for body in bodies), 0, form.chain)


@given(st.sampled_from(FORMATS), st.binary(max_size=5000), st.integers(0, 60))
def test_any_bytes(form: Format, window: bytes, start: int) -> None:
    """Bytes of no meaning, and lengths of nothing, neither hang nor raise."""
    check(bytes(60) + window, start, form.chain)


@pytest.mark.parametrize("form", FORMATS)
def test_many_chains_are_followed_at_once(form: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a window of ordinary records hardly any step is taken singly."""
    taken: list[int] = []
    singly = module._singly

    def counted(window: U8, position: int, stop: int, chain: Chain) -> tuple[I64, int]:
        at, position = singly(window, position, stop, chain)
        taken.append(len(at))
        return at, position

    monkeypatch.setattr(module, "_singly", counted)
    check(b"".join(record(form.chain, bytes(100)) for _ in range(4000)), 0, form.chain)
    assert sum(taken) < 400
