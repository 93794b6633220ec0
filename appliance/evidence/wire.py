# SPDX-License-Identifier: GPL-2.0-or-later
"""What went over the wire, packet by packet, as tshark dissects an evidence capture: a program of its own.

``python -m appliance.evidence.wire FILE`` prints a line of JSON for each packet. It runs with its own limits on time
and memory, since a dissector of hostile packets is the last thing that a server should have in it; pyshark works in a
main thread only, moreover.
"""

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyshark
from pyshark.packet.packet import Packet

from appliance.limits import NAME_LENGTH, WIRE_BYTES, WIRE_PACKETS, WIRE_S

#: TLS record types (RFC 8446 section 5.1).
_RECORDS = {"20": "change of cipher", "21": "alert", "22": "handshake", "23": "data"}
#: Layers that say nothing of their own.
_DULL = {"FRAME", "ETH", "_WS.SHORT", "_WS.MALFORMED", "DATA"}


def lines(path: Path) -> Iterator[dict[str, object]]:
    """Yield what is to be said of each packet: time, who to whom, protocol, bytes on the wire, and what is in it."""
    with pyshark.FileCapture(str(path), keep_packets=False) as capture:
        for count, packet in enumerate(capture, 1):
            yield _line(packet)
            if count >= WIRE_PACKETS:
                return


def _line(packet: Packet) -> dict[str, object]:
    layers = [layer.layer_name.upper() for layer in packet.layers]
    network = next((packet[name] for name in ("IP", "IPV6") if name in layers), None)
    transport = next((packet[name] for name in ("TCP", "UDP") if name in layers), None)
    return {
        "time": float(packet.sniff_timestamp),
        "mac": _said(packet.eth.src) if "ETH" in layers else "",
        "from": _end(network, transport, "src"),
        "to": _end(network, transport, "dst"),
        "protocol": next((name for name in reversed(layers) if name not in _DULL), "?"),
        "bytes": int(packet.length),
        "what": _tls(packet) if "TLS" in layers else "",
    }


def _end(network: object, transport: object, which: str) -> str:
    address = _said(getattr(network, which, ""))
    port = _said(getattr(transport, f"{which}port", ""))
    return f"{address} {port}".strip()


def _tls(packet: Packet) -> str:
    """Return the TLS records of a packet in words, and the name that a hello asks for."""
    said = []
    for layer in packet.get_multiple_layers("tls"):
        kinds = [field.get_default_value() for field in _fields(layer, "record_content_type")]
        sizes = [field.get_default_value() for field in _fields(layer, "record_length")]
        said += [f"{_RECORDS.get(kind, 'record')} {_said(size)} B" for kind, size in zip(kinds, sizes, strict=False)]
        names = _fields(layer, "handshake_extensions_server_name")
        said += [f"asks for {_said(name.get_default_value())}" for name in names]
    return ", ".join(said)


def _fields(layer: Any, name: str) -> list[Any]:  # noqa: ANN401 - pyshark has no types
    field = getattr(layer, name, None)
    return list(field.all_fields) if field is not None else []


def _said(value: object) -> str:
    """Return what a packet says, with nothing in it that could do harm."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in str(value)[:NAME_LENGTH])


def main() -> None:
    """Print a line for each packet of the capture that is named."""
    resource.setrlimit(resource.RLIMIT_AS, (WIRE_BYTES, WIRE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (int(WIRE_S), int(WIRE_S)))
    with suppress(OSError):  # where memory is short, this goes, and not who asked for it
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")
    for line in lines(Path(sys.argv[1])):
        print(json.dumps(line), flush=True)  # noqa: T201 - its output is what it is for


if __name__ == "__main__":
    main()
