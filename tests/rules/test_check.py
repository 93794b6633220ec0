# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest

from appliance.rules import check, load_rules
from appliance.rules.load import PACKAGED


def test_every_packaged_example_comes_true() -> None:
    """Each rule of the package matches what it says it matches, and does not match what it says it does not."""
    assert [str(problem) for problem in check(load_rules(None))] == []


@pytest.mark.parametrize(
    ("path", "right", "instead", "told"),
    [
        (
            "hosts/google.yaml",
            "matches: [play.googleapis.com]",
            "matches: [www.google.com]",
            "hosts: google-telemetry: www.google.com should match, but google-web does",
        ),
        (
            "hosts/google.yaml",
            "not: [play.google.com]",
            "not: [play.googleapis.com]",
            "hosts: google-telemetry: play.googleapis.com should not match",
        ),
        (
            "owners/vendors.yaml",
            "matches: [17.253.144.10",
            "matches: [198.51.100.7",
            "owners: apple-addresses: 198.51.100.7 should be apple's",
        ),
        (
            "owners/vendors.yaml",
            "not: [18.1.2.3",
            "not: [17.1.2.3",
            "owners: apple-addresses: 17.1.2.3 should not be apple's",
        ),
        (
            "speakers/apple.yaml",
            "{model: homepod-2, shows",
            "{model: homepod-mini, shows",
            "speakers: apple-homepod: mdns_txt model=AudioAccessory6,1 should be a homepod-mini, but is a homepod-2",
        ),
        (
            "speakers/apple.yaml",
            "{shows: {host: dejavu.apple.com}}",
            "{shows: {host: www.apple.com}}",
            "speakers: apple-homepod: host www.apple.com should match, but nothing does",
        ),
        (
            "speakers/apple.yaml",
            'not: [{shows: {mdns_txt: "am=AudioAccessory1,1"}}]',
            'not: [{shows: {mdns_txt: "am=AppleTV6,2"}}]',
            "speakers: apple-tv: mdns_txt am=AppleTV6,2 should not match",
        ),
        (
            "uploads/signatures.yaml",
            "{length: 432, every_s: 0.05}]",
            "{length: 433, every_s: 0.05}]",
            "signatures: echo-64k: 433 B every 0.05 s should match",
        ),
        (
            "uploads/keepalives.yaml",
            "not: [{length: 34, every_s: 45.0}]",
            "not: [{length: 34, every_s: 60.0}]",
            "keepalives: echo-ping-60: 34 B every 60.0 s should not match",
        ),
    ],
)
def test_a_wrong_example_is_told(tmp_path: Path, path: str, right: str, instead: str, told: str) -> None:
    """An example that does not come true is told with its rule, and with what came instead."""
    text = (PACKAGED / path).read_text()
    assert right in text
    (tmp_path / "own.yaml").write_text(text.replace(right, instead))
    assert [str(problem) for problem in check(load_rules(tmp_path))] == [told]
