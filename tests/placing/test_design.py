# SPDX-License-Identifier: GPL-2.0-or-later
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.placing.beside import EARWITNESS
from appliance.placing.design import design
from appliance.placing.plan import PlacingError, Plan, described
from appliance.placing.seen import Backend, Port, Seen
from appliance.placing.system import revert_files
from appliance.placing.wish import AccessPoint, Wanted, Wish
from appliance.settings import SETTINGS, Placement, parse_settings
from tests.placing.conftest import pi

WIFI = AccessPoint(ssid="Küche", passphrase="eight or more", country="DE")  # noqa: S106 - nobody's
BRIDGE = Wish(placement=Wanted.BRIDGE)
ACCESS_POINT = Wish(placement=Wanted.ACCESS_POINT, wifi=WIFI)
MIRROR = Wish(placement=Wanted.MIRROR)


def text(plan: Plan, end: str) -> str:
    return next(file.text or "" for file in plan.files if str(file.path).endswith(end))


def everything(plan: Plan) -> str:
    return "\n".join([*(file.text or "" for file in plan.files), *map(str, (*plan.first, *plan.enter))])


def test_a_bridge_takes_over_the_uplinks_address_and_mac(seen: Seen) -> None:
    """Whoever looks after the network: what it said of eth0 it says of br0, whose MAC is eth0's."""
    plan = design(seen, BRIDGE)
    assert (plan.placement, plan.ports, plan.bridge) == (Placement.BRIDGE, ("eth0", "eth1"), "br0")
    assert "192.168.1.5/24" in everything(plan)
    assert "dc:a6:32:00:00:01" in everything(plan)


def test_what_is_done_is_undone(seen: Seen) -> None:
    """The bridge is taken away again, the firewall's settings and the offloads are put back."""
    plan = design(seen, BRIDGE)
    left = [str(command) for command in plan.leave]
    assert "ip link delete br0" in left
    assert "sysctl -qw net.bridge.bridge-nf-call-iptables=1" in left
    assert "ethtool -K eth0 gro on" in left
    assert not [command for command in plan.leave if not command.may_fail], (
        "nothing may keep the way back from going on"
    )


@pytest.mark.parametrize("wish", [BRIDGE, ACCESS_POINT, MIRROR])
def test_no_path_is_written_twice_and_the_settings_fit(seen: Seen, wish: Wish) -> None:
    """Each file has one text; the settings then say the placement and its ports."""
    plan = design(seen.model_copy(update={"settings": "# mine\n[ears]\nwords = []\n"}), wish)
    paths = [file.path for file in plan.files]
    assert len(paths) == len(set(paths))
    settings = parse_settings("", text(plan, SETTINGS.name).encode()).capture
    assert (settings.placement, settings.interfaces) == (plan.placement, plan.ports)
    assert text(plan, SETTINGS.name).startswith("# mine\n[ears]\nwords = []\n")


def test_the_access_points_passphrase_is_roots_alone(seen: Seen) -> None:
    """It stands in one file, which nobody else may read, and a dry run does not show it."""
    plan = design(seen, ACCESS_POINT)
    [secret] = [file for file in plan.files if WIFI.passphrase in (file.text or "")]
    assert secret.mode == 0o600
    assert WIFI.passphrase not in "\n".join(described(plan))
    assert {"ssid=Küche", "country_code=DE", "bridge=br0", "interface=wlan0"} <= set((secret.text or "").splitlines())
    assert plan.ports == ("eth0", "wlan0")


def test_a_mirror_port_is_the_one_without_the_machines_address(seen: Seen) -> None:
    """With two ports the free one; with one that one, and then the network is not changed at all."""
    assert design(seen, MIRROR).ports == ("eth1",)
    alone = seen.model_copy(update={"ports": (seen.ports[0],)})
    plan = design(alone, MIRROR)
    assert plan.ports == ("eth0",)
    assert not [file for file in plan.files if "network" in str(file.path).lower()]
    assert plan.first == ()


