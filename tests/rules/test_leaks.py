# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import SightingKind
from appliance.rules import load_rules

LEAKS = load_rules(None).leaks
MAC = "0c:47:c9:12:34:56"


def looked(kind: SightingKind, value: str) -> set[str]:
    return {rule.id for rule in LEAKS.look(MAC, kind, value)}


def test_its_own_address_is_found_however_it_is_written() -> None:
    """With colons, with hyphens, without any, in capitals and in the middle of a name."""
    for name in ("Speaker-0C47C9123456", "x-0c-47-c9-12-34-56.local", "0c:47:c9:12:34:56"):
        assert "mac-address" in looked(SightingKind.MDNS_HOST, name)
    assert looked(SightingKind.MDNS_HOST, "Speaker-0C47C9123457") == set()


def test_every_language_is_spoken() -> None:
    """Each packaged rule has its sentence in the three languages of the pages."""
    assert all(rule.says.keys() >= {"en", "fr", "de"} for rule in LEAKS.rules)


@given(st.sampled_from(SightingKind), st.text(max_size=300), st.text(max_size=30))
def test_any_value_of_any_device_has_an_answer(kind: SightingKind, value: str, device: str) -> None:
    """Hostile text never raises."""
    assert {rule.id for rule in LEAKS.look(device, kind, value)} <= {rule.id for rule in LEAKS.rules}
