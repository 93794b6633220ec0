# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes over what the image's owner put on the boot partition: Wi-Fi, SSH keys, settings.

Runs at every start, before the network, as root, with Debian's own Python and nothing beside it. What was taken over is
taken away from the boot partition, where a Wi-Fi password is readable; what could not be used stays, and a file beside
it says why.
"""
# ruff: noqa: INP001, S603, S607 -- a file of the image's root; it calls programs of the image by their names

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from pathlib import Path

BOOT = Path("/boot/firmware")
SAYS = "earwitness-says.txt"
#: What people write by hand is small: 64 kB are some hundred keys.
MOST_BYTES = 65_536
#: Of OpenSSH's public keys, the kinds that it takes today.
KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-\S+@openssh\.com) [A-Za-z0-9+/]{40,}={0,3}( |$)")


class NotUsableError(Exception):
    """The file cannot be taken over: what is wrong, and what would be right."""


@dataclass(frozen=True)
class Change:
    """What comes of one file: the file it becomes, whose mode is ``mode``, and the commands that make it count."""

    path: str
    mode: int
    text: str
    commands: tuple[tuple[str, ...], ...]
    says: str


def wifi(text: str) -> Change:
    """Return what wpa_supplicant needs, from lines ``country=``, ``name=``, ``password=``. Raises NotUsableError."""
    given = dict(_pairs(text))
    country = given.get("country", "").upper()
    name = given.get("name", "").encode()
    password = given.get("password", "")
    if not re.fullmatch("[A-Z]{2}", country):
        raise NotUsableError("a line like country=DE is needed, since each country has radio rules of its own")
    if not 1 <= len(name) <= 32:
        raise NotUsableError("a line name= with the Wi-Fi's name is needed, of at most 32 bytes")
    if not (8 <= len(password) <= 63 and password.isascii() and password.isprintable()):
        raise NotUsableError("a line password= is needed, with 8 to 63 letters, digits and signs")
    key = pbkdf2_hmac("sha1", password.encode(), name, 4096, 32).hex()  # IEEE 802.11-2020, J.4.1
    return Change(
        path="/etc/wpa_supplicant/wpa_supplicant-wlan0.conf",
        mode=0o600,
        text=f"ctrl_interface=/run/wpa_supplicant\ncountry={country}\n"
        f"network={{\n\tssid={name.hex()}\n\tscan_ssid=1\n\tkey_mgmt=WPA-PSK WPA-PSK-SHA256\n\tpsk={key}\n}}\n",
        commands=(("systemctl", "enable", "--now", "--no-block", "wpa_supplicant@wlan0.service"),),
        says=f"the Wi-Fi {given['name']} is used, by the rules of {country}",
    )


def keys(text: str) -> Change:
    """Return the owner's SSH keys as root's. Raises NotUsableError."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in lines:
        if not KEY.match(line):
            raise NotUsableError(f"this is no public key: {line[:40]!r}. Take the line of a file like id_ed25519.pub")
    if not lines:
        raise NotUsableError("there is no key in it")
    return Change(
        path="/root/.ssh/authorized_keys",
        mode=0o600,
        text="\n".join(lines) + "\n",
        commands=(("ssh-keygen", "-A"), ("systemctl", "enable", "--now", "--no-block", "ssh.service")),
        says=f"ssh root@earwitness.local lets in who has one of these keys: {len(lines)}",
    )


def settings(text: str) -> Change:
    """Return the settings, which Earwitness itself has read first. Raises NotUsableError."""
    read = subprocess.run(
        ("earwitness", "doctor", "--check", "--settings", "/dev/stdin"),
        input=text,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if read.returncode:
        raise NotUsableError(read.stderr.strip() or f"earwitness doctor --check ended with {read.returncode}")
    return Change(
        path="/etc/earwitness/earwitness.toml",
        mode=0o644,
        text=text,
        commands=(),
        says="these settings are used",
    )


#: By the name that the file has on the boot partition.
READERS: dict[str, Callable[[str], Change]] = {"wifi.txt": wifi, "authorized_keys": keys, "earwitness.toml": settings}


def read(path: Path) -> str:
    """Return a file as people write it with any editor, on any system. Raises NotUsableError."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise NotUsableError(f"it cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise NotUsableError("it is no UTF-8 text: save it as such") from None
    if len(raw) > MOST_BYTES:
        raise NotUsableError(f"it is larger than {MOST_BYTES} bytes")
    return text.replace("\r\n", "\n")


def put(change: Change, root: Path) -> None:
    """Write the file so that a power cut leaves the old one or the new one, whole."""
    path = root / change.path.lstrip("/")
    path.parent.mkdir(mode=0o700 if change.mode == 0o600 else 0o755, parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, change.mode), "w", encoding="utf-8") as file:
        file.write(change.text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, sign, value = line.partition("=")
        if sign and not line.lstrip().startswith("#"):
            yield name.strip().lower(), value.strip()


def run(command: tuple[str, ...]) -> None:
    """Run a command of the image. Raises OSError, SubprocessError."""
    subprocess.run(command, check=True, timeout=300)


def take_over(boot: Path, root: Path, do: Callable[[tuple[str, ...]], None]) -> Iterator[tuple[str, bool, str]]:
    """Take over each file that is there, and yield its name, whether it was, and what to say of it."""
    for name, reader in READERS.items():
        path = boot / name
        if not path.is_file():
            continue
        try:
            change = reader(read(path))
            put(change, root)
            for command in change.commands:
                do(command)
        except NotUsableError as error:
            yield name, False, str(error)
        except (OSError, subprocess.SubprocessError) as error:
            yield name, False, f"it was understood, and yet: {error}"
        else:
            yield name, True, change.says


def main() -> int:
    """Take over, take away, and say what came of it."""
    if not os.path.ismount(BOOT):
        return 0
    said = list(take_over(BOOT, Path("/"), run))
    if said:
        lines = "".join(f"{name}: {'' if done else 'NOT USED: '}{says}\n" for name, done, says in said)
        sys.stdout.write(lines)
        subprocess.run(("mount", "-o", "remount,rw", BOOT), check=True)
        (BOOT / SAYS).write_text(lines, encoding="utf-8", newline="\r\n")
        for name, done, _ in said:
            if done:
                (BOOT / name).unlink()
        os.sync()
        subprocess.run(("mount", "-o", "remount,ro", BOOT), check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
