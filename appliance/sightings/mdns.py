# SPDX-License-Identifier: GPL-2.0-or-later
"""What a device offers and asks for by multicast DNS (RFC 6762, RFC 6763), but not what it says for others.

Sleep proxies answer for Macs that sleep, and routers reflect what the next network said. So a record counts only if the
host behind it has the sender's own address, or if nothing in the message says otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from scapy.layers.dns import DNS
from scapy.packet import Packet

from appliance.events import SightingKind

_A, _PTR, _TXT, _AAAA, _SRV = 1, 12, 16, 28, 33
#: Keys of TXT records that name what a device is; the others hold identifiers, keys and states.
_KEYS = frozenset({b"md", b"am", b"model", b"fn", b"rpmd", b"ty", b"manufacturer"})
_SERVICE_TYPES = "_dns-sd._udp"


@dataclass(slots=True)
class Announcement:
    """One mDNS message: what it says of the sender, and whether it says something of others."""

    sightings: list[tuple[SightingKind, bytes | str]] = field(default_factory=list)
    for_others: bool = False


def mdns_announcement(packet: Packet, sender: str, *, proof: bool) -> Announcement:
    """Return what the mDNS message in ``packet``, sent from the address ``sender``, shows.

    With ``proof`` records count only if the message itself says that their host has the sender's address.
    """
    message = packet[DNS]
    if not message.qr:
        return Announcement([(SightingKind.MDNS_QUESTION, service) for service in _questions(message)])
    records = [record for record in (*message.an, *message.ar) if hasattr(record, "rrname")]
    owners = _Owners(records, sender)
    announcement = Announcement(for_others=owners.others)
    keys: list[tuple[SightingKind, bytes | str]] = []
    for record in records:
        if owners.own(record, proof=proof):
            announcement.sightings += _record(record)
            keys += _other_keys(record)
    announcement.sightings += keys  # last: where there are too many, these are spared
    return announcement


class _Owners:
    """Whose the records of one message are, by the addresses in it."""

    def __init__(self, records: list[Packet], sender: str) -> None:
        self._hosts = {record.rrname: record.target for record in records if record.type == _SRV}
        addresses: dict[bytes, set[str]] = {}
        for record in records:
            if record.type in (_A, _AAAA) and isinstance(record.rdata, str):
                addresses.setdefault(record.rrname, set()).add(record.rdata)
        self._verdicts = {host: _has(own, sender) for host, own in addresses.items()}
        self.others = False in self._verdicts.values()

    def own(self, record: Packet, *, proof: bool) -> bool:
        """Say whether ``record`` is the sender's own; without ``proof`` also if the message does not say."""
        name = record.rdata if record.type == _PTR else record.rrname
        verdict = self._verdicts.get(self._hosts.get(name, name))
        return verdict is True or (verdict is None and not proof)


def _has(addresses: set[str], sender: str) -> bool | None:
    """Say whether ``sender`` is one of ``addresses``; None if they have none of its kind (IPv4, link-local, IPv6)."""
    kind = _kind(sender)
    alike = {each for each in addresses if _kind(each) == kind}
    return sender in alike if alike else None


def _kind(address: str) -> tuple[int, bool]:
    parsed = ip_address(address)
    return parsed.version, isinstance(parsed, IPv6Address) and parsed.is_link_local


def _questions(message: Packet) -> Iterator[str]:
    for question in message.qd:
        service = _service(question.qname)
        if service is not None and service != _SERVICE_TYPES:
            yield service


def _record(record: Packet) -> Iterator[tuple[SightingKind, bytes | str]]:
    service = _service(record.rrname)
    if service == _SERVICE_TYPES:
        service = _service(record.rdata) if record.type == _PTR else None
    if service is not None and record.type in (_PTR, _SRV, _TXT):
        yield SightingKind.MDNS_SERVICE, service
    if record.type == _TXT:
        for text in record.rdata:
            if text.partition(b"=")[0].lower() in _KEYS:
                yield SightingKind.MDNS_TXT, text
    if record.type in (_A, _AAAA):
        yield SightingKind.MDNS_HOST, record.rrname.removesuffix(b".").removesuffix(b".local")
    if record.type == _SRV and b"@" not in record.rrname:
        yield SightingKind.MDNS_HOST, record.rrname.partition(b"._")[0]


def _other_keys(record: Packet) -> Iterator[tuple[SightingKind, bytes | str]]:
    """Yield what the other values of a TXT record are called; the values are nobody's business."""
    for text in record.rdata if record.type == _TXT else ():
        key, equals, _ = text.partition(b"=")
        if equals and key.lower() not in _KEYS:
            yield SightingKind.MDNS_KEY, key


def _service(name: bytes) -> str | None:
    """Return the service type in a name, "_googlecast._tcp" of "Kitchen._googlecast._tcp.local."."""
    labels = name.decode(errors="replace").lower().rstrip(".").split(".")
    for place in range(len(labels) - 1, 0, -1):
        if labels[place] in ("_tcp", "_udp") and labels[place - 1].startswith("_"):
            return f"{labels[place - 1]}.{labels[place]}"
    return None
