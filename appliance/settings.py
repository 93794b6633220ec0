# SPDX-License-Identifier: GPL-2.0-or-later
"""The appliance's settings: one TOML file, read into typed settings, or refused with what is wrong and where."""

import re
import tomllib
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from socket import gethostname
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from appliance.limits import (
    MICROPHONES,
    NAME_LENGTH,
    OPEN_PORTS,
    RING_PORTS,
    SETTINGS_BYTES,
    SOUND_NAME_CHARACTERS,
    SOUND_WAKE_WORDS,
    WEB_NAMES,
    WYOMING_EARS,
)

#: Where the services look for their settings; without the file all defaults hold.
SETTINGS = Path("/etc/earwitness/earwitness.toml")

InterfaceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,14}$")]  # Linux's IFNAMSIZ


def _name(text: str) -> str:
    if not text.strip() or not text.isprintable() or text in {"capture", "ears", "hub"}:
        raise ValueError(f"cannot be {text!r}: control characters are no names, and parts of Earwitness have theirs")
    return text


#: What people call a thing.
GivenName = Annotated[str, Field(max_length=SOUND_NAME_CHARACTERS), AfterValidator(_name)]
#: A device as ``arecord -L`` lists it. No path can be in it: ALSA has devices that write to files.
SoundDevice = Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9][\w:,=.+-]*$")]
#: What a machine is called in a network (RFC 1123).
HostName = Annotated[str, Field(max_length=NAME_LENGTH, pattern=r"^(?i:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?)+$")]


