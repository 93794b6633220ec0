# SPDX-License-Identifier: GPL-2.0-or-later
import json
from pathlib import Path

from tests.commands.running import earwitness


def test_rules_check_runs_every_example(tmp_path: Path) -> None:
    """The packaged rules hold; a rule of one's own whose example fails is named, with status 2."""
    assert earwitness("rules", "check", "--rules", tmp_path).exit_code == 0
    (tmp_path / "mine.yaml").write_text(
        "hosts:\n"
        "  - id: mine\n    patterns: [voice.example.net]\n    vendor: mine\n    role: voice\n    source: made up\n"
        "    examples: {matches: [other.example.net], not: [example.org]}\n"
    )
    result = earwitness("rules", "check", "--rules", tmp_path)
    assert result.exit_code == 2
    assert "mine" in result.stderr


def test_rules_schema_is_json() -> None:
    """The schema for editors is printed as JSON."""
    assert json.loads(earwitness("rules", "schema").stdout)["type"] == "object"
