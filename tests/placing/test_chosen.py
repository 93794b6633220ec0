# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.placing.chosen import before, chosen, undone
from appliance.placing.plan import PlacingError
from appliance.settings import Placement, Settings, parse_settings

SETTINGS = (
    "",
    "# mine\n",
    "[ears]\nwords = []\n",
    '[capture]\nplacement = "bridge"   # because\ninterfaces = ["eth0", "eth1"]\n\n[web]\nport = 8080\n',
    '[capture]\n# all of it\nwatch = "everything"\n',
    '[capture]\ninterfaces = [\n  "eth2", # the black one\n  "eth3",\n]\n',
)


@pytest.mark.parametrize("text", SETTINGS)
@pytest.mark.parametrize(("placement", "ports"), [(Placement.MIRROR, ["eth5"]), (Placement.BRIDGE, ["eth5", "eth6"])])
def test_two_keys_change_and_the_rest_stays(text: str, placement: Placement, ports: list[str]) -> None:
    """The settings say the placement; comments of other lines and other settings are as they were."""
    changed = chosen(text, placement, ports)
    read = parse_settings("", changed.encode())
    assert (read.capture.placement, read.capture.interfaces) == (placement, tuple(ports))
    ours = ("placement", "interfaces", "eth", "]")
    kept = [line for line in text.splitlines() if not any(word in line for word in ours) or line == "[web]"]
    assert set(kept) <= set(changed.splitlines())
    first = parse_settings("", text.encode())
    assert parse_settings("", undone(changed, before(text)).encode()) == first


#: But HTTPS's own, with which the settings cannot be used.
PORTS = st.integers(1, 65_000).filter(lambda port: port != Settings().web.https_port)


@given(st.sampled_from(SETTINGS), PORTS)
def test_what_somebody_changed_since_stays(text: str, port: int) -> None:
    """Undone, the placement is as before and the rest as it is."""
    changed = chosen(text, Placement.MIRROR, ["eth5"])
    web = f"port = {port}"
    since = changed.replace("port = 8080", web) if "[web]" in changed else f"{changed}\n[web]\n{web}\n"
    back = parse_settings("", undone(since, before(text)).encode())
    assert back.web.port == port
    assert back.capture == parse_settings("", text.encode()).capture


@pytest.mark.parametrize("text", ["[capture", "capture = 5", "[capture]\nplacement = 3\nwatched = 1\n"])
def test_settings_that_cannot_be_used_are_not_touched(text: str) -> None:
    """The reason is said, and nothing is changed."""
    with pytest.raises(PlacingError, match="the settings"):
        chosen(text, Placement.MIRROR, ["eth0"])
