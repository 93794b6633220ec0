# SPDX-License-Identifier: GPL-2.0-or-later
"""Small bundles for tests, as image/bundle lays them out."""

import io
import tarfile
from pathlib import Path

LABEL = "version 1.2.3\narchitecture aarch64\npythons 3.11 3.13\nmade 1763900000\n"


def bundle(path: Path, label: str = LABEL, **files: str) -> Path:
    """Write a bundle that holds a label, and other files."""
    with tarfile.open(path, "w") as archive:
        for name, text in {"CHANGELOG.md": "# Changelog\n", "RELEASE": label, **files}.items():
            member = tarfile.TarInfo(f"earwitness-1.2.3-aarch64/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return path
