# SPDX-License-Identifier: GPL-2.0-or-later
"""``image/test``: starts the image as it is in a virtual machine, and tries whether a household can live with it."""

import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import pytest

from tests.e2e.house import until
from tests.e2e.image.cuts import cut_the_power
from tests.e2e.image.guest import Guest
from tests.e2e.image.household import be_told, become_owner, play, talking
from tests.e2e.image.years import pass_the_years
from tests.e2e.install.machine import MACS
from tests.e2e.install.street import ROUTER, Street
from tests.e2e.neighbours import NAME, Receiver, found_by_name
from tests.e2e.visitor import Visitor

_TOLD_S = 120.0
_SELFTEST_S = 900.0


class Checks:
    """Says of each check how it went and how long it took (TAP), and goes on."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self._count = 0

    @contextmanager
    def check(self, what: str) -> Iterator[list[str]]:
        """Try something; what is put into the list is told beside it."""
        begun, told = time.monotonic(), list[str]()
        self._count += 1
        try:
            yield told
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - whatever it was, the next check is tried
            self.failed.append(what)
            click.echo(f"not ok {self._count} - {what} ({time.monotonic() - begun:.0f} s): {error}")
        else:
            click.echo(f"ok {self._count} - {what} ({time.monotonic() - begun:.0f} s) {'; '.join(told)}")


@click.command()
@click.argument("image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cuts", default=0, show_default=True, help="How often the power is cut while it writes.")
@click.option("--memory", default=1024, show_default=True, help="Memory of the machine in MB.")
@click.option("--card", default="8G", show_default=True, help="Size of its card.")
@click.option(
    "--bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A release's bundle for arm64, to which it is updated; after that its data partition is destroyed.",
)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Folder to leave logs and card in.")
def main(image: Path, *, cuts: int, memory: int, card: str, bundle: Path | None, keep: Path | None) -> None:
    """Start IMAGE (an .img, unpacked) between a router and a client, and try what its household will."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the machine goes off, the networks go away
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="earwitness-image-") as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with closing(Street(folder)) as street, closing(Guest(image, folder, street, memory, card)) as guest:
            first_start(checks, guest, card)
            house = in_the_network(checks, guest, street) if guest.running else None
            if house:
                an_alert(checks, house, street, folder)
                again(checks, guest, street, house)
                if cuts:
                    cut_the_power(checks.check, guest, street, house, cuts)
            if guest.running:
                measures(guest)
            if house and bundle:
                pass_the_years(checks.check, guest, street, house, bundle)
    click.echo(f"{len(checks.failed)} failed: {', '.join(checks.failed)}" if checks.failed else "all is well")
    sys.exit(bool(checks.failed))


def first_start(checks: Checks, guest: Guest, card: str) -> None:
    """See that the machine makes itself at home on its card."""
    with checks.check("the image starts") as told:
        told.append(f"a shell after {guest.on():.0f} s")
    with checks.check("systemd is done, and nothing failed") as told:
        guest.started()
        told.append(guest.run("systemd-analyze time | head -n 1"))
    with checks.check("nothing of the root is written: what changes lies on the data partition") as told:
        assert "overlay" in guest.run("findmnt -no FSTYPE /")
        assert guest.run("cat /run/earwitness-image/kept") == "data"
        assert " ro," in guest.run("grep ' /run/earwitness-image/below ' /proc/mounts")
        told.append(guest.run("findmnt -no SOURCE,OPTIONS /data"))
    with checks.check(f"the data partition fills a card of {card}") as told:
        told.append(guest.until("df -h --output=size /data | tail -n 1", "[3-9][.0-9]*G|[0-9]{2}"))
    with checks.check("it has a number of its own, and asks nobody for a password"):
        assert len(guest.run("cat /etc/machine-id")) == 32
        assert guest.run("systemctl is-enabled ssh.service || true") == "disabled"
        assert "root:*:" in guest.run("cat /etc/shadow")
    with checks.check("logs are kept in memory"):
        assert guest.ask("test -e /var/log/journal")[0], guest.run("ls -R /var/log/journal")


def in_the_network(checks: Checks, guest: Guest, street: Street) -> Visitor | None:
    """See that it joins router and client, and is found."""
    owner: list[Visitor] = []
    with checks.check("two cables make a bridge, which keeps the first port's address"):
        guest.until("ip -br link show master br0", r"(?s)eth0.*eth1")
        assert MACS["eth0"] in guest.run("cat /sys/class/net/br0/address")
        guest.until("ls /var/lib/earwitness-install", "^(?!.*unconfirmed)")
    with checks.check("the client gets addresses through it, and reaches the router") as told:
        assert street.reached(120)
        told.append(guest.run("ip -br link show master br0"))
    with checks.check("earwitness.local answers") as told:
        own = street.client.run("ip -4 -br address show dev c0").split()[2].partition("/")[0]
        address = next(filter(None, (found_by_name(street.client, own) for _ in range(24))), None)
        assert address, guest.ask("journalctl --no-pager -b -u avahi-daemon -n 30")[1]
        told.append(address)
    with checks.check("the first page opens, and the code on the boot partition makes an owner"):
        address = address or guest.run("ip -4 -br address show dev br0").split()[2].partition("/")[0]
        guest.until("cat /boot/firmware/earwitness-code.txt", "code of the first page")
        code = guest.run("earwitness setup-code")
        assert code in guest.run("cat /boot/firmware/earwitness-code.txt /run/issue.d/earwitness.issue")
        visitor = Visitor(street.client, address)
        until("the first page", lambda: "<form" in visitor.get("/setup", NAME), _TOLD_S)
        become_owner(visitor, code)
        guest.until("ls /boot/firmware/earwitness-code.txt", "No such file")
        owner.append(visitor)
    return next(iter(owner), None)


def an_alert(checks: Checks, house: Visitor, street: Street, folder: Path) -> None:
    """See that what a speaker sends is told."""
    with (
        checks.check("what a speaker sends unasked becomes an alert at a receiver") as told,
        closing(Receiver(street.router, ROUTER)) as receiver,
    ):
        be_told(house, receiver.url)
        playing = play(talking(folder / "alert", 30.0), street)
        begun = time.monotonic()
        while not receiver.letters and time.monotonic() < begun + 30 + _TOLD_S:
            time.sleep(0.5)
        playing.finish()
        assert receiver.letters, house.ask("/uploads")
        told.append(str(receiver.letters[0].get("title")))


def again(checks: Checks, guest: Guest, street: Street, house: Visitor) -> None:
    """See that the self-test passes inside, and that a start in order loses nothing."""
    with checks.check("the self-test passes inside") as told:
        told.append(guest.run("earwitness selftest", _SELFTEST_S).splitlines()[-1])
    with checks.check("a start in order changes nothing of what it is") as told:
        seen, before = house.ask("/verdicts"), guest.run("cat /etc/machine-id")
        guest.off()
        told.append(f"a shell after {guest.on():.0f} s")
        guest.started()
        told.append(guest.run("systemd-analyze time | head -n 1"))
        assert guest.run("cat /etc/machine-id") == before
        assert street.reached(120)
        assert house.ask("/verdicts")["items"][: len(seen["items"])] == seen["items"]


def measures(guest: Guest) -> None:
    """Say what it needs."""
    for command in (
        "free -m",
        "df -h / /data /boot/firmware",
        "systemctl status 'earwitness*' --no-pager -n 0 | grep -E 'Memory|●'",
    ):
        click.echo("".join(f"# {line}\n" for line in guest.ask(command)[1].splitlines()), nl=False)


if __name__ == "__main__":
    main()
