# SPDX-License-Identifier: GPL-2.0-or-later
"""A whole machine for tests: Debian under systemd, between a router and a client, switched on and off at will.

``with Machine("trixie", "networkd") as machine: machine.run(["systemctl", "is-system-running"])``. It is a container of
systemd-nspawn with a network of its own; what it writes lies in memory, over a clean system that stays as it is. The
checkout is at /src in it; with ``product=True`` it has the command ``earwitness``, run from there.
"""

import os
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import pytest

from tests.conftest import ROOT
from tests.e2e.house import until
from tests.e2e.install import roots
from tests.e2e.install.street import Street
from tests.network import Namespace

Backend = Literal["networkd", "networkmanager", "ifupdown"]
BACKENDS: tuple[Backend, ...] = ("networkd", "networkmanager", "ifupdown")
_SLOW = pytest.mark.skipif(not os.environ.get("EARWITNESS_SLOW"), reason="long: only where EARWITNESS_SLOW=1 is set")
#: Each suite with each way to look after a network, for ``parametrize(("suite", "backend"), EVERY)``. What always runs
#: is Raspberry Pi OS's: the newest Debian, with NetworkManager.
EVERY = tuple(
    pytest.param(
        suite, backend, id=f"{suite}-{backend}", marks=() if (suite, backend) == ("trixie", "networkmanager") else _SLOW
    )
    for suite in roots.SUITES
    for backend in BACKENDS
)
#: The same for what takes a minute on each.
SELDOM = tuple(pytest.param(*each.values, id=each.id, marks=_SLOW) for each in EVERY)
#: The address that each port has by its hardware, whatever happens to the machine.
MACS = {"eth0": "02:00:00:00:77:e0", "eth1": "02:00:00:00:77:e1"}
#: What a running system writes by itself, and no installer.
ITS_OWN = (
    *("dev", "proc", "run", "sys", "tmp", "src", "var/tmp", "var/log", "var/cache", "var/lib/apt", "var/lib/dhcp"),
    *("var/lib/systemd", "var/lib/NetworkManager", "var/lib/private", "root", "etc/resolv.conf", "etc/.pwd.lock"),
    *("etc/ld.so.cache", "var/lib/ucf", "var/lib/dpkg/lock", "var/lib/dpkg/lock-frontend", "var/lib/dpkg/triggers"),
)
_PATIENCE_S = 180.0
_MOUNTS = ["--capability=CAP_NET_ADMIN,CAP_NET_RAW,CAP_SYS_ADMIN", "--resolv-conf=off", "--timezone=off"]
_ALONE = ["--register=no", "--keep-unit", "--link-journal=no", "--hostname=earwitness", f"--bind-ro={ROOT}:/src"]
_ENVIRONMENT = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]
#: How each backend is told to ask for addresses on eth0, as a fresh Debian does.
_FILES: Mapping[Backend, Mapping[str, str]] = {
    "networkd": {"etc/systemd/network/10-wired.network": "[Match]\nName=eth0\n\n[Network]\nDHCP=yes\n"},
    "networkmanager": {
        "etc/NetworkManager/system-connections/Wired connection 1.nmconnection": (
            "[connection]\nid=Wired connection 1\nuuid=5a6ee4b2-6a3d-4a43-9cc1-5d5c6b6d0f6a\ntype=ethernet\n"
            "interface-name=eth0\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n"
        )
    },
    "ifupdown": {
        "etc/network/interfaces": (
            "# This file describes the network interfaces available on your system\n"
            "source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n\n"
            "auto eth0\niface eth0 inet dhcp\niface eth0 inet6 auto\n"
        )
    },
}
_UNITS: Mapping[Backend, str] = {
    "networkd": "systemd-networkd.service",
    "networkmanager": "NetworkManager.service",
    "ifupdown": "networking.service",
}


