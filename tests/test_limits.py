# SPDX-License-Identifier: GPL-2.0-or-later
import ast
import re

from tests.conftest import ROOT

LIMITS = ROOT / "appliance" / "limits.py"


def names() -> list[str]:
    tree = ast.parse(LIMITS.read_text())
    targets = [
        node.targets[0] if isinstance(node, ast.Assign) else node.target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
    ]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def test_every_limit_says_why() -> None:
    """Above each limit, beside it or below it stands its unit and its reason, where documentation tools find it."""
    lines = ["", *LIMITS.read_text().splitlines(), ""]
    places = {name: at for at, line in enumerate(lines) for name in names() if re.match(rf"{name}\b", line)}
    reasons = {name: (lines[at - 1][:2], "  #: " in lines[at], lines[at + 1][:3]) for name, at in places.items()}
    silent = [
        name for name, reason in reasons.items() if "#:" not in reason and True not in reason and '"""' not in reason
    ]
    assert not silent
    assert len(places) == len(names())


def test_every_limit_is_used() -> None:
    """A limit that nobody keeps is not in the list."""
    files = [path for room in ("appliance", "web") for path in (ROOT / room).rglob("*.py") if path != LIMITS]
    code = "\n".join(path.read_text() for path in files)
    unused = [name for name in names() if not re.search(rf"\b{name}\b", code)]
    assert not unused


def test_no_limit_stands_twice() -> None:
    """Each limit has one value."""
    assert len(names()) == len(set(names()))