def _address(given: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(given)
    except ValueError:
        raise ValueError("value is not a valid IPv4 or IPv6 address") from None


IPAddress = Annotated[IPv4Address | IPv6Address, BeforeValidator(_address)]


class SettingsError(Exception):
    """The settings cannot be used: each line says where, what, and what would be right."""


class Placement(StrEnum):
    """How the appliance is placed in the network, and so what it can see."""

    BRIDGE = "bridge"  #: two ports, between router and access point: sees what passes
    ACCESS_POINT = "access-point"  #: its own Wi-Fi, bridged: sees what its Wi-Fi devices send
    MIRROR = "mirror"  #: one port, to which a switch copies the frames of others
    REPLAY = "replay"  #: a capture file, at its own speed or faster


class Watch(StrEnum):
    """Which frames are looked at."""

    SPEAKERS = "speakers"  #: those of speakers; of other devices only what shows what they are
    EVERYTHING = "everything"  #: all, to find speakers that no rule knows


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CaptureSettings(_Section):
    """What is captured, and where."""

    placement: Placement = Placement.BRIDGE
    interfaces: tuple[InterfaceName, ...] = Field(default=("eth0", "eth1"), max_length=RING_PORTS)
    watch: Watch = Watch.SPEAKERS
    file: Path | None = None  #: the capture to replay
    sounds: Path | None = None  #: what ears heard while it was made
    speed: float = Field(default=1.0, ge=0, le=100_000)  #: times as fast as it happened; 0 as fast as it goes

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.placement is Placement.REPLAY and self.file is None:
            raise ValueError("the placement replay needs a file to replay")
        wanted = {Placement.BRIDGE: 2, Placement.MIRROR: 1}.get(self.placement, 1)
        if self.placement is not Placement.REPLAY and len(set(self.interfaces)) < wanted:
            raise ValueError(f"the placement {self.placement} needs {wanted} interface{'s' * (wanted > 1)}")
        return self


class LedgerSettings(_Section):
    """How long facts are kept."""

    keep_days: int = Field(default=400, ge=2, le=4000)
    keep_traffic_days: int = Field(default=60, ge=2, le=4000)
    keep_sounds_days: int = Field(
        default=400, ge=2, le=4000
    )  #: which word was heard when; verdicts keep what they rest on
    max_mb: int = Field(default=1000, ge=20, le=100_000)


class EvidenceSettings(_Section):
    """Which captures of single uploads are kept."""

    keep: bool = True
    whole: bool = False  #: whole frames instead of their headers
    keep_days: int = Field(default=90, ge=1, le=4000)
    max_files: int = Field(default=2000, ge=1, le=100_000)
    max_mb: int = Field(default=200, ge=1, le=100_000)
    free_mb: int = Field(default=500, ge=0, le=1_000_000)  #: so much of the disk stays free


class SampleFormat(StrEnum):
    """How a microphone's samples are coded; behind ``plughw:`` and ``default`` ALSA converts."""

    S16 = "S16_LE"
    S32 = "S32_LE"


class MicrophoneSettings(_Section):
    """One microphone of this machine."""

    name: GivenName
    device: SoundDevice = "default"
    room: GivenName | None = None  #: without one it hears the whole home
    rate: int = Field(default=16_000, ge=8_000, le=192_000)
    channels: int = Field(default=1, ge=1, le=16)
    channel: int | None = Field(default=None, ge=1)  #: the one that is heard; else the mean of all
    format: SampleFormat = SampleFormat.S16

    @model_validator(mode="after")
    def _there(self) -> Self:
        if self.channel is not None and self.channel > self.channels:
            raise ValueError(f"channel {self.channel} of {self.channels} is none")
        return self


class WyomingSettings(_Section):
    """One voice satellite of other software, which tells the wake words that it hears."""

    name: Annotated[GivenName, Field(max_length=40)]  #: the ear is called so, with ``wyoming:`` before it
    host: IPAddress  #: from which it comes; nobody else is let in
    port: int = Field(default=10_500, ge=1, le=65_535)  #: of this machine, where it is waited for
    room: GivenName | None = None  #: without one it hears the whole home


class EarsSettings(_Section):
    """What is listened with, and for what."""

    microphones: tuple[MicrophoneSettings, ...] = Field(default=(), max_length=MICROPHONES)
    wyoming: tuple[WyomingSettings, ...] = Field(default=(), max_length=WYOMING_EARS)
    words: tuple[GivenName, ...] = Field(
        default=(), max_length=SOUND_WAKE_WORDS
    )  #: beside those of the house's speakers

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [each.name for each in self.microphones]
        if len(set(names)) < len(names):
            raise ValueError("each microphone needs a name of its own")
        if len({each.name for each in self.wyoming}) < len(self.wyoming):
            raise ValueError("each voice satellite needs a name of its own")
        if len({(each.host, each.port) for each in self.wyoming}) < len(self.wyoming):
            raise ValueError("voice satellites of one host need a port each")
        return self


class Https(StrEnum):
    """Whether the pages can be had encrypted, by the home's own certificates."""

    OFF = "off"  #: plain HTTP alone
    OFFERED = "offered"  #: both
    REQUIRED = "required"  #: plain HTTP only says how to trust the certificates, and leads to HTTPS otherwise


class WebSettings(_Section):
    """The dashboard and the API: where they are served, and by which names they are called."""

    serve: bool = True
    address: IPAddress = IPv6Address("::")  #: of this machine; ``::`` for all of them
    port: int = Field(default=80, ge=1, le=65_535)
    https: Https = Https.OFFERED
    https_port: int = Field(default=443, ge=1, le=65_535)
    names: tuple[HostName, ...] = Field(default=(), max_length=WEB_NAMES)  #: beside those that it has by itself

    @property
    def url(self) -> str | None:
        """Where messages say that the dashboard is: by its first name, plain unless encryption is required."""
        if not self.serve:
            return None
        if self.https is Https.REQUIRED:
            return self.encrypted_url
        return f"http://{self._name}" if self.port == 80 else f"http://{self._name}:{self.port}"

    @property
    def encrypted_url(self) -> str | None:
        """Where it is by HTTPS; None if it is not."""
        if not self.serve or self.https is Https.OFF:
            return None
        return f"https://{self._name}" if self.https_port == 443 else f"https://{self._name}:{self.https_port}"

    @property
    def _name(self) -> str:
        return self.names[0] if self.names else f"{gethostname().partition('.')[0]}.local"

    @model_validator(mode="after")
    def _two_doors(self) -> Self:
        if self.https is not Https.OFF and self.port == self.https_port:
            raise ValueError("port and https_port cannot be the same")
        return self


def _port(text: str) -> str:
    number, _, protocol = text.partition("/")
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 65_536 and protocol in {"tcp", "udp"}):
        raise ValueError(f"is no port like 8123/tcp: {text!r}")
    return text


class FirewallSettings(_Section):
    """Which doors of this machine are open to the home, beside those that Earwitness needs itself."""

    open: tuple[Annotated[str, Field(max_length=9), AfterValidator(_port)], ...] = Field(
        default=(), max_length=OPEN_PORTS
    )


