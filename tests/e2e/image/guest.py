# SPDX-License-Identifier: GPL-2.0-or-later
"""A virtual machine that starts the image as it is, emulated, between a router and a client.

Kernel and initial memory disk come from the boot partition of the image, as firmware would load them; the machine
has no such firmware. The image file itself is never written: what the machine writes goes to a file above it.
Commands are typed into a root shell that the kernel's command line opens for tests on a console of its own.
"""

import fcntl
import os
import re
import select
import socket
import struct
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.e2e.install.machine import MACS
from tests.e2e.install.street import Street
from tests.network import Namespace

#: Starting takes minutes where two emulated cores share two busy ones.
PATIENCE_S = 900.0
_TUNSETIFF, _TAP, _NO_HEADER = 0x400454CA, 0x0002, 0x1000  # linux/if_tun.h
#: A busy machine that emulates another is slower than what systemd waits for, which is meant for a Pi.
_PATIENT = "systemd.default_device_timeout_sec=900 systemd.default_timeout_start_sec=900 systemd.service_watchdogs=no"
_SHELL = "systemd.debug_shell=hvc0 systemd.mask=serial-getty@hvc0.service"
_SECTOR = 512
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]")


class GuestError(Exception):
    """The machine did not do what it was asked."""


class Guest:
    """A machine made of the image, switched on and off at will."""

    def __init__(self, image: Path, folder: Path, street: Street, memory: int = 1024, card: str = "8G") -> None:
        """Take the image, a folder to work in, what is around it, its memory in MB and the size of its card."""
        self.folder = folder
        self._street = street
        self._memory = memory
        self._count = 0
        self._extract(image)
        self.disk = folder / "card.qcow2"
        _call("qemu-img", "create", "-q", "-f", "qcow2", "-b", str(image.resolve()), "-F", "raw", str(self.disk), card)
        self._process: subprocess.Popen[bytes] | None = None
        self._shell: socket.socket | None = None

    def _extract(self, image: Path) -> None:
        """Take kernel and initial memory disk out of the boot partition, as firmware does."""
        with image.open("rb") as file:
            first = file.read(_SECTOR)[446:462]  # the first entry of the partition table
        begin, _ = struct.unpack("<II", first[8:])
        boot = f"{image}@@{begin * _SECTOR}"
        listed = _call("mdir", "-b", "-i", boot, "::/")
        for kind, target in (("vmlinuz", "kernel"), ("initrd", "initrd")):
            (name,) = re.findall(rf"::/({kind}\S*)", listed)
            _call("mcopy", "-n", "-i", boot, f"::/{name}", str(self.folder / target))

    # -- on and off ----------------------------------------------------------------------------------------------

    def on(self, words: str = "") -> float:
        """Switch it on, with ``words`` for the kernel; return the seconds until the shell answered."""
        begun = time.monotonic()
        self._count += 1
        path = self.folder / f"shell-{self._count}"
        taps = [_tap(side, name) for side, name in ((self._street.router, "r0"), (self._street.client, "c0"))]
        cards: list[str] = []
        for tap, mac in zip(taps, MACS.values(), strict=True):
            cards += ["-netdev", f"tap,id=n{tap},fd={tap}"]
            cards += ["-device", f"virtio-net-pci,netdev=n{tap},mac={mac},romfile="]
        machine = ["-M", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", str(self._memory)]
        emulated = ["-accel", "tcg,thread=multi,tb-size=256", "-nodefaults", "-display", "none", "-no-reboot"]
        start = ["-kernel", str(self.folder / "kernel"), "-initrd", str(self.folder / "initrd")]
        line = f"root=LABEL=ew-root rw net.ifnames=0 console=ttyAMA0 {_SHELL} {_PATIENT} {words}"
        disk = ["-drive", f"file={self.disk},if=virtio,format=qcow2,cache=writeback"]
        consoles = ["-serial", f"file:{self.folder / 'console.log'}", "-device", "virtio-serial-pci"]
        consoles += [
            "-chardev",
            f"socket,id=shell,path={path},server=on,wait=off",
            "-device",
            "virtconsole,chardev=shell",
        ]
        self._process = subprocess.Popen(
            ["qemu-system-aarch64", *machine, *emulated, *start, "-append", line, *disk, *consoles, *cards],
            stdin=subprocess.DEVNULL,
            stderr=(self.folder / "qemu.log").open("ab"),
            pass_fds=taps,
        )
        for tap in taps:
            os.close(tap)
        self._street.router.run("ip link set r0 master lan up")
        self._street.client.run("ip link set c0 up")
        self._open(path)
        return time.monotonic() - begun

    def _open(self, path: Path) -> None:
        """Wait for the shell, and make it quiet."""
        end = time.monotonic() + PATIENCE_S
        while not path.exists():
            self._alive(end)
            time.sleep(0.1)
        self._shell = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._shell.connect(str(path))
        time.sleep(1)  # a machine that cannot be switched on says so by now
        while True:
            self._alive(end)
            with suppress(GuestError):
                self.run("export TERM=dumb PATH=$PATH:/usr/sbin PS1= PS2=", seconds=15)
                return

    def _alive(self, end: float) -> None:
        assert self._process
        if self._process.poll() is not None or time.monotonic() > end:
            log = (self.folder / "qemu.log").read_text(encoding="utf-8", errors="replace")
            raise GuestError(f"it did not start: {log[-500:]} {self.console()[-2000:]}")

    @property
    def running(self) -> bool:
        """Whether it is on."""
        return self._process is not None and self._process.poll() is None

    def cut(self) -> None:
        """Take its power away."""
        assert self._process
        self._process.kill()
        self._gone()

    def off(self) -> None:
        """Switch it off in order."""
        assert self._process
        with suppress(GuestError):
            self.run("systemctl poweroff", seconds=5)
        self._process.wait(PATIENCE_S)
        self._gone()

    def _gone(self) -> None:
        if self._process:
            self._process.wait()
        if self._shell:
            self._shell.close()
        self._process = self._shell = None

    def close(self) -> None:
        """Take its power away, if it has any."""
        if self._process:
            self.cut()

    def console(self) -> str:
        """Return what it printed on its console since it was switched on."""
        path = self.folder / "console.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    # -- inside --------------------------------------------------------------------------------------------------

    def run(self, command: str, seconds: float = 120.0) -> str:
        """Type a command into the shell; return what it says. Raises GuestError if it fails, or takes longer."""
        status, said = self.ask(command, seconds)
        if status:
            raise GuestError(f"{command} ended with {status}: {said}")
        return said

    def ask(self, command: str, seconds: float = 120.0) -> tuple[int, str]:
        """Type a command into the shell; return its exit status, and what it says."""
        assert self._shell
        mark = f"{os.getpid()}-{time.monotonic_ns()}"
        # In what the terminal echoes of this there are quotes where in what comes of it there are none.
        typed = f"echo; echo '<'{mark}'>'; {{ {command}\n}} 2>&1 </dev/null; echo \"<$?:\"{mark}'>'\n"
        self._shell.sendall(typed.encode())
        said = ""
        end = time.monotonic() + seconds
        while not (found := re.search(rf"<{mark}>(.*)<(\d+):{mark}>", said, re.DOTALL)):
            ready, _, _ = select.select([self._shell], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise GuestError(f"{command} took longer than {seconds:.0f} s: {said[-500:]}")
            if not (got := self._shell.recv(65536)):
                raise GuestError(f"the machine was switched off during {command}")
            said += got.decode(errors="replace")
        return int(found[2]), _ANSI.sub("", found[1]).replace("\r", "").strip()

    def until(self, command: str, says: str, seconds: float = PATIENCE_S) -> str:
        """Ask until the answer fits a pattern, and return it. Raises GuestError."""
        end = time.monotonic() + seconds
        while True:
            _, said = self.ask(command)
            if re.search(says, said):
                return said
            if time.monotonic() > end:
                raise GuestError(f"{command}: {said} after {seconds:.0f} s")
            time.sleep(1)

    def started(self) -> None:
        """Wait until all that starts has started. Raises GuestError if something failed."""
        if self.until("systemctl is-system-running", "running|degraded") != "running":
            raise GuestError(self.run("systemctl --failed --no-legend --plain"))


def _tap(side: Namespace, name: str) -> int:
    """Return an open tap, which is the far end of a network card; the near end lies in a namespace."""
    with side.inside():
        tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tap, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _TAP | _NO_HEADER))
    return tap


def _call(*command: str | Path) -> str:
    done: Sequence[str] = [str(each) for each in command]
    return subprocess.run(done, check=True, capture_output=True, text=True).stdout
