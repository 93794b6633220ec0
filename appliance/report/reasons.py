# SPDX-License-Identifier: GPL-2.0-or-later
"""Why a device is taken for a speaker, as ``speakers`` wrote it down in English, in the language that is spoken."""

import re

from appliance.events import SightingKind
from appliance.language import later, translate
from appliance.speakers.match import WORDS

_SENTENCES = {
    SightingKind.OUI: later("network chip by {value}"),
    SightingKind.DHCP_HOSTNAME: later("DHCP host name {value}"),
    SightingKind.DHCP_PARAMETERS: later("DHCP parameter list {value}"),
    SightingKind.DHCP_VENDOR: later("DHCP vendor class {value}"),
    SightingKind.DHCP_OPTION: later("DHCP option {value}"),
    SightingKind.MDNS_SERVICE: later("offers by mDNS {value}"),
    SightingKind.MDNS_QUESTION: later("asks by mDNS for {value}"),
    SightingKind.MDNS_TXT: later("says by mDNS {value}"),
    SightingKind.MDNS_KEY: later("has by mDNS a value {value}"),
    SightingKind.MDNS_HOST: later("mDNS name {value}"),
    SightingKind.SSDP: later("SSDP {value}"),
    SightingKind.USER_AGENT: later("HTTP user agent {value}"),
    SightingKind.HOST: later("talks to {value}"),
    SightingKind.BEHAVIOUR: later("keeps the beat of {value}"),
}
_KINDS = {words: kind for kind, words in WORDS.items()}
_BEGIN = "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True))
_PARTS = re.compile(rf" and (?=(?:{_BEGIN}) )")
_PART = re.compile(rf"({_BEGIN}) (.*)", re.DOTALL)


def reason_in_words(reason: str) -> str:
    """Return one reason; what is written otherwise stays as it is."""
    parts = [_part(each) for each in _PARTS.split(reason)]
    told = parts[0]
    for part in parts[1:]:
        told = translate("{one} and {other}", one=told, other=part)
    return told


def _part(text: str) -> str:
    match = _PART.fullmatch(text)
    return translate(_SENTENCES[_KINDS[match[1]]], value=match[2]) if match else text
