# SPDX-License-Identifier: GPL-2.0-or-later
from base64 import b64encode
from pathlib import Path

import pytest

from appliance.rules import RuleError, load_rules

RULE = "releases:\n  - id: us\n    key: {}\n    source: our page\n"


def test_the_sources_trust_nobody() -> None:
    """Until somebody builds releases, no page installs any."""
    assert load_rules(None).releases == {}


def test_a_machine_may_be_told_of_a_key(tmp_path: Path) -> None:
    """A key among the household's rules counts like a packaged one."""
    (tmp_path / "release.yaml").write_text(RULE.format(b64encode(bytes(32)).decode()), encoding="utf-8")
    assert load_rules(tmp_path).releases == {"us": bytes(32)}


@pytest.mark.parametrize("key", ["", "AAAA", "-----BEGIN", "A" * 44])
def test_what_is_no_key_is_an_error(tmp_path: Path, key: str) -> None:
    """Half a key is no key."""
    (tmp_path / "release.yaml").write_text(RULE.format(key), encoding="utf-8")
    with pytest.raises(RuleError, match=r"release\.yaml:3"):
        load_rules(tmp_path)


def test_whom_to_ask_for_the_newest_is_a_rule(tmp_path: Path) -> None:
    """None is shipped; one that a machine is told of is asked by HTTPS alone."""
    assert load_rules(None).newest == {}
    rule = RULE.format(b64encode(bytes(32)).decode())
    (tmp_path / "release.yaml").write_text(f"{rule}    newest: https://example.org/newest.json\n", encoding="utf-8")
    assert load_rules(tmp_path).newest == {"us": "https://example.org/newest.json"}
    (tmp_path / "release.yaml").write_text(f"{rule}    newest: http://example.org/\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"release\.yaml:5"):
        load_rules(tmp_path)
