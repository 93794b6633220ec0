# SPDX-License-Identifier: GPL-2.0-or-later
"""A Wi-Fi of our own, joined to the wired network (hostapd.conf(5))."""

from pathlib import Path

from appliance.placing.beside import unit
from appliance.placing.plan import File, Part, PlacingError
from appliance.placing.seen import Seen
from appliance.placing.wish import AccessPoint

_CONF = Path("/etc/earwitness/access-point.conf")
_LINES = """\
# Written by earwitness place; taken away by earwitness place --undo.
interface={radio}
bridge={bridge}
driver=nl80211
ssid={ssid}
utf8_ssid=1
country_code={country}
ieee80211d=1
hw_mode=g
channel={channel}
ieee80211n=1
wmm_enabled=1
auth_algs=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase={passphrase}
"""
_UNIT = """\
[Unit]
Description=Earwitness: the Wi-Fi whose speakers it watches
After=network.target
# A change that is taken back at the next start takes this file away after systemd has read it.
ConditionPathExists=/etc/earwitness/access-point.conf
StartLimitIntervalSec=0

[Service]
# hostapd would make a bridge of its own if ours is not there yet.
ExecStartPre=/usr/bin/test -d /sys/class/net/{bridge}/bridge
ExecStartPre=-/usr/sbin/rfkill unblock wlan
ExecStart=/usr/sbin/hostapd {conf}
Restart=always
RestartSec=5
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
LockPersonality=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
"""


def wifi(seen: Seen, wanted: AccessPoint, radio: str, bridge: str) -> Part:
    """Return the access point: its settings, which nobody but root may read, and its service."""
    if "hostapd" not in seen.programs:
        raise PlacingError("the program hostapd is missing: apt-get install hostapd, and try again")
    conf = _LINES.format(radio=radio, bridge=bridge, **wanted.model_dump())
    serving = unit("earwitness-access-point.service", _UNIT.format(bridge=bridge, conf=_CONF))
    return serving.model_copy(update={"files": (File(path=_CONF, text=conf, mode=0o600), *serving.files)})
