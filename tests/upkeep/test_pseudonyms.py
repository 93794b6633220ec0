# SPDX-License-Identifier: GPL-2.0-or-later
import re
from ipaddress import ip_address

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appliance.upkeep.pseudonyms import Pseudonyms

NAMES = ("Living-room Nest", "Küche", "Anna", "anna-iphone", "pi4")

letters = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=8)
names = st.builds(" ".join, st.lists(letters, min_size=1, max_size=2))
glue = st.text(st.sampled_from(" ,;()[]{}=\"'<>\n\t|/"), min_size=1, max_size=3)
macs = st.binary(min_size=6, max_size=6).flatmap(
    lambda raw: st.sampled_from([raw.hex(":"), raw.hex("-"), raw.hex(), raw.hex(":").upper(), raw.hex(".", 2)])
)
addresses = st.ip_addresses().filter(lambda one: not one.is_loopback and not one.is_unspecified).map(str)
hosts = st.builds(
    lambda name, end: f"{name}.{end}",
    st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True),
    st.sampled_from(["local", "lan", "home.arpa", "fritz.box"]),
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("eth0 b8:27:eb:01:02:03 is up", "eth0 mac-1 is up"),
        ("B8-27-EB-01-02-03 is b827eb010203 is b827.eb01.0203", "mac-1 is mac-1 is mac-1"),
        ("192.168.1.7:443, then 192.168.1.8", "address-1:443, then address-2"),
        ("fe80::ba27:ebff:fe01:203%eth0 and fe80::1.", "address-1 and address-2."),
        ("::ffff:192.168.1.7", "address-1"),
        ("at 14:02:24 on ::1, 127.0.0.1 and [::]:80", "at 14:02:24 on ::1, 127.0.0.1 and [::]:80"),
        ("anna@example.org wrote", "mail-1 wrote"),
        ("amazon-1a2b.local. asked bob-dispatch.amazon.com", "host-1. asked bob-dispatch.amazon.com"),
        (
            "The LIVING-ROOM NEST and küche, not the annals of Anna_x",
            "The name-1 and name-2, not the annals of name-3_x",
        ),
        ("20260613T140224Z-74c246000001-0123456789abcdef.pcapng", "20260613T140224Z-mac-1-0123456789abcdef.pcapng"),
    ],
)
def test_what_becomes_of_a_line(text: str, clean: str) -> None:
    """The same thing has the same stand-in however it is written; what is nobody's stays."""
    assert Pseudonyms(NAMES).replaced(text) == clean


def test_a_name_is_replaced_before_its_part() -> None:
    """The longer of two names counts, and stand-ins stay the same over several texts, in keys too."""
    stand_ins = Pseudonyms(["Nest", "Nest Hub"])
    assert stand_ins.replaced_in({"Nest Hub": ["a Nest", ("nest hub", 7, None, True)]}) == {
        "name-1": ["a name-2", ["name-1", 7, None, True]]
    }


@given(st.data(), st.lists(names, min_size=1, max_size=5))
def test_nothing_of_the_house_survives(data: st.DataObject, known: list[str]) -> None:
    """Whatever is around them: no MAC, no address, no local host and no name comes through."""
    words = {word.casefold() for name in known for word in name.split()}
    assume(not any(word.isdigit() or word in {"mac", "name", "host", "mail", "address"} for word in words))
    secret = st.one_of(macs, addresses, hosts, st.sampled_from(known))
    secrets = data.draw(st.lists(secret, min_size=1, max_size=6))
    text = "".join(data.draw(glue) + one for one in secrets) + data.draw(glue)
    clean = Pseudonyms(known).replaced(text)
    for one in secrets:
        assert not re.search(rf"(?<![^\W_]){re.escape(one)}(?![^\W_])", clean)


@given(st.text(), st.lists(st.text(max_size=10), max_size=5))
def test_any_text_and_any_names_are_taken(text: str, known: list[str]) -> None:
    """Whatever people call things and machines say, something comes of it; addresses by their shape never do."""
    clean = Pseudonyms(known).replaced(text)
    found = (ip_address(word) for word in re.findall(r"(?<![\w.:])(?:\d\.){3}\d(?![\w.:])", clean))
    assert all(address.is_loopback or address.is_unspecified for address in found)
