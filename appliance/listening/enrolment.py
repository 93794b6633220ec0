# SPDX-License-Identifier: GPL-2.0-or-later
"""Words that a household taught its ears: their weights and rules, in its own folders; of the sound nothing is kept."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from appliance.disk import replace_file
from appliance.ears.engine import Samples
from appliance.ears.enrol import EnrolError, enrol, rule_of
from appliance.ears.recording import blocks
from appliance.limits import ENROL_RECORDING_S
from appliance.rules.wake import HeadRule
from appliance.settings import Paths


def teach(word: str, recordings: Sequence[Samples], paths: Paths) -> HeadRule:
    """Learn ``word``, and write its weights and its rule; return the rule.

    A word that was taught before is learnt anew. Errors: EnrolError for recordings of which it cannot be learnt,
    EngineError if the bank of speech is missing, OSError.
    """
    model, rule_file = _files(word, paths)
    learnt = enrol(recordings, np.random.default_rng())
    rule = rule_of(word, model, learnt, len(recordings))
    for folder in (model.parent, rule_file.parent):
        folder.mkdir(parents=True, exist_ok=True)
    learnt.head.save(model)
    model.chmod(0o644)  # the service that reads it is another user
    rules = {"wake": [rule.model_dump(mode="json", exclude_defaults=True)]}
    replace_file(rule_file, yaml.safe_dump(rules, allow_unicode=True, sort_keys=False), 0o644)
    return rule


def forget(word: str, paths: Paths) -> bool:
    """Drop what was learnt of ``word``; say whether there was anything. Raises OSError."""
    there = [file for file in reversed(_files(word, paths)) if file.exists()]
    for file in there:
        file.unlink()
    return bool(there)


def recording(path: Path) -> Samples:
    """Return the sound of a WAV file. Errors: OSError, RecordingError, EnrolError if it is too long for one word."""
    pieces: list[Samples] = []
    for block in blocks(path, 0.0):
        pieces.append(block.samples)
        if block.ended_at > ENROL_RECORDING_S:
            raise EnrolError(f"{path} is longer than {ENROL_RECORDING_S:.0f} s: one recording for each time it is said")
    return np.concatenate(pieces) if pieces else np.empty(0, np.int16)


def _files(word: str, paths: Paths) -> tuple[Path, Path]:
    """Return where the weights and the rule of a word are."""
    if not re.fullmatch(r"[a-z]+( [a-z]+)*", word):
        raise EnrolError(f"{word!r} cannot be learnt: a name is words of small letters, a to z")
    name = word.replace(" ", "-")
    return paths.state / "heads" / f"{name}.npz", paths.rules / f"enrolled-{name}.yaml"
