# SPDX-License-Identifier: GPL-2.0-or-later
"""The edge: reads what placing needs to know of this machine, and changes nothing."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from appliance.health.doctor.links import Link, read_links
from appliance.placing import ifupdown, networkmanager
from appliance.placing.beside import client_unit
from appliance.placing.plan import PlacingError
from appliance.placing.seen import Backend, Port, Seen
from appliance.placing.system import as_json, families, said
from appliance.settings import SETTINGS

_NETS = Path("/sys/class/net")
_FILTERS = Path("/proc/sys/net/bridge")
_PROGRAMS = ("ethtool", "hostapd")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MERGING = {"generic-receive-offload": "gro", "large-receive-offload": "lro"}
_DHCPCD = (
    "dhcpcd looks after this machine's network. It takes addresses on whatever it sees, ports of a bridge too, and "
    "nothing could be put back reliably. Change to NetworkManager (raspi-config: Advanced, Network Config) first"
)
_NOBODY = (
    "it cannot be told who looks after {port}: neither NetworkManager nor systemd-networkd nor /etc/network/interfaces"
)


def look(wanted: Sequence[str] | None = None) -> Seen:
    """Read the machine; ``wanted`` are the ports that somebody said. Raises PlacingError if settings cannot be read."""
    ports = _ports()
    way_in = _ways_in()
    bridges = tuple(link.name for link in read_links() if link.bridge)
    seen = Seen(ports=ports, bridges=bridges, way_in=way_in, filters=_filters(), settings=_settings())
    clients = tuple(port.name for port in ports if port.wireless and _active(client_unit(port.name)))
    seen = seen.model_copy(update={"programs": _programs(), "clients": clients})
    wired = [port for port in ports if not port.wireless and port.name in (wanted or [port.name])]
    wired = [port for port in wired if wanted or port.hardware]
    return _with_backend(seen, seen.uplink(wired).name) if wired else seen


def _with_backend(seen: Seen, uplink: str) -> Seen:
    """Return what was seen with who looks after the uplink, and how it gets its addresses."""
    if _active("dhcpcd.service") or _active("dhcpcd5.service"):
        return seen.model_copy(update={"unknown": _DHCPCD})
    others = [port.name for port in seen.ports if port.name != uplink and (port.hardware or port.name in seen.way_in)]
    for port in (uplink, *others):  # a port that nobody set up yet goes to whoever looks after the others
        if (found := _looked_after(port)) is not None:
            own = port == uplink or found["backend"] is Backend.IFUPDOWN  # whose files are the whole machine's
            return seen.model_copy(update=found if own else {"backend": found["backend"]})
    return seen.model_copy(update={"unknown": _NOBODY.format(port=uplink)})


def _looked_after(port: str) -> dict[str, object] | None:
    """Return who looks after a port, and how it gets its addresses; None if nobody does."""
    if found := _by_networkmanager(port):
        return {"backend": Backend.NETWORKMANAGER, **found}
    if (files := _by_networkd(port)) is not None:
        return {"backend": Backend.NETWORKD, "addressing": files}
    texts = _interfaces()
    if any(line.split()[:2] == ["iface", port] for text in texts.values() for line in text.splitlines()):
        return {"backend": Backend.IFUPDOWN, "addressing": texts}
    return None


def _by_networkmanager(uplink: str) -> dict[str, object] | None:
    """Return the connection that is in force, and how it gets its addresses; None if NetworkManager leaves it alone."""
    if not _active(Backend.NETWORKMANAGER.unit):
        return None
    told = said(("nmcli", "-t", "-f", "GENERAL.STATE,GENERAL.CON-UUID", "device", "show", uplink))[1]
    values = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    if values.get("GENERAL.STATE", "").split()[:1] in ([], ["10"]):  # 10: unmanaged
        return None
    uuid = values.get("GENERAL.CON-UUID", "")
    files = said(("nmcli", "-t", "-e", "no", "-f", "UUID,FILENAME", "connection", "show"))[1]
    by_uuid = dict(line.split(":", 1) for line in files.splitlines() if ":" in line)
    text = _text(Path(by_uuid[uuid])) if by_uuid.get(uuid) else ""
    found = {name: lines for name in ("ipv4", "ipv6") if (lines := networkmanager.section(text, name))}
    return {"connection": uuid, "addressing": found}


def _by_networkd(uplink: str) -> dict[str, str] | None:
    """Return the .network file in force, its additions with it; None if networkd leaves the interface alone."""
    if not _active(Backend.NETWORKD.unit):
        return None
    state = _text(Path("/run/systemd/netif/links") / _text(_NETS / uplink / "ifindex").strip())
    values = dict(line.split("=", 1) for line in state.splitlines() if "=" in line)
    if values.get("ADMIN_STATE", "unmanaged") == "unmanaged" or not values.get("NETWORK_FILE"):
        return None
    path = Path(values["NETWORK_FILE"])
    folders = (Path(folder, "systemd/network") for folder in ("/usr/lib", "/run", "/etc"))
    more = {each.name: each for folder in folders for each in (folder / f"{path.name}.d").glob("*.conf")}
    return {path.name: "\n".join(_text(each) for each in (path, *(more[name] for name in sorted(more))))}


def _interfaces() -> dict[str, str]:
    """Return the files of interfaces(5), the main one and those that it names."""
    texts = {str(ifupdown.MAIN): _text(ifupdown.MAIN)}
    for line in texts[str(ifupdown.MAIN)].splitlines():
        words = line.split()
        if words[:1] in (["source"], ["source-directory"]) and len(words) > 1:
            pattern = words[1] if words[0] == "source" else f"{words[1]}/*"
            texts |= {str(path): _text(path) for path in _matching(pattern)}
    return texts


def _matching(pattern: str) -> Iterable[Path]:
    place = Path("/etc/network") / pattern
    return sorted(path for path in place.parent.glob(place.name) if path.is_file())


def _ports() -> tuple[Port, ...]:
    reachable = families()
    return tuple(_port(link, reachable.get(link.name, set())) for link in read_links() if not link.bridge)


def _port(link: Link, has: set[str]) -> Port:
    features = (line.strip().partition(": ") for line in said(("ethtool", "-k", link.name))[1].splitlines())
    return Port(
        name=link.name,
        mac=":".join(f"{byte:02x}" for byte in link.mac.to_bytes(6, "big")),
        mtu=link.mtu,
        hardware=(_NETS / link.name / "device").exists(),
        wireless=link.wireless,
        carrier=link.carrier,
        master=link.master,
        families=tuple(sorted(has)),
        merges=tuple(_MERGING[name] for name, _, value in features if name in _MERGING and value == "on"),
    )


def _ways_in() -> tuple[str, ...]:
    routes = [
        *as_json("ip", "-json", "route", "show", "default"),
        *as_json("ip", "-json", "-6", "route", "show", "default"),
    ]
    return tuple(dict.fromkeys(str(route["dev"]) for route in routes if "dev" in route))


def _filters() -> dict[str, int]:
    found = {f"net.bridge.{path.name}": _text(path).strip() for path in _FILTERS.glob("bridge-nf-call-*")}
    return {name: int(value) for name, value in found.items() if value.isdigit()}


def _programs() -> tuple[str, ...]:
    return tuple(name for name in _PROGRAMS if shutil.which(name, path=_PATH))


def _active(unit: str) -> bool:
    return not said(("systemctl", "is-active", "--quiet", unit))[0]


def _settings() -> str:
    try:
        return SETTINGS.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise PlacingError(f"{SETTINGS}: {error}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
