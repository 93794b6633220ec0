# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.rules.file import schema
from appliance.rules.load import PACKAGED


def test_the_schema_is_current() -> None:
    """rules/schema.json is what the types say now; `earwitness rules schema` writes it."""
    assert (PACKAGED / "schema.json").read_text() == schema()


def test_every_rule_file_names_the_schema() -> None:
    """Editors check and complete a rule file by the schema that its first line names."""
    for path in PACKAGED.rglob("*.yaml"):
        first = path.read_text().splitlines()[0]
        named = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        assert named.resolve() == PACKAGED / "schema.json", path
