# SPDX-License-Identifier: GPL-2.0-or-later
"""Releases to install in tests: the bundle of this checkout, and others made of it, better and worse."""

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

from tests.conftest import ROOT


def bundle(folder: Path, python: str) -> Path:
    """Make the bundle of this checkout for one Python and this machine, and return the folder that is in it."""
    made = subprocess.run(
        [ROOT / "image/bundle", "--arch", _machine(), "--python", python, folder],
        capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (archive,) = folder.glob("earwitness-*.tar")
    subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)
    return folder / archive.name.removesuffix(".tar")


def another(release: Path, version: str, made: int | None = None) -> Path:
    """Return a copy of a release under another version, beside it; made at another time if one is given."""
    copy = release.parent / f"earwitness-{version}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(release, copy, copy_function=_link)
    label = (release / "RELEASE").read_text(encoding="utf-8")
    said = dict(line.split(" ", 1) for line in label.splitlines()) | {"version": version}
    said |= {"made": str(made)} if made else {}
    _write(copy / "RELEASE", "".join(f"{key} {value}\n" for key, value in said.items()))
    return copy


def with_a_bad_unit(release: Path, unit: str) -> Path:
    """Make a service of a release end as soon as it starts; its self-test does not know of that."""
    text = (release / "systemd" / unit).read_text(encoding="utf-8")
    lines = ["ExecStart=/bin/false" if line.startswith("ExecStart=") else line for line in text.splitlines()]
    _write(release / "systemd" / unit, "\n".join(lines) + "\n")
    return release


def with_a_bad_judge(release: Path) -> Path:
    """Make a release whose judge cannot be imported: its self-test fails."""
    (wheel,) = (release / "wheels").glob("earwitness-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content["appliance/judge/__init__.py"] = b"raise RuntimeError('a release that does not work')\n"
    wheel.unlink()
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    for listed in release.glob("requirements-py*.txt"):
        lines = [line for line in listed.read_text().splitlines() if not line.startswith("earwitness==")]
        _write(listed, "\n".join([*lines, f"earwitness=={wheel.name.split('-')[1]} --hash=sha256:{digest}"]) + "\n")
    return release


def packed(release: Path) -> Path:
    """Pack a release to a bundle that is not signed."""
    archive = release.parent / f"{release.name}.tar"
    subprocess.run(["tar", "-cf", archive, "-C", release.parent, release.name], check=True)
    return archive


def repository(folder: Path, name: str) -> Path:
    """Make a repository for apt with one package, in which is one file."""
    inside = folder / "package"
    (inside / "DEBIAN").mkdir(parents=True)
    (inside / "usr/share" / name).mkdir(parents=True)
    (inside / "usr/share" / name / "README").write_text("not the real one\n")
    about = (
        f"Package: {name}\nVersion: 0.1\nArchitecture: all\nMaintainer: Tests <tests@localhost>\nDescription: none\n"
    )
    (inside / "DEBIAN/control").write_text(about)
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", inside, folder / "it.deb"], check=True, capture_output=True)
    shutil.rmtree(inside)
    content = (folder / "it.deb").read_bytes()
    listed = f"Filename: ./it.deb\nSize: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n"
    (folder / "Packages").write_text(about + listed)
    return folder


def _machine() -> str:
    return subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def _write(path: Path, text: str) -> None:
    """Write a file that may be another's, too."""
    mode = path.stat().st_mode
    path.unlink()
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
