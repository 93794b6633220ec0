# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.speakers import vendor_of


@pytest.mark.parametrize(
    ("device", "begins"),
    [("00:0e:58:01:02:03", "Sonos"), ("44:07:0b:01:02:03", "Google"), ("4c:ef:c0:01:02:03", "Amazon")],
)
def test_makers_by_the_registry(device: str, begins: str) -> None:
    """The first three bytes name who the address was given to."""
    assert (vendor_of(device) or "").startswith(begins)


@pytest.mark.parametrize("device", ["02:0e:58:01:02:03", "da:a1:19:00:00:01", "192.168.1.7", "fe80::1", "", "zz:zz"])
def test_random_addresses_have_no_maker(device: str) -> None:
    """A locally administered address was made up, and an IP address is none."""
    assert vendor_of(device) is None


@given(st.text(max_size=30))
def test_any_text_is_looked_up(device: str) -> None:
    """Whatever names a device, the answer is a maker or None."""
    assert vendor_of(device) is None or isinstance(vendor_of(device), str)
