# SPDX-License-Identifier: GPL-2.0-or-later
"""A release that somebody gave the page: checked, and laid ready for root's side, which checks a copy of it again."""

import platform
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from appliance import __version__
from appliance.disk import fill_file, replace_file
from appliance.limits import COPY_BYTES, STAGED_BYTES
from appliance.release import Release, ReleaseError, examine, unfit
from appliance.settings import Paths


class Staged(BaseModel):
    """What lies ready."""

    model_config = ConfigDict(frozen=True)

    version: str
    made_at: int  #: wall-clock seconds
    signed_by: str  #: the id of the rule that has the key
    changes: str  #: what is new since the version that runs


def stage(source: IO[bytes], paths: Paths, keys: Mapping[str, bytes]) -> Staged:
    """Check a bundle and lay it ready. Raises ReleaseError and OSError; then nothing lies ready."""
    discard(paths)
    paths.bundle.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        fill_file(paths.bundle, _pieces(source))
        found = _fit(examine(paths.bundle, keys))
        replace_file(_label(paths), found.model_dump_json())
    except (ReleaseError, OSError):
        discard(paths)
        raise
    return found


def staged(paths: Paths, since: float) -> Staged | None:
    """Return what lies ready; None if nothing does, or if it did before ``since``, when the last update was."""
    try:
        if paths.bundle.stat().st_mtime < since:
            return None
        with _label(paths).open("rb") as file:
            return Staged.model_validate_json(file.read(STAGED_BYTES))
    except (OSError, ValidationError):
        return None


def discard(paths: Paths) -> None:
    """Drop what lies ready."""
    for path in (_label(paths), paths.bundle):
        with suppress(OSError):
            path.unlink()


def _fit(release: Release) -> Staged:
    """Return what is to be known of a release. Raises ReleaseError if this machine cannot take it."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if why := unfit(release, __version__, platform.machine(), python):
        raise ReleaseError(why)
    new = release.changes.partition(f"## [{__version__}]")[0].strip()
    return Staged(version=release.version, made_at=release.made_at, signed_by=release.signed_by, changes=new)


def _label(paths: Paths) -> Path:
    return paths.bundle.with_suffix(".json")


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    return iter(partial(source.read, COPY_BYTES), b"")
