# SPDX-License-Identifier: GPL-2.0-or-later
"""Clean Debian systems for tests of the installed appliance: made once, kept, and never written to."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import ROOT

#: Debian's suites, and the Python of each.
SUITES = {"bookworm": "3.11", "trixie": "3.13"}
#: What a small machine has on which somebody installs Earwitness: each of the ways to look after a network, and ssh.
PACKAGES = (
    *("systemd-sysv", "dbus", "udev", "kmod", "procps", "iproute2", "iputils-ping", "ethtool", "ca-certificates"),
    *("network-manager", "ifupdown", "isc-dhcp-client", "openssh-server"),
    *("python3", "python3-venv", "nftables", "avahi-daemon", "hostapd", "iw"),
)
_LEFT_OUT = ("man", "doc", "locale")


def cache() -> Path:
    """Return the folder in which systems are kept."""
    return Path(os.environ.get("EARWITNESS_ROOTS", "/var/cache/earwitness-roots"))


def needed(*programs: str) -> None:
    """Skip where nobody is root, or one of the programs is missing."""
    if os.geteuid():
        pytest.skip("whole machines are for root only: mounts, namespaces, systemd")
    if missing := [program for program in programs if not shutil.which(program)]:
        pytest.skip(f"not here: {', '.join(missing)}; tests/run installs them")


def root(suite: str, packages: Sequence[str] = PACKAGES) -> Path:
    """Return the folder of a clean system of a suite with some packages. Nobody may write to it."""
    needed("mmdebstrap", "systemd-nspawn", "dnsmasq", "tar")
    key = hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:12]
    folder, archive = cache() / f"{suite}-{key}", cache() / f"{suite}-{key}.tar"
    with _alone(folder):
        if not archive.exists():
            _bootstrap(suite, packages, archive)
        if not folder.exists():
            with _whole(folder) as made:
                made.mkdir()
                _run("tar", "--xattrs", "--numeric-owner", "-xpf", archive, "-C", made, "--exclude=./dev/*")
    return folder


def product(suite: str) -> Path:
    """Return a folder to be laid over a system: the command ``earwitness`` of this checkout, which is then at /src.

    The locked packages are in it, for the Python of that suite; the checkout's own code is read where it lies.
    """
    needed("uv")
    lock = (ROOT / "requirements.txt").read_bytes() + Path(__file__).read_bytes()
    folder = cache() / f"product-{suite}-{hashlib.sha256(lock).hexdigest()[:12]}"
    with _alone(folder):
        if not folder.exists():
            with _whole(folder) as made:
                _lay_out(SUITES[suite], made)
    return folder


def _lay_out(python: str, made: Path) -> None:
    """Lay out a release by hand: nothing of it is run here, and the other suite's Python is not needed."""
    release = made / f"opt/earwitness/releases/0-py{python}"
    (release / "bin").mkdir(parents=True)
    wheels = [
        "--only-binary",
        ":all:",
        "--python-version",
        python,
        "--python-platform",
        f"{os.uname().machine}-manylinux_2_28",
    ]
    export = ["uv", "export", "-q", "--no-default-groups", "--no-emit-project", "--locked", "--no-hashes"]
    asked = [*export, "--no-emit-package", "http-ece"]
    wanted = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    listed = made / "wanted.txt"
    listed.write_text(wanted, encoding="utf-8")
    _run("uv", "pip", "install", "-q", "--no-deps", *wheels, "--target", release / "lib", "-r", listed)
    listed.unlink()
    own = find_spec("http_ece")  # published as source only: one file of Python
    assert own
    assert own.origin
    shutil.copytree(Path(own.origin).parent, release / "lib" / "http_ece")
    command = release / "bin" / "earwitness"
    command.write_text(
        f"#!/usr/bin/python3\nimport sys\n\nsys.path[:0] = ['/src', '/opt/earwitness/releases/{release.name}/lib']\n"
        "from appliance.cli import main\n\nmain()\n",
        encoding="utf-8",
    )
    command.chmod(0o755)
    (made / "opt/earwitness/current").symlink_to(f"releases/{release.name}")
    (made / "usr/local/bin").mkdir(parents=True)
    (made / "usr/local/bin/earwitness").symlink_to("/opt/earwitness/current/bin/earwitness")


def _bootstrap(suite: str, packages: Sequence[str], archive: Path) -> None:
    left_out = [f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in _LEFT_OUT]
    options = ["--mode=root", "--variant=minbase", "--components=main", '--aptopt=Apt::Install-Recommends "false"']
    with _whole(archive) as made:
        command = ["nice", "mmdebstrap", "--quiet", "--format=tar", *options, *left_out, "--dpkgopt=force-unsafe-io"]
        command += [f"--include={','.join(packages)}", suite, str(made), _mirror()]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
            pytest.skip(f"Debian's packages cannot be had here: {last}")


def _mirror() -> str:
    """Return the address from which this machine has its own Debian packages."""
    asked = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)"]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    own = [line.split()[2] for line in said.splitlines() if line.startswith("Debian Debian ")]
    return own[0] if own else "http://deb.debian.org/debian"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let others who want the same wait: tests run side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a name to write to, which becomes ``path`` once it is whole."""
    part = path.with_name(f".part-{path.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.unlink(missing_ok=True)
    yield part
    part.rename(path)


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
