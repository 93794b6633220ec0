# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.rules import load_rules


@pytest.mark.parametrize(
    ("length", "beat_s", "name"),
    [
        (113, 0.0202, "echo-opus-32"),
        (432, 0.0485, "echo-64k"),
        (1057, 0.032, "echo-pcm"),
        (300, 0.063, "homepod-vbr"),
        (113, 0.2, None),
        (500, 0.02, None),
    ],
)
def test_signatures_name_the_codec(length: int, beat_s: float, name: str | None) -> None:
    """A codec is named by its record length and its beat together."""
    found = load_rules(None).uploads.signature(length, beat_s)
    assert (found and found.id) == name


def test_every_packaged_signature_has_a_vendor_that_hosts_know() -> None:
    """A signature's vendor is one whose names are known, so that the two can support each other."""
    rules = load_rules(None)
    vendors = {rule.vendor for rule in rules.hosts.rules}
    assert {signature.vendor for signature in rules.uploads.signatures} <= vendors
    assert {keepalive.vendor for keepalive in rules.uploads.keepalives} <= vendors


def test_no_detector_that_keeps_a_beat_fires_sooner() -> None:
    """The soonest moment of a hit follows from the rules: here the first beats after a dump, one bin before its end."""
    assert load_rules(None).uploads.soonest_s == pytest.approx(0.2)
