# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the commands as a user does, and reads what they say to programs."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from appliance.cli import main


def earwitness(*arguments: str | Path, typed: str = "") -> Result:
    """Run ``earwitness`` with the arguments, and what is typed; anything but a clean end is raised."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def lines(text: str) -> list[dict[str, Any]]:
    """Return the objects of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]
