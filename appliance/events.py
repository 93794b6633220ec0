# SPDX-License-Identifier: GPL-2.0-or-later
"""The facts that the stages hand on, and the verdicts that end them.

A fact says what was seen, when, and nothing else; only ``judge`` has opinions. Times are seconds since the epoch, as
the capture or the ear gave them, never the time of the machine that computes; live, they are steady time, which no step
of the clock moves (``Correction`` leads to wall-clock time). ``device`` is a MAC address in lower case
with colons, or, where the link layer has none (raw IP captures), the device's IP address.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a remote name is for."""

    VOICE = "voice"
    CALL = "call"
    TELEMETRY = "telemetry"
    UPDATE = "update"
    MEDIA = "media"
    TIME = "time"
    ACCOUNT = "account"
    CONNECTIVITY = "connectivity"
    UNKNOWN = "unknown"


class Proof(StrEnum):
    """How a flow's name is known, best first."""

    SNI = "sni"  #: the flow itself said it: TLS or QUIC server name, HTTP Host
    DNS = "dns"  #: a DNS answer to this very device
    LEARNT = "learnt"  #: the flow behaved like a voice flow: keep-alive beat or earlier uploads
    OWNER = "owner"  #: only the address's owner is known
    NONE = "none"  #: shape alone


class FlowKey(NamedTuple):
    """One transport connection, seen from the device."""

    device: str
    proto: str  #: "tcp" or "udp"
    device_port: int
    remote: str
    remote_port: int


class PieceKind(StrEnum):
    """What a piece of a flow is, and so how far its length can be trusted."""

    RECORD = "record"  #: a TLS application-data record; length is its header's length field
    PAYLOAD = "payload"  #: a TCP segment whose bytes were cut or are not TLS; length stands in for a record's
    DATAGRAM = "datagram"  #: a UDP payload


class Piece(NamedTuple):
    """One upstream unit of application data of a flow that leaves the house: what uploads are made of.

    Retransmissions never appear twice and bare ACKs never appear. ``length`` is in bytes, comparable between RECORD and
    PAYLOAD (a cut segment's payload less the five bytes of the TLS record header).
    """

    time: float
    flow: FlowKey
    length: int
    kind: PieceKind


class Down(NamedTuple):
    """Downstream payload bytes of one watched flow in one finished 100-ms bin; ``time`` is the bin's end."""

    time: float
    flow: FlowKey
    payload: int


class Named(NamedTuple):
    """A flow got a name, or a better-proven one; comes before the flow's first Piece if the name is known by then."""

    time: float
    flow: FlowKey
    host: str
    by: Proof


class Opened(NamedTuple):
    """A flow's first SYN, ClientHello or QUIC Initial was seen: it began now, not before the capture did."""

    time: float
    flow: FlowKey


class Closed(NamedTuple):
    """A flow ended (FIN, RST) or was evicted from a full table; nothing more will come of it."""

    time: float
    flow: FlowKey


class Lost(NamedTuple):
    """Upstream bytes of a flow that the capture missed: a hole in its TCP sequence that was never filled."""

    time: float
    flow: FlowKey
    missing: int


class Asked(NamedTuple):
    """A device asked DNS for a host; reported once an hour for each host."""

    time: float
    device: str
    host: str


class Greeting(NamedTuple):
    """A flow's first bytes said how it is protected; ``host`` as they name it, if they do."""

    time: float
    flow: FlowKey
    protocol: str  #: the newest version that a hello offers, "TLS 1.3"; "QUIC"; or "HTTP", not at all
    host: str | None


class Glimpse(NamedTuple):
    """One whole frame in which a device shows what it is; dissected off the fast path by ``speakers``."""

    time: float
    device: str
    link: int  #: link type of the frame (pcap LINKTYPE number)
    frame: bytes


FlowFact = Piece | Down | Named | Opened | Closed | Lost | Asked | Greeting | Glimpse


class SightingKind(StrEnum):
    """Where a sighting comes from."""

    OUI = "oui"
    DHCP_HOSTNAME = "dhcp_hostname"  #: option 12
    DHCP_PARAMETERS = "dhcp_parameters"  #: option 55, "1,33,3,6"
    DHCP_VENDOR = "dhcp_vendor"  #: option 60
    DHCP_OPTION = "dhcp_option"  #: another option's number, such as 145
    MDNS_SERVICE = "mdns_service"  #: a service the device offers, "_googlecast._tcp"
    MDNS_QUESTION = "mdns_question"  #: a service the device asks for
    MDNS_TXT = "mdns_txt"  #: "key=value" of a TXT record it offers
    MDNS_KEY = "mdns_key"  #: the key of a TXT record that holds anything else
    MDNS_HOST = "mdns_host"
    SSDP = "ssdp"  #: "HEADER: value" of SSDP
    USER_AGENT = "user_agent"
    HOST = "host"  #: a remote name the device asked for (DNS) or spoke to (SNI)
    BEHAVIOUR = "behaviour"  #: id of the signature or keep-alive rule that a flow of it kept to


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing a device showed of itself. ``value`` is attacker text, capped and cleaned of control characters."""

    time: float
    device: str
    kind: SightingKind
    value: str


@dataclass(frozen=True, slots=True)
class Device:
    """What is known of one device of the house, by all its sightings so far."""

    time: float
    device: str
    speaker: str | None  #: id of the speaker rule that matched best, None for other devices
    vendor: str | None  #: "amazon", "google", ...
    model: str | None
    name: str | None  #: what the device calls itself
    confidence: float  #: 0..1 that it is that speaker
    by: tuple[str, ...]  #: the evidence in words, strongest first


@dataclass(frozen=True, slots=True)
class Upload:
    """A stretch of a flow that carries voice.

    Announced once with ``ended_at`` None as soon as it is known, and once more, with the same ``flow`` and
    ``started_at``, when it has ended. ``time`` is when this fact itself became known.
    """

    time: float
    flow: FlowKey
    speaker: str | None
    host: str | None
    host_by: Proof
    role: Role  #: VOICE or CALL
    started_at: float
    known_at: float
    ended_at: float | None
    bytes_up: int
    bytes_down: int
    detectors: tuple[str, ...]
    signature: str | None
    confidence: float

    @property
    def key(self) -> tuple[FlowKey, float]:
        """What makes it the same upload, announced and completed."""
        return (self.flow, self.started_at)


@dataclass(frozen=True, slots=True)
class Reply:
    """Downstream answer to an upload: from when to when the cloud talked back on the device's flows."""

    time: float
    device: str
    started_at: float
    ended_at: float
    bytes_down: int


