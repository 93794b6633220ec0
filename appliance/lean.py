# SPDX-License-Identifier: GPL-2.0-or-later
"""Imports without what libraries take along for their other users: for a process that is to stay small."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec


@contextmanager
def hollow(package: str) -> Iterator[None]:
    """Let single modules of ``package`` be imported; whoever imports the package later gets all of it."""
    spec = find_spec(package)
    if spec is None or package in sys.modules:
        yield
        return
    sys.modules[package] = module_from_spec(spec)  # knows where its modules are, and runs nothing
    try:
        yield
    finally:
        del sys.modules[package]


@contextmanager
def without(module: str) -> Iterator[None]:
    """Let what is imported meanwhile do as on a machine that lacks ``module``; no matter if it was imported before."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # how the import system is told that there is none
    try:
        yield
    finally:
        del sys.modules[module]
