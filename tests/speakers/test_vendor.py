# SPDX-License-Identifier: GPL-2.0-or-later
import asyncio

import aiooui
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.speakers import vendor_of
from appliance.speakers.vendor import LOCALLY_ADMINISTERED, _registry


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


def test_the_whole_table_is_read_as_aiooui_reads_it() -> None:
    """Each prefix has the name that aiooui gives it, and so has its neighbour, which mostly has none."""
    asyncio.run(aiooui.async_load())
    prefixes = {_registry().prefix(row) + step for row in range(_registry().count) for step in (0, 1)}
    devices = [(prefix << 24).to_bytes(6, "big").hex(":") for prefix in sorted(prefixes) if prefix < 1 << 24]
    given = [device for device in devices if not int(device[:2], 16) & LOCALLY_ADMINISTERED]
    assert len(given) > 30_000
    assert {device: vendor_of(device) for device in given} == {device: aiooui.get_vendor(device) for device in given}
