# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the names lie: one steady address per name, out of its owner's published blocks."""

from functools import lru_cache
from hashlib import sha256
from ipaddress import ip_network

#: owner -> blocks (IPv4, IPv6) that the owner announces (facts section 5; the owners' address lists)
BLOCKS = {
    "amazon": ("52.94.232.0/22", "2600:1f18::/40"),
    "cloudfront": ("13.224.0.0/18", "2600:9000:2000::/40"),
    "google": ("142.250.64.0/18", "2a00:1450:4001::/52"),
    "apple": ("17.57.144.0/22", "2620:149:a00::/44"),
    "akamai": ("23.192.0.0/18", "2a02:26f0:1200::/44"),
    "other": ("164.90.128.0/18", "2604:a880::/36"),
}
#: ending of a name -> owner; "other" for the rest
OWNERS = {
    "cloudfront.net": "cloudfront",
    "edgesuite.net": "akamai",
    "amazon.com": "amazon",
    "a2z.com": "amazon",
    "amazonalexa.com": "amazon",
    "amazonaws.com": "amazon",
    "amcs-tachyon.com": "amazon",
    "googleapis.com": "google",
    "google.com": "google",
    "gstatic.com": "google",
    "googlevideo.com": "google",
    "apple.com": "apple",
    "icloud.com": "apple",
    "aaplimg.com": "apple",
}
#: ending of a name -> what a CDN or a load balancer puts before the address
ALIASES = {
    "guzzoni.apple.com": ("guzzoni-apple-com.v.aaplimg.com",),
    "gateway.icloud.com": ("gateway.fe.apple-dns.net", "gateway-icloud-com.v.aaplimg.com"),
    "avs-alexa-14-na.amazon.com": ("bob-dispatch-prod-na.amazon.com",),
    "device-metrics-us-2.amazon.com": ("device-metrics-us-2.us-east-1.amazon.com",),
}
NAMES_KEPT = 4096  #: names whose address is kept ready; a household asks for fewer


@lru_cache(NAMES_KEPT)
def address(host: str, *, v6: bool = False) -> bytes:
    """Return the packed address of ``host``, the same whenever asked."""
    ending = next((end for end in OWNERS if host == end or host.endswith("." + end)), "")
    block = ip_network(BLOCKS[OWNERS.get(ending, "other")][v6])
    place = int.from_bytes(sha256(host.encode()).digest()[:16], "big") % (block.num_addresses - 2)
    return block[1 + place].packed
