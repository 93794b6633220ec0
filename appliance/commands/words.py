# SPDX-License-Identifier: GPL-2.0-or-later
"""How commands complain, refuse and write: one line for each trouble, on standard error, and the exit status."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

#: Exit status: what was given cannot be used; a capture broke off; interrupted from the keyboard, as shells say it.
UNUSABLE, DAMAGED, INTERRUPTED = 2, 3, 130
STDIO = Path("-")


def complain(sentence: str) -> None:
    """Say what is wrong."""
    click.echo(f"earwitness: {sentence}", err=True)


def refuse(*sentences: str) -> NoReturn:
    """Say what is wrong and end."""
    for sentence in sentences:
        complain(sentence)
    sys.exit(UNUSABLE)


def write(path: Path, content: bytes) -> None:
    """Write to a file, or to standard output for ``-``. A reader that has seen enough is no error."""
    try:
        if path == STDIO:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            path.write_bytes(content)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        refuse(f"{path}: {error.strerror}")
