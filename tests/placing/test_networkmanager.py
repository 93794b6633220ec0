# SPDX-License-Identifier: GPL-2.0-or-later
from configparser import ConfigParser

from hypothesis import given
from hypothesis import strategies as st

from appliance.placing.networkmanager import bridge, section
from tests.placing.conftest import pi

KEYFILE = """\
[connection]
id=Wired connection 1
# by hand
[ipv4]
# the office
method=manual
address1=192.168.1.5/24,192.168.1.1

[ipv6]
addr-gen-mode=stable-privacy
"""


def test_a_section_is_taken_as_it_is() -> None:
    """Its lines without comments; none of another, and nothing of one that is not there."""
    assert section(KEYFILE, "ipv4") == "method=manual\naddress1=192.168.1.5/24,192.168.1.1\n"
    assert section(KEYFILE, "ipv6") == "addr-gen-mode=stable-privacy\n"
    assert section(KEYFILE, "wifi") is None


@given(st.text())
def test_any_text_has_a_section_or_none(text: str) -> None:
    """Whatever stands in the file."""
    assert section(text, "ipv4") is None or "\n" in str(section(text, "ipv4"))


def test_the_connections_are_keyfiles() -> None:
    """Three of them, which only root may read, with numbers of their own, chosen before all others."""
    files = bridge(pi(), "br0", "eth0", ["eth0", "eth1"]).files
    read = [ConfigParser(delimiters=("=",)) for _ in files]
    for parser, file in zip(read, files, strict=True):
        parser.read_string(file.text or "")
        assert file.mode == 0o600
        assert parser["connection"]["autoconnect-priority"] == "999"
    assert len({parser["connection"]["uuid"] for parser in read}) == 3
    assert [parser["connection"].get("master") for parser in read] == [None, "br0", "br0"]
    assert read[0]["ipv4"]["address1"] == "192.168.1.5/24,192.168.1.1"
    assert read[0]["bridge"]["stp"] == "false"