@dataclass(frozen=True, slots=True)
class Wake:
    """An ear heard a wake word. ``time``: the end of the word; ``score`` 0..1; ``near_miss``: under the threshold."""

    time: float
    ear: str
    word: str
    score: float
    near_miss: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """An ear heard people talk from ``time`` to ``ended_at``; ``level`` in dBFS; ``kind``: speech or other."""

    time: float
    ended_at: float
    ear: str
    level: float | None = None
    kind: str = "speech"


@dataclass(frozen=True, slots=True)
class Coverage:
    """A source (an ear's name, or "capture") was watching from ``time`` to ``ended_at``, but for ``lost`` units."""

    time: float
    ended_at: float
    source: str
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """The capture missed something between ``time`` and ``ended_at``; ``device`` None: it may concern any device."""

    time: float
    ended_at: float
    device: str | None
    what: str
    missing: int  #: bytes or frames, as ``what`` says


@dataclass(frozen=True, slots=True)
class Ear:
    """The household says which room a microphone is in; an ear without a room hears the whole home."""

    ear: str
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The household says where a speaker stands, what it is called, and to which names it listens."""

    device: str
    room: str | None = None
    name: str | None = None
    wake_words: tuple[str, ...] = ()


#: The name under which the packet capture reports its coverage; every other source is an ear.
CAPTURE = "capture"

#: What the names of ears begin with that tell the wake words they heard, and nothing else: what they missed, whether
#: they were switched off, and whether it was quiet, nobody knows.
NAMES_ONLY = "wyoming:"


class Service(StrEnum):
    """A process of the appliance; each writes facts of its own."""

    CAPTURE = "capture"
    EARS = "ears"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one device sent to and got from all hosts of one role in the minute that begins at ``time``."""

    time: float
    device: str
    role: Role
    bytes_up: int
    bytes_down: int
    packets: int


@dataclass(frozen=True, slots=True)
class Name:
    """A DNS answer gave ``address`` to this device for ``host``: remembered, since voice flows outlive their answer."""

    time: float
    device: str
    address: str
    host: str


class ExposureKind(StrEnum):
    """What others can read of a device's traffic."""

    TLS = "tls"  #: how it protects what it sends: the newest version that a hello of it offered
    PLAIN = "plain"  #: a host to which it sent a request in plain text
    DNS = "dns"  #: it asks for names in plain text; the value is empty
    IDENTIFIER = "identifier"  #: id of the rule (``leaks``) for what it told everybody of itself


@dataclass(frozen=True, slots=True)
class Exposure:
    """One thing that a device let others read; told at its first sight, and once a day while it goes on."""

    time: float
    device: str
    kind: ExposureKind
    value: str


@dataclass(frozen=True, slots=True)
class Correction:
    """From ``time`` on, wall-clock time is steady time plus ``offset`` s; ``synchronised``: a time server says so."""

    time: float
    offset: float
    synchronised: bool


Sound = Wake | Speech
JudgeFact = Device | Upload | Reply | Wake | Speech | Coverage | Loss | Ear | Placement


class Tell(StrEnum):
    """How loudly a verdict is told."""

    NOBODY = "nobody"
    NOTICE = "notice"
    ALERT = "alert"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason of a verdict: a stable key for programs, the figure, and a sentence for people."""

    key: str
    value: str | float | int | bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's word on one upload (or, for ``silent_speaker``, on one wake word without one)."""

    time: float  #: when the judge could say so
    verdict: str
    tell: Tell
    confidence: float
    device: str | None
    upload: Upload | None
    wake: Wake | None
    evidence: tuple[Evidence, ...]
    rules: str  #: version of the rules it was judged by
    final: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the appliance's own health that limits what it can witness: a loss of sight, a full disk.

    Told once with ``ended_at`` None when it begins and, if it ends, once more with the same ``source``, ``kind``,
    ``device`` and ``time``. ``text`` is a sentence for people; ``figures`` are what it rests on.
    """

    time: float
    ended_at: float | None
    source: Service  #: who found it
    kind: str  #: a stable word for programs: "frames-lost", "clock-stepped"
    device: str | None  #: the device or ear that it concerns, None for the whole appliance
    text: str
    figures: tuple[Evidence, ...] = ()