class Machine:
    """A machine that was just installed and started, with an address from the router on eth0."""

    def __init__(
        self,
        suite: str,
        backend: Backend,
        *,
        product: bool = False,
        packages: Sequence[str] = roots.PACKAGES,
        binds: Mapping[Path, str] | None = None,
    ) -> None:
        """Make and start one; skip where that is not allowed. ``binds``: folders of here to be read there."""
        self.suite, self.backend = suite, backend
        self._layers = [*([roots.product(suite)] if product else []), roots.root(suite, packages)]
        self._binds = [f"--bind-ro={here}:{there}" for here, there in (binds or {}).items()]
        self._running: subprocess.Popen[bytes] | None = None
        with ExitStack() as stack:
            self.folder = Path(tempfile.mkdtemp(prefix="earwitness-machine-"))
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            _mount(stack, self.folder, "tmpfs", "mode=755")
            for name in ("upper", "work", "root"):
                (self.folder / name).mkdir()
            self.root, self._upper = self.folder / "root", self.folder / "upper"
            below = ":".join(map(str, self._layers))
            _mount(stack, self.root, "overlay", f"lowerdir={below},upperdir={self._upper},workdir={self.folder}/work")
            self._prepare()
            self.street = Street(self.folder)
            stack.callback(self.street.close)
            stack.callback(self.off, cut=True)
            self.on()
            self._stack = stack.pop_all()

    def _prepare(self) -> None:
        """Write what a fresh installation has: who looks after the network, and the machine's own number."""
        (self.root / "etc/machine-id").write_text("5ee3ef2fd0e34f6c8b4cbf7de4ed6c7a\n")
        for path, text in _FILES[self.backend].items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")
            (self.root / path).chmod(0o600 if path.endswith(".nmconnection") else 0o644)
        for backend, unit in _UNITS.items():
            verb = "enable" if backend == self.backend else "disable"
            self._offline("systemctl", verb, unit)
        self._offline("systemctl", "mask", "apt-daily.timer", "apt-daily-upgrade.timer", "systemd-networkd-wait-online")

    def _offline(self, *command: str) -> None:
        subprocess.run([command[0], f"--root={self.root}", *command[1:]], check=True, capture_output=True)

    # -- on and off ----------------------------------------------------------------------------------------------

    def on(self) -> None:
        """Switch it on: its ports are plugged in, and it starts until systemd is done."""
        self.network = Namespace()
        self.network.run("sysctl -qw net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.all.disable_ipv6=0")
        self.street.plug(self.street.router, "r0", self.network, "eth0", MACS["eth0"])
        self.street.plug(self.street.client, "c0", self.network, "eth1", MACS["eth1"])
        log = (self.folder / "console.log").open("ab")
        where = [f"--network-namespace-path=/run/netns/{self.network.name}", f"--machine={self.network.name}"]
        self._running = subprocess.Popen(
            ["systemd-nspawn", "-q", f"-D{self.root}", *_ALONE, *_MOUNTS, *self._binds, *where, "-b"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1", "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"},
        )
        log.close()
        until("the machine's first process", self._leads, _PATIENCE_S)
        until("systemd to be done with starting", lambda: self.state() in {"running", "degraded"}, _PATIENCE_S)

    def _leads(self) -> bool:
        """Find the machine's own first process among nspawn's children."""
        assert self._running
        if self._running.poll() is not None:
            pytest.fail(f"the machine did not start: {self.console()}")
        for child in Path(f"/proc/{self._running.pid}/task/{self._running.pid}/children").read_text().split():
            if _is_first(child):
                self._leader = child
                return True
        return False

    def off(self, *, cut: bool = False) -> None:
        """Switch it off in order, or pull its plug; either way its network is gone, and its disk stays."""
        if self._running is None:
            return
        os.kill(int(self._leader), signal.SIGKILL if cut else signal.SIGRTMIN + 4)  # systemd: SIGRTMIN+4 is poweroff
        self._running.wait(_PATIENCE_S)
        self._running = None
        self.street.unplug()
        self.network.close()

    def reboot(self, *, cut: bool = False) -> None:
        """Switch it off and on again."""
        self.off(cut=cut)
        self.on()

    # -- inside --------------------------------------------------------------------------------------------------

    def start(self, command: Sequence[str]) -> subprocess.Popen[str]:
        """Start a command in it; its output can be read."""
        return subprocess.Popen(
            self._inside(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, command: Sequence[str] | str, *, check: bool = True, stdin: str = "") -> str:
        """Run a command in it; return what it says, on either output. Fail if it fails, unless told not to check."""
        done = self.ask(command, stdin=stdin)
        if check and done.returncode:
            pytest.fail(f"{command} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def ask(self, command: Sequence[str] | str, *, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command in it; return how it ended, and what it said on either output."""
        return subprocess.run(
            self._inside(shlex.split(command) if isinstance(command, str) else command), check=False,
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600,
        )  # fmt: skip

    def _inside(self, command: Sequence[str]) -> list[str]:
        enter = ["nsenter", "-t", self._leader, "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w/"]
        return [*enter, "env", "-i", *_ENVIRONMENT, *command]

    def state(self) -> str:
        """Return what systemd says of the whole: starting, running, degraded."""
        return self.ask(["systemctl", "is-system-running"]).stdout.strip()

    def failed(self) -> str:
        """Return the units that failed, a line each."""
        return self.run(["systemctl", "--failed", "--no-legend", "--plain"])

    def address(self, interface: str) -> str | None:
        """Return an interface's IPv4 address; None if it has none."""
        words = self.run(["ip", "-4", "-br", "address", "show", "dev", interface], check=False).split()
        return words[2].partition("/")[0] if len(words) > 2 and words[0].partition("@")[0] == interface else None

    def console(self) -> str:
        """Return what it printed on its console."""
        return (self.folder / "console.log").read_text(encoding="utf-8", errors="replace")

    def journal(self, *arguments: str) -> str:
        """Return its journal."""
        return self.run(["journalctl", "--no-pager", "-b", *arguments], check=False)

    # -- its disk ------------------------------------------------------------------------------------------------

    def files(self, ignored: Sequence[str] = ITS_OWN) -> dict[str, str]:
        """Return what differs from the clean system: each path's kind, mode, owner and content."""
        seen: dict[str, str] = {}
        for folder, folders, names in os.walk(self._upper):
            inside = Path(folder).relative_to(self._upper)
            folders[:] = [name for name in folders if str(inside / name) not in ignored and name != "__pycache__"]
            below = {name for layer in self._layers for name in _names(layer / inside)}
            for name in {*folders, *names, *(below - set(_names(self.root / inside)))}:
                path = inside / name
                now = _looks(self.root / path)
                if str(path) not in ignored and now != self._clean(path):
                    seen[f"/{path}"] = now
        return seen

    def _clean(self, path: Path) -> str:
        looks = (_looks(layer / path) for layer in self._layers)
        return next((seen for seen in looks if seen != "gone"), "gone")

    def close(self) -> None:
        """Switch it off and take it away."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_first(process: str) -> bool:
    """Say whether a process is the first of a process namespace of its own."""
    status = Path(f"/proc/{process}/status").read_text()
    return any(line.startswith("NSpid:") and line.split()[-1] == "1" for line in status.splitlines())


def _mount(stack: ExitStack, at: Path, kind: str, options: str) -> None:
    done = subprocess.run(["mount", "-t", kind, "-o", options, kind, at], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"mounts are not allowed here: {done.stderr.strip()}")
    stack.callback(lambda: subprocess.run(["umount", "-l", at], check=False))


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() and not folder.is_symlink() else []


def _looks(path: Path) -> str:
    """Return how a file looks to those who compare."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return "gone"
    what = f"{stat.filemode(found.st_mode)} {found.st_uid}:{found.st_gid}"
    if stat.S_ISLNK(found.st_mode):
        return f"{what} -> {path.readlink()}"
    return f"{what} {sha256(path.read_bytes()).hexdigest()[:16]}" if stat.S_ISREG(found.st_mode) else what