class Paths(_Section):
    """Where things lie."""

    state: Path = Path("/var/lib/earwitness")  #: the ledger, the registry, evidence
    run: Path = Path("/run/earwitness")  #: what is only of this moment
    rules: Path = Path("/etc/earwitness/rules.d")  #: the household's own rules
    install: Path = Path("/var/lib/earwitness-install")  #: what the installer noted: root's, others read it

    @property
    def ledger(self) -> Path:
        """The ledger's file, in a folder in which all services may write: in the others one of them does."""
        return self.state / "ledger" / "ledger.sqlite"

    @property
    def asked(self) -> Path:
        """The folder in which the hub asks root's side for what only root may do; nobody else may write there."""
        return self.run.with_name(f"{self.run.name}-asked")

    @property
    def placed(self) -> Path:
        """The folder in which root's side says how it went when the hub had asked for another placement."""
        return self.run.with_name(f"{self.run.name}-place")

    @property
    def seen(self) -> Path:
        """What was told last of a change of the network that went back, once an owner has seen it."""
        return self.state / "taken-back-seen.json"

    @property
    def bundle(self) -> Path:
        """The release that somebody gave the page."""
        return self.state / "update" / "bundle.tar"

    @property
    def registry(self) -> Path:
        """The registry's file."""
        return self.state / "registry.json"

    @property
    def jobs(self) -> Path:
        """The file with when each job ran last."""
        return self.state / "jobs.json"

    @property
    def household(self) -> Path:
        """The file of what was chosen in the web."""
        return self.state / "household.json"

    @property
    def secrets(self) -> Path:
        """The file of what opens channels, in a folder that only the hub may enter."""
        return self.state / "secrets" / "channels.json"

    @property
    def certificates(self) -> Path:
        """The folder of the home's certificates."""
        return self.state / "certificates"

    @property
    def satellites(self) -> Path:
        """The hub's file of its satellites."""
        return self.state / "satellites.json"

    @property
    def hub(self) -> Path:
        """A satellite's file of its hub."""
        return self.state / "hub.json"

    @property
    def evidence(self) -> Path:
        """The folder of evidence captures."""
        return self.state / "evidence"


class Settings(_Section):
    """All settings; every one has a default that suits a Pi with two wired ports."""

    capture: CaptureSettings = CaptureSettings()
    ears: EarsSettings = EarsSettings()
    ledger: LedgerSettings = LedgerSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    web: WebSettings = WebSettings()
    firewall: FirewallSettings = FirewallSettings()
    paths: Paths = Paths()


def load_settings(path: Path) -> Settings:
    """Read the settings; a file that is not there stands for the defaults.

    Raises SettingsError if the file cannot be read or anything in it is wrong; nothing is guessed.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(SETTINGS_BYTES + 1)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    if len(raw) > SETTINGS_BYTES:
        raise SettingsError(f"{path}: is larger than {SETTINGS_BYTES} bytes; is this the settings file?")
    return parse_settings(str(path), raw)


def parse_settings(name: str, raw: bytes) -> Settings:
    """Return the settings in the bytes of a TOML file called ``name``; SettingsError as for ``load_settings``."""
    try:
        text = raw.decode()
        return Settings.model_validate(tomllib.loads(text))
    except UnicodeDecodeError:
        raise SettingsError(f"{name}: is not UTF-8 text") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{name}: {error}") from None
    except ValidationError as error:
        lines = [
            f"{name}{_line(text, problem['loc'])}: {'.'.join(map(str, problem['loc']))}: {_words(problem['msg'])}"
            for problem in error.errors(include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from None


def _line(text: str, place: tuple[int | str, ...]) -> str:
    """Return ":line" of the key at ``place``, as far as it is in the text."""
    section, found = "", 0
    names = [str(step) for step in place if isinstance(step, str)]
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            section = header[1].strip()
        key = re.match(r"\s*([\w.-]+)\s*=", line)
        here = [part for part in (section, key[1] if key else "") if part]
        if ".".join(here) in {".".join(names), names[0] if names else ""} and (key or not found):
            found = number
            if key and ".".join(here) == ".".join(names):
                break
    return f":{found}" if found else ""


def _words(message: str) -> str:
    """Return pydantic's message as our errors are written: no capital, no prefix."""
    message = message.removeprefix("Value error, ").replace("Extra inputs are not permitted", "is no setting")
    return message[:1].lower() + message[1:]
