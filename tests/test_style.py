# SPDX-License-Identifier: GPL-2.0-or-later
"""The house's style, as far as a program can hold it where ruff does not."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

LICENCE = "# SPDX-License-Identifier: GPL-2.0-or-later"
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
LISTS = {ROOT / "appliance" / "limits.py"}  # looked up in, not read


def sources() -> Iterator[Path]:
    for folder in ("appliance", "web", "tests", "bench"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def place(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_every_file_says_its_licence_first() -> None:
    """The first line of each Python file is the SPDX line."""
    assert [place(path) for path in sources() if path.read_text(encoding="utf-8").split("\n", 1)[0] != LICENCE] == []


def test_every_test_states_its_rule() -> None:
    """Each test function has a docstring: the sentence that it holds the house to."""
    silent = [
        place(path, function.lineno)
        for path in sources()
        if path.name.startswith("test_")
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []


def test_functions_are_short() -> None:
    """No function is longer than a screen."""
    long = [
        place(path, function.lineno)
        for path in sources()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_files_are_short() -> None:
    """No file is longer than a person reads at a sitting."""
    long = [path for path in sources() if path.read_text(encoding="utf-8").count("\n") > LONGEST_FILE]
    assert [place(path) for path in long if path not in LISTS] == []
