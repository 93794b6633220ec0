# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.limits import RULE_FILE_BYTES
from appliance.rules import RuleError
from appliance.rules.document import parse_document, read_document


def refused(raw: bytes) -> str:
    with pytest.raises(RuleError) as caught:
        parse_document("rules.yaml", raw)
    return str(caught.value)


def test_problems_know_their_line() -> None:
    """A path of keys and positions leads to its line; what is missing is told at its parent's."""
    document = parse_document("rules.yaml", b"hosts:\n  - id: a\n    vendor: b\n")
    assert str(document.problem(("hosts", 0, "vendor"), "is wrong")) == "rules.yaml:3: hosts.0.vendor: is wrong"
    assert str(document.problem(("hosts", 0, "role"), "role is missing")) == "rules.yaml:2: hosts.0: role is missing"


def test_aliases_are_refused() -> None:
    """No alias is ever expanded: a bomb of a few lines cannot fill the memory."""
    bomb = b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n"
    assert refused(bomb) == "rules.yaml:1: uses an anchor or alias; write the value out"


def test_deep_nesting_is_refused() -> None:
    """Nesting is counted before anything is built, so it cannot exhaust the stack."""
    assert refused(b"[" * 100_000) == "rules.yaml:1: is nested deeper than 16"
    assert refused(b"a: {" * 17 + b"}" * 17).startswith("rules.yaml:1: is n")


def test_a_key_twice_is_refused() -> None:
    """YAML parsers keep the last of two equal keys in silence; here both lines would be rules, so it is an error."""
    assert refused(b"a: 1\nb: 2\na: 3\n") == "rules.yaml:3: a: is written twice"


def test_objects_are_refused() -> None:
    """Tags that would build Python objects are errors."""
    assert "is not YAML" in refused(b"a: !!python/object/apply:os.system [true]\n")


def test_broken_yaml_names_its_line() -> None:
    """A file that is no YAML is told with the line where it breaks."""
    assert refused(b"a: 1\nb: [\n").startswith("rules.yaml:3: is not YAML")
    assert refused(b"\xff\xfe\x00").startswith("rules.yaml: is not YAML")


def test_large_files_are_refused(tmp_path: Path) -> None:
    """A file above the bound is refused without being read to its end."""
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (RULE_FILE_BYTES + 1))
    with pytest.raises(RuleError, match="is larger than"):
        read_document(path)


@given(st.binary(max_size=300) | st.text(alphabet="[]{}:,-!&*?|>'\"%@`# \n\t0.ea<=~", max_size=120).map(str.encode))
@example(b"a: " + b"9" * 5000)
@example(b"a: 2001-99-99")
@example(b"a: !!int x")
@example(b"? [a]\n: b")
@example(b"<<: 1")
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Whatever the file holds, the answer is data or a RuleError."""
    try:
        parse_document("rules.yaml", raw)
    except RuleError as error:
        assert error.problems  # noqa: PT017 - either outcome is right