@pytest.mark.parametrize(
    ("changes", "wish", "why"),
    [
        ({"backend": None, "unknown": "dhcpcd looks after it"}, BRIDGE, "dhcpcd"),
        ({}, BRIDGE.model_copy(update={"ports": ("eth0", "eth7")}), "no interface eth7"),
        ({}, BRIDGE.model_copy(update={"ports": ("eth0", "wlan0")}), "two wired ports"),
        ({}, BRIDGE.model_copy(update={"ports": ("eth0",)}), "two wired ports"),
        ({}, MIRROR.model_copy(update={"ports": ("wlan0",)}), "one wired port"),
        ({"programs": ()}, ACCESS_POINT, "hostapd is missing"),
        ({"settings": "[capture]\nplacement = "}, BRIDGE, "settings"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(changes: dict[str, object], wish: Wish, why: str) -> None:
    """Nothing is planned that would not work."""
    with pytest.raises(PlacingError, match=why):
        design(pi(changes=changes), wish)


def test_a_radio_that_is_the_only_way_in_stays_one(seen: Seen) -> None:
    """Who came by Wi-Fi, with no cable in eth0, is not locked out by an access point; with a cable it is made."""
    radio = seen.ports[2].model_copy(update={"families": ("inet",)})
    lonely = seen.ports[0].model_copy(update={"families": (), "carrier": False})
    machine = seen.model_copy(update={"ports": (lonely, radio), "way_in": ("wlan0",)})
    with pytest.raises(PlacingError, match="only way into the network"):
        design(machine, ACCESS_POINT)
    assert design(machine.model_copy(update={"ports": (seen.ports[0], radio)}), ACCESS_POINT)


def test_who_keeps_the_radio_in_a_wifi_leaves_it_alone() -> None:
    """As long as it is an access point, and over a start; afterwards it is in its Wi-Fi again."""
    plan = design(pi(Backend.NETWORKD, {"clients": ("wlan0",)}), ACCESS_POINT)
    [mask] = [file for file in plan.files if file.link == "/dev/null"]
    assert str(mask.path) == "/etc/systemd/system/wpa_supplicant@wlan0.service"
    assert "systemctl stop wpa_supplicant@wlan0.service" in map(str, plan.first)
    assert "systemctl --no-block start wpa_supplicant@wlan0.service" in map(str, plan.back)
    assert not [file for file in design(pi(Backend.NETWORKD), ACCESS_POINT).files if file.link == "/dev/null"]


def test_a_bridge_of_somebody_elses_is_left_alone() -> None:
    """A br0 that is not ours is neither taken away nor joined."""
    with pytest.raises(PlacingError, match="there is a bridge br0 already"):
        design(pi(changes={"bridges": ("br0",)}), BRIDGE)


def test_a_bridge_beside_a_wifi_takes_nothing_from_it(seen: Seen) -> None:
    """A machine whose way in is wlan0 keeps it: no file and no command names it."""
    machine = seen.model_copy(update={"way_in": ("wlan0",)})
    assert "wlan0" not in everything(design(machine, BRIDGE))


def test_three_wired_ports_are_a_question() -> None:
    """Which two are meant is for a person to say."""
    machine = pi()
    more = machine.model_copy(update={"ports": (*machine.ports, Port(name="eth2"))})
    with pytest.raises(PlacingError, match="--ports"):
        design(more, BRIDGE)
    assert design(more, BRIDGE.model_copy(update={"ports": ("eth2", "eth0")})).ports == ("eth2", "eth0")


def test_a_port_of_another_bridge_is_left_alone() -> None:
    """Somebody else's bridge is not taken apart."""
    machine = pi()
    taken = machine.ports[1].model_copy(update={"master": "virbr0"})
    with pytest.raises(PlacingError, match="virbr0"):
        design(machine.model_copy(update={"ports": (machine.ports[0], taken)}), BRIDGE)


@given(
    st.sampled_from([*Backend]),
    st.sampled_from([BRIDGE, ACCESS_POINT, MIRROR]),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_any_machine_has_a_plan_or_a_reason(backend: Backend, wish: Wish, toss: list[bool]) -> None:
    """Whatever is plugged in: a plan that can be taken back, or PlacingError; nothing else."""
    machine = pi(backend)
    ports = tuple(
        port.model_copy(update={"carrier": toss[at], "families": ("inet",) if toss[at + 4] else ()})
        for at, port in enumerate(machine.ports)
        if toss[at] or toss[at + 4]
    )
    try:
        plan = design(machine.model_copy(update={"ports": ports}), wish)
    except PlacingError:
        return
    assert set(plan.ports) <= {port.name for port in ports}
    assert all(command.may_fail for command in plan.leave)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here: Debian's package systemd")
def test_systemd_understands_our_units_and_the_watch_for_loops_has_few_rights(tmp_path: Path) -> None:
    """Nothing is to complain of in a unit whose program is there; of 0 to 10 the exposure is 1.5."""
    plan = design(pi(), ACCESS_POINT)
    units = [file for file in (*plan.files, *revert_files()) if file.path.suffix == ".service" and file.text]
    for unit in units:
        text = re.sub(rf"{EARWITNESS}|/usr/sbin/hostapd", "/bin/true", unit.text or "")
        (tmp_path / unit.path.name).write_text(text, encoding="utf-8")
        checked = analyze("verify", tmp_path / unit.path.name)
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    assert {unit.path.name for unit in units} == {
        *("earwitness-loops.service", "earwitness-access-point.service", "earwitness-network-revert.service")
    }
    said = analyze("security", "--offline=yes", "--no-pager", tmp_path / "earwitness-loops.service").stdout
    found = re.search(r"Overall exposure level for .*: ([\d.]+) ", said)
    assert found, said
    assert float(found[1]) <= 1.7


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *map(str, words)], check=False, capture_output=True, text=True)
