# SPDX-License-Identifier: GPL-2.0-or-later
"""What one types on a hub and on a satellite; between them is a hub that speaks TLS."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.clocks import this_boot
from appliance.events import Coverage
from appliance.satellites.membership import read_membership
from tests.commands.running import earwitness
from tests.e2e.house import until
from tests.satellites.served import ServedHub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[ServedHub]:
    with ServedHub(tmp_path) as hub:
        yield hub


def written(folder: Path, text: str = "") -> Path:
    """Write the settings of a machine, and return their file."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = "".join(f'{name} = "{folder / name}"\n' for name in ("state", "run", "rules"))
    (folder / "earwitness.toml").write_text(f"{text}\n[paths]\n{paths}")
    for name in ("state", "run"):
        (folder / name).mkdir(exist_ok=True)
    return folder / "earwitness.toml"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The settings of a satellite."""
    return written(tmp_path / "satellite", '[[ears.microphones]]\nname = "mic"')


def on(settings: Path, *arguments: str) -> tuple[int, str]:
    """Run a command of the ears; return its status, and what it says."""
    ran = earwitness("ears", "--settings", settings, *arguments)
    return ran.exit_code, ran.output


def pair(hub: ServedHub, here: Path, *arguments: str) -> tuple[int, str]:
    return on(here, "pair", str(hub.address), hub.invite(), *arguments)


def test_pairing(hub: ServedHub, here: Path) -> None:
    """A machine that is given the code is a satellite, and says of whom."""
    status, said = pair(hub, here, "--name", "bedroom")
    assert (status, "the satellite “bedroom” of 127.0.0.1" in said) == (0, True)
    membership = read_membership(here.parent / "state" / "hub.json")
    assert membership is not None
    assert hub.receiver.roster.known(membership.token) is not None


def test_a_satellite_leaves(hub: ServedHub, here: Path) -> None:
    """It listens for itself again; twice it cannot leave."""
    pair(hub, here)
    assert on(here, "leave")[0] == 0
    assert read_membership(here.parent / "state" / "hub.json") is None
    assert on(here, "leave") == (2, "earwitness: this is no satellite\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["https://hub", "A" * 24], "'https://hub' is no name or address of a hub"),
        (["hub:port", "A" * 24], "'hub:port' is no name or address"),
        (["hub", "ABCD"], "a code has 24 letters and digits; this has 4"),
        (["127.0.0.1:9", "A" * 24], "127.0.0.1:9 does not answer"),
        (["127.0.0.1:9", "A" * 24, "--name", "a/b"], "“/”"),
    ],
)
def test_what_cannot_be_paired(here: Path, arguments: list[str], told: str) -> None:
    """Each mistake is told in a line, and nothing is kept."""
    status, said = on(here, "pair", *arguments)
    assert (status, told in said) == (2, True), said
    assert not (here.parent / "state" / "hub.json").exists()


def test_a_code_that_is_wrong(hub: ServedHub, here: Path) -> None:
    """What the hub says of it is told."""
    wrong = re.sub("^....", "AAAA", hub.invite())
    status, said = on(here, "pair", str(hub.address), wrong)
    assert (status, "not that of the hub's invitation" in said) == (2, True)


def test_on_the_hub(here: Path, tmp_path: Path) -> None:
    """The code that is printed lets a satellite in; it is listed, and one that is revoked is not."""
    there = written(tmp_path / "hub", "[web]\nhttps_port = 8443")
    with ServedHub(tmp_path / "hub" / "state", this_boot(tmp_path / "hub" / "run"), tmp_path / "hub" / "run") as hub:
        assert on(there, "satellites") == (0, "earwitness: there is none; earwitness ears invite lets one come\n")
        said = on(there, "invite")[1]
        found = re.search(r"earwitness ears pair (\S+)\.local:8443 ([A-Z2-7-]+)\n", said)
        assert found, said
        assert on(there, "revoke", "bedroom")[0] == 2
        assert on(here, "pair", str(hub.address), found[2], "--name", "bedroom")[0] == 0
        assert re.search("bedroom +nothing is heard of it", on(there, "satellites")[1])
        (bedroom,) = hub.receiver.roster.satellites
        now = hub.receiver.now
        hub.receiver.report(bedroom, hub.report([Coverage(now - 1, now, "mic")]))
        until("the ear to be told", hub.tells)
        assert re.search("bedroom +mic +bedroom +-50 dB +listening", on(there, "satellites")[1])
        assert on(there, "revoke", "bedroom") == (0, "Revoked: bedroom\n")
        assert hub.receiver.roster.satellites == ()


@pytest.mark.parametrize(
    ("settings", "told"),
    [("", "has no certificates"), ('[web]\nhttps = "off"', "it is off"), ("[web]\nserve = false", "off")],
)
def test_a_hub_that_cannot_have_any(tmp_path: Path, settings: str, told: str) -> None:
    """Without HTTPS there are no satellites, and it is told what to do."""
    status, said = on(written(tmp_path / "hub", settings), "invite")
    assert (status, told in said) == (2, True), said


def test_names_that_a_hub_cannot_take(hub: ServedHub, here: Path) -> None:
    """A satellite whose microphone's name could not be told from its own does not start, and says why."""
    pair(hub, here)
    here.write_text(here.read_text().replace('name = "mic"', 'name = "a/b"'))
    status, said = on(here)
    assert (status, "must not have “/” in it" in said) == (2, True), said
