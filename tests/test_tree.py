# SPDX-License-Identifier: GPL-2.0-or-later
"""The tests mirror the tree: whoever knows a module knows where its test is, and the other way round."""

from pathlib import Path

from tests.conftest import ROOT

#: Modules without a test file of their own, and why.
UNTESTED: dict[str, str] = {
    "appliance/uploads/hit.py": "a named tuple without behaviour",
    "appliance/capture/frames.py": "columns without behaviour; tests/capture/test_parse.py compares every one of them",
    "appliance/capture/damage.py": "errors without behaviour; tests/capture/test_files.py raises each",
}
#: Test files that mirror no module, and why.
WIDER: dict[str, str] = {
    "tests/judge/test_properties.py": "what holds for the judge as a whole, whatever happens in the house",
}


def mirrored(module: Path) -> Path:
    inside = module.relative_to(ROOT)
    parts = inside.parts[1:] if inside.parts[0] == "appliance" else inside.parts
    return ROOT.joinpath("tests", *parts[:-1], f"test_{parts[-1]}")


def modules() -> list[Path]:
    found = [path for folder in ("appliance", "web") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if path.name not in {"__init__.py", "__main__.py"}]


def test_each_module_has_its_test() -> None:
    """For ``appliance/room/file.py`` there is ``tests/room/test_file.py``, or a reason in UNTESTED."""
    untested = {str(module.relative_to(ROOT)) for module in modules() if not mirrored(module).exists()}
    assert untested - UNTESTED.keys() == set()
    assert UNTESTED.keys() - untested == set(), "these have a test by now: take them from the list"


def test_each_test_has_its_module() -> None:
    """A test file mirrors a module, or there is a reason in WIDER."""
    mirrors = {mirrored(module) for module in modules()}
    tests = {path for path in (ROOT / "tests").rglob("test_*.py") if path.parent != ROOT / "tests"}
    wider = {str(path.relative_to(ROOT)) for path in tests - mirrors}
    assert wider - WIDER.keys() == set()
    assert WIDER.keys() - wider == set(), "these mirror a module by now, or are gone: take them from the list"
