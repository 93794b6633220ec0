# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.rules import RuleError, load_rules

RELAYS = load_rules(None).relays
OWN = """
relays:
  - id: own
    hosts: {hosts}
    source: our own
    examples: {{matches: ["https://push.example/x"], not: ["https://example/x"]}}
"""


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://192.168.1.1/",
        "https://fcm.googleapis.com:22/x",
        "https://fcm.googleapis.com@router.local/x",
        "https://router.local/?fcm.googleapis.com",
        "https://router.local/#.push.apple.com",
        "https://push.apple.com/x",
        "https://[::1/x",
        "https://fcm.googleapis.com:port/x",
        "https://fcm.googleapis.com\\@router.local/x",
        "https://fcm.googleapis.com/x\r\nHost: router.local",
        "ftp://fcm.googleapis.com/x",
        "",
    ],
)
def test_nothing_else_is_a_relay(endpoint: str) -> None:
    """What only looks like a relay, and whatever is in the home, is none."""
    assert RELAYS.of(endpoint) is None


@given(st.text())
def test_any_text_is_looked_at(text: str) -> None:
    """Whatever a browser claims gets an answer."""
    RELAYS.of(text)
    RELAYS.of(f"https://{text}")


def test_a_household_adds_its_own(tmp_path: Path) -> None:
    """A rule of the household's is a relay beside the packaged ones."""
    (tmp_path / "own.yaml").write_text(OWN.format(hosts="push.example"))
    relays = load_rules(tmp_path).relays
    assert (relays.of("https://push.example/x") or relays.rules[0]).id == "own"
    assert relays.of("https://web.push.apple.com/x") is not None


@pytest.mark.parametrize("hosts", ['"*"', '"*.com"', "localhost", "1", '["a.example", "*"]'])
def test_a_rule_names_hosts(tmp_path: Path, hosts: str) -> None:
    """A rule that would let everything pass is none."""
    (tmp_path / "own.yaml").write_text(OWN.format(hosts=hosts))
    with pytest.raises(RuleError):
        load_rules(tmp_path)
