# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts stand-ins in place of a household's names and addresses: the same one for the same thing, in all of a bundle.

Stand-ins are counted as they come (``mac-1``, ``name-2``), so that nothing can be worked out from them. Addresses are
found by their shape, wherever they are; names are those that the house knows, and whatever its network calls local.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address

#: How hosts at home are called by their ends (RFC 6762, RFC 8375, and what routers use).
_LOCAL = r"local|lan|home|home\.arpa|internal|intranet|private|localdomain|fritz\.box"
_SHAPES = (
    ("mail", r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"),
    ("mac", r"(?<![0-9A-Za-z])[0-9A-Fa-f]{2}(?P<dash>[:-])(?:[0-9A-Fa-f]{2}(?P=dash)){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])"),
    ("mac", r"(?<![0-9A-Za-z])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Fa-f])"),
    ("mac", r"(?<![0-9A-Za-z])[0-9A-Fa-f]{12}(?![0-9A-Za-z])"),
    ("address", r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*)(?:%[\w.-]+)?"),
    ("address", r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d)"),
    ("host", rf"(?<![\w-])(?:[\w-]{{1,63}}\.){{0,8}}[\w-]{{1,63}}\.(?:{_LOCAL})(?![\w-])"),
)
_MANY_COLONS = 4  # more than a time of day has: what is no address in spite of them was meant to be one


class Pseudonyms:
    """The stand-ins of one bundle."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take all names that the house knows: of devices, rooms, ears, people, channels and of the machine."""
        self._stand_ins: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        known = sorted({name.strip() for name in names if name.strip()}, key=lambda name: (-len(name), name))
        words = "|".join(re.escape(name) for name in known)
        self._named = re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])" if words else r"(?!)", re.IGNORECASE)
        shapes = (f"(?P<shape{number}>{shape})" for number, (_, shape) in enumerate(_SHAPES))
        self._shaped = re.compile("|".join((*shapes, self._named.pattern)), re.IGNORECASE)

    def replaced(self, text: str) -> str:
        """Return the text with stand-ins."""
        return self._shaped.sub(self._for_shape, text)

    def replaced_in(self, value: object) -> object:
        """Return what JSON can hold with stand-ins in all its texts, and in its keys."""
        match value:
            case str():
                return self.replaced(value)
            case dict():
                return {self.replaced(str(key)): self.replaced_in(each) for key, each in value.items()}
            case list() | tuple():
                return [self.replaced_in(each) for each in value]
            case _:
                return value

    def _for_shape(self, found: re.Match[str]) -> str:
        text = found[0]
        if found.lastgroup is None:
            return self._for_name(found)
        kind = _SHAPES[int(found.lastgroup.removeprefix("shape"))][0]
        if kind == "address" and not _is_address(text):
            return self._named.sub(self._for_name, text)
        return self._stand_in(kind, re.sub(r"[:.-]", "", text) if kind == "mac" else text)

    def _for_name(self, found: re.Match[str]) -> str:
        return self._stand_in("name", found[0])

    def _stand_in(self, kind: str, text: str) -> str:
        key = kind, text.casefold()
        if key not in self._stand_ins:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._stand_ins[key] = f"{kind}-{self._counts[kind]}"
        return self._stand_ins[key]


def _is_address(text: str) -> bool:
    """Whether it is one that says something of the home: not a time of day, not this very machine or any."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text.count(":") >= _MANY_COLONS or (text.endswith(":") and _is_address(text[:-1]))
    return not (address.is_loopback or address.is_unspecified)
