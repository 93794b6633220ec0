# SPDX-License-Identifier: GPL-2.0-or-later
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from appliance.report import contract
from appliance.report.contract import LINES, Part, schema

#: The documentation's sections and the models they describe.
MODELS: dict[str, type[Part]] = {
    "upload": contract.UploadLine,
    "verdict": contract.VerdictLine,
    "device": contract.DeviceLine,
    "loss": contract.LossLine,
    "summary": contract.SummaryLine,
    "flow": contract.FlowPart,
    "upload of a verdict": contract.UploadKeyPart,
    "wake": contract.WakePart,
    "evidence": contract.EvidencePart,
    "damage": contract.DamagePart,
}


def rows(model: type[Part]) -> Iterator[str]:
    """The rows that the documentation's table of ``model`` has to have."""
    for name, field in model.model_json_schema()["properties"].items():
        yield f"| `{name}` | {_type(field)} | {field.get('description', '')} |".replace("  ", " ")


def _type(field: dict[str, Any]) -> str:
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "$ref" in field:
        return re.sub(r"(Line|Part)$", "", field["$ref"].rsplit("/", 1)[-1]).lower()
    if "items" in field:
        return f"list of {_type(field['items'])}"
    if "additionalProperties" in field and field["type"] == "object":
        return f"object of {_type(field['additionalProperties'])}"
    options = [_type(option) for option in field.get("anyOf", ())] or [f'`"{each}"`' for each in field.get("enum", ())]
    return " or ".join(options) or str(field["type"])


@pytest.fixture(scope="module")
def document(root: Path) -> str:
    """The documentation."""
    return (root / "docs/jsonl.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MODELS)
def test_the_documentation_says_what_the_models_say(document: str, name: str) -> None:
    """Each type has its section, and the section's table has exactly the model's keys, types and meanings."""
    section = re.split(r"^##+ ", document, flags=re.MULTILINE)
    found = next(part for part in section if part.split("\n", 1)[0].strip("`") == name)
    table = [line for line in found.splitlines() if line.startswith("| `")]
    assert table == list(rows(MODELS[name]))


def test_the_documentations_examples_are_lines(document: str) -> None:
    """There is an example of each type, and each is what a program may expect."""
    examples = re.findall(r"```json\n(.*)\n```", document)
    assert [LINES.validate_json(example).type for example in examples] == [
        "upload", "verdict", "device", "loss", "summary",
    ]  # fmt: skip


def test_the_schema_file_is_current(root: Path) -> None:
    """docs/jsonl.schema.json is the models' schema; print ``appliance.report.contract.schema()`` to write it anew."""
    assert json.loads((root / "docs/jsonl.schema.json").read_text(encoding="utf-8")) == schema()


def test_a_line_has_all_its_keys_and_no_others() -> None:
    """The contract is strict both ways: what is missing and what is too much are errors."""
    loss = {"type": "loss", "started_at": 1.0, "ended_at": 2.0, "device": None, "what": "frames", "missing": 3}
    assert LINES.validate_python(loss).type == "loss"
    with pytest.raises(ValidationError):
        LINES.validate_python({**loss, "more": 1})
    for key in loss:
        with pytest.raises(ValidationError):
            LINES.validate_python({name: value for name, value in loss.items() if name != key})
