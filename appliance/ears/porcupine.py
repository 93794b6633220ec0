# SPDX-License-Identifier: GPL-2.0-or-later
"""Porcupine 1.9.5, the last one that needs no key, by its C interface.

Its own Python module refuses to be imported on a Raspberry Pi 5, whose processor it does not know; the library for the
Pi 4 runs there. The C interface: ``pv_porcupine.h`` of that version (Apache-2.0).
"""

import ctypes
import platform
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from appliance.ears.engine import RATE, EngineError, Samples, Score, packaged
from appliance.ears.frames import Frames
from appliance.rules.wake import PorcupineRule

_PACKAGE = "pvporcupine"
_FORGETS_S = 2
_PARAMETERS = "pvporcupine/lib/common/porcupine_params.pv"
#: machine as the kernel calls it -> folder of the library, and what the keyword files for it end in
_BUILDS = {
    "x86_64": ("linux/x86_64", "linux"),
    "aarch64": ("raspberry-pi/cortex-a72-aarch64", "raspberry-pi"),
    "armv7l": ("raspberry-pi/cortex-a7", "raspberry-pi"),
    "armv6l": ("raspberry-pi/arm11", "raspberry-pi"),
}


class Porcupine:
    """The Porcupine rules of a household, one detector for each step of their sensitivities."""

    def __init__(self, rules: Sequence[PorcupineRule], machine: str | None = None) -> None:
        folder, suffix = _build(machine or platform.machine())
        self._library = _load(packaged(_PACKAGE, f"pvporcupine/lib/{folder}/libpv_porcupine.so"))
        self._frames = Frames(self._library.pv_porcupine_frame_length())
        self._rules = tuple(rules)
        self._keywords = [_keyword(rule, suffix) for rule in rules]
        self._steps = [self._step(number) for number in range(max(len(rule.sensitivities) for rule in rules))]

    def feed(self, samples: Samples) -> list[Score]:
        """Return a score for each word and each step that said yes."""
        scores = []
        for at, frame in self._frames.feed(samples):
            for step in self._steps:
                index = step.process(frame)
                if index >= 0:
                    rule = step.rules[index]
                    scores.append(Score(at, rule.id, 1.0 - step.number / len(rule.sensitivities)))
        return scores

    def reset(self) -> None:
        """Forget what was heard, by a silence that is longer than any word.

        New detectors would forget too, but the library never closes the files of their models.
        """
        self._frames.reset()
        silence = np.zeros(self._frames.length, np.int16)
        for _ in range(_FORGETS_S * RATE // self._frames.length):
            for step in self._steps:
                step.process(silence)

    def _step(self, number: int) -> "_Step":
        taking = [number < len(rule.sensitivities) for rule in self._rules]
        rules = [rule for rule, takes in zip(self._rules, taking, strict=True) if takes]
        keywords = [keyword for keyword, takes in zip(self._keywords, taking, strict=True) if takes]
        return _Step(self._library, number, rules, keywords)


class _Step:
    """One detector: all words at one step of their sensitivities."""

    def __init__(
        self, library: ctypes.CDLL, number: int, rules: Sequence[PorcupineRule], keywords: Sequence[bytes]
    ) -> None:
        self.number = number
        self.rules = rules
        self._library = library
        self._handle = ctypes.c_void_p()
        self._index = ctypes.c_int()
        count = len(rules)
        status = library.pv_porcupine_init(
            str(packaged(_PACKAGE, _PARAMETERS)).encode(),
            count,
            (ctypes.c_char_p * count)(*keywords),
            (ctypes.c_float * count)(*(rule.sensitivities[number] for rule in rules)),
            ctypes.byref(self._handle),
        )
        if status:
            self._handle = ctypes.c_void_p()
            raise EngineError(f"Porcupine does not take the models of {', '.join(r.id for r in rules)} ({status})")

    def process(self, frame: Samples) -> int:
        """Return the place of the word that ended in ``frame``, -1 for none."""
        frame = np.ascontiguousarray(frame)
        status = self._library.pv_porcupine_process(self._handle, frame.ctypes.data, ctypes.byref(self._index))
        if status:
            raise EngineError(f"Porcupine failed ({status})")
        return self._index.value

    def __del__(self) -> None:
        if self._handle:
            self._library.pv_porcupine_delete(self._handle)


def _build(machine: str) -> tuple[str, str]:
    try:
        return _BUILDS[machine]
    except KeyError:
        raise EngineError(f"Porcupine has no library for {machine}") from None


def _keyword(rule: PorcupineRule, suffix: str) -> bytes:
    """Return the path of the keyword file of ``rule``."""
    named = f"pvporcupine/resources/keyword_files/{suffix}/{rule.model}_{suffix}.ppn"
    path = rule.own_file or packaged(_PACKAGE, named)
    if not path.is_file():
        raise EngineError(f"{rule.id}: there is no file {path}")
    return str(path).encode()


def _load(path: Path) -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise EngineError(f"Porcupine cannot be loaded: {error}") from None
    library.pv_porcupine_init.argtypes = (
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.POINTER(ctypes.c_float),
        ctypes.POINTER(ctypes.c_void_p),
    )
    library.pv_porcupine_process.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int))
    library.pv_porcupine_delete.argtypes = (ctypes.c_void_p,)
    library.pv_porcupine_delete.restype = None
    return library
