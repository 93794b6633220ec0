# SPDX-License-Identifier: GPL-2.0-or-later
"""Imports without what libraries take along for their other users: for a process that is to stay small."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec, module_from_spec
from types import ModuleType


def hollow(package: str) -> AbstractContextManager[None]:
    """Let single modules of ``package`` be imported; whoever imports the package later gets all of it."""
    spec = find_spec(package)
    return _instead(package, module_from_spec(spec)) if spec else nullcontext()  # it runs nothing, and has a path


def without(module: str) -> AbstractContextManager[None]:
    """Let what is imported meanwhile do as on a machine that lacks ``module``."""
    return _instead(module, None)  # the import system's word for one that is not there


def no_plugins() -> AbstractContextManager[None]:
    """Let what is imported meanwhile find no plugins; to look for them takes zip files and e-mail headers along."""
    empty = ModuleType("importlib.metadata")
    empty.__dict__["entry_points"] = lambda **_: ()
    return _instead("importlib.metadata", empty)


@contextmanager
def _instead(name: str, module: ModuleType | None) -> Iterator[None]:
    """Let imports of ``name`` have ``module``; one that was imported before stays, so that nobody loses what he has."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment]  # may be None, by the import system's documentation
    try:
        yield
    finally:
        del sys.modules[name]
