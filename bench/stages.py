# SPDX-License-Identifier: GPL-2.0-or-later
"""The first stages of the analysis alone, to be measured: python -m bench.stages FILE read|parse|flows."""

import sys
from collections.abc import Callable
from pathlib import Path

from appliance.capture import Fragments, Packets, open_capture, parse


def further(name: str) -> Callable[[Packets], object]:
    """Return what is done with each chunk of packets."""
    fragments = Fragments()
    if name == "read":
        return lambda packets: packets
    if name == "parse":
        return lambda packets: parse(packets, fragments)
    from appliance.flows import Flows  # noqa: PLC0415 - its start-up is not the other stages'

    flows = Flows()
    return lambda packets: flows.feed(parse(packets, fragments))


def main() -> None:
    """Read the file through the stages."""
    do = further(sys.argv[2])
    with open_capture(Path(sys.argv[1])) as capture:
        for packets in capture:
            do(packets)


if __name__ == "__main__":
    main()
