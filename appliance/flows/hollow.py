# SPDX-License-Identifier: GPL-2.0-or-later
"""Single modules of a package without all that the package imports for its other users."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec


@contextmanager
def hollow(package: str) -> Iterator[None]:
    """Let modules of ``package`` be imported one by one; whoever imports the package later gets all of it."""
    spec = find_spec(package)
    if spec is None or package in sys.modules:
        yield
        return
    sys.modules[package] = module_from_spec(spec)  # knows where its modules are, and runs nothing
    try:
        yield
    finally:
        del sys.modules[package]
