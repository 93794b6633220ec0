# SPDX-License-Identifier: GPL-2.0-or-later
"""What a bundle says of itself, once its signature was found good: which version, and for which machines."""

import re
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from appliance.limits import RELEASE_FILES, RELEASE_LABEL_BYTES, RELEASE_NEWS_BYTES
from appliance.release.signature import ReleaseError, signer

_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}", re.ASCII)


class Release(NamedTuple):
    """A release whose signature is good."""

    version: str
    architecture: str  #: as the kernel says it: aarch64, x86_64
    pythons: tuple[str, ...]  #: the versions of Python for which there are packages in it
    made_at: int  #: wall-clock seconds
    changes: str  #: its CHANGELOG.md, in Markdown, from the top
    signed_by: str  #: id of the rule that has the key


def examine(bundle: Path, keys: Mapping[str, bytes]) -> Release:
    """Check a bundle's signature, then read what it is. It takes a second or two. Raises ReleaseError and OSError."""
    name = signer(bundle, keys)
    texts = _texts(bundle)
    label = dict(line.split(" ", 1) for line in texts.get("RELEASE", "").splitlines() if " " in line)
    try:
        version, architecture = label["version"], label["architecture"]
        pythons, made_at = tuple(label["pythons"].split()), int(label["made"])
    except (KeyError, ValueError):
        raise ReleaseError(f"{bundle.name} is signed but no bundle of a release: it does not say what it is") from None
    if not is_version(version):
        raise ReleaseError(f"{bundle.name} is signed, but its version {version[:20]!r} cannot be compared with others")
    return Release(version, architecture, pythons, made_at, texts.get("CHANGELOG.md", ""), name)


def unfit(release: Release, version: str, architecture: str, python: str) -> str | None:
    """Say why a machine cannot take a release; None if it can. ``version`` is what runs there now."""
    if release.architecture != architecture:
        return f"it is for {release.architecture}, and this machine is {architecture}: take the bundle for that"
    if python not in release.pythons:
        return f"it is for Python {' and '.join(release.pythons)}, and this machine has {python}"
    if _numbers(release.version) < _numbers(version):
        return f"{release.version} is older than {version}, which runs now: going back is done by hand, by install.sh"
    return None


def is_version(text: str) -> bool:
    """Say whether a text is a version that can be compared with others."""
    return _VERSION.fullmatch(text) is not None


def is_newer(version: str, than: str) -> bool:
    """Say whether one version is newer than another."""
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def _texts(bundle: Path) -> dict[str, str]:
    """Return the texts in the bundle's folder that say what it is."""
    wanted = {"RELEASE": RELEASE_LABEL_BYTES, "CHANGELOG.md": RELEASE_NEWS_BYTES}
    texts: dict[str, str] = {}
    try:
        with tarfile.open(bundle, "r:") as archive:
            for _ in range(RELEASE_FILES):
                member = archive.next()
                if member is None or texts.keys() == wanted.keys():
                    break
                _, _, name = member.name.partition("/")
                file = archive.extractfile(member) if member.isfile() and name in wanted else None
                if file is not None:
                    texts[name] = file.read(wanted[name]).decode(errors="replace")
    except (tarfile.TarError, EOFError) as error:
        raise ReleaseError(f"{bundle.name} is signed but cannot be read: {error}") from error
    return texts
