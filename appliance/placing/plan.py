# SPDX-License-Identifier: GPL-2.0-or-later
"""What placing would change, as data: nothing in it was done yet, and all of it can be shown first."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from appliance.settings import Placement


class PlacingError(Exception):
    """The appliance cannot be placed so: what is in the way, and what to do."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class File(_Data):
    """A file as it shall be: a text, or a link to another. With neither it shall not be there."""

    path: Path
    text: str | None = None
    link: str | None = None
    mode: int = 0o644


class Command(_Data):
    """A program to run, without a shell."""

    words: tuple[str, ...]
    may_fail: bool = False  #: what follows can do without it

    def __str__(self) -> str:
        """Return it as one types it."""
        return " ".join(self.words)


class Plan(_Data):
    """One placement: its files, and how the running network comes to it and leaves it again.

    ``first`` and ``back`` belong to the network of before: how that is left, and come back to once its files are there.
    """

    placement: Placement
    ports: tuple[str, ...]
    bridge: str | None = None  #: the bridge that has the machine's address then
    files: tuple[File, ...] = ()
    first: tuple[Command, ...] = ()
    enter: tuple[Command, ...] = ()
    leave: tuple[Command, ...] = ()
    back: tuple[Command, ...] = ()
    remarks: tuple[str, ...] = ()  #: what people should know of it


class Part(_Data):
    """What one concern adds to a plan: the way the network is looked after, the access point, the offloads."""

    files: tuple[File, ...] = ()
    first: tuple[Command, ...] = ()
    enter: tuple[Command, ...] = ()
    leave: tuple[Command, ...] = ()
    back: tuple[Command, ...] = ()
    remarks: tuple[str, ...] = ()


def joined(placement: Placement, ports: tuple[str, ...], bridge: str | None, parts: tuple[Part, ...]) -> Plan:
    """Return the plan of some parts; what is entered first is left last."""
    return Plan(
        placement=placement,
        ports=ports,
        bridge=bridge,
        files=tuple(file for part in parts for file in part.files),
        first=tuple(command for part in parts for command in part.first),
        enter=tuple(command for part in parts for command in part.enter),
        leave=tuple(command for part in reversed(parts) for command in part.leave),
        back=tuple(command for part in parts for command in part.back),
        remarks=tuple(remark for part in parts for remark in part.remarks),
    )


def run(line: str, *more: str, may_fail: bool = False) -> Command:
    """Return the command of a line of words without spaces in them, and of words that may have some."""
    return Command(words=(*line.split(), *more), may_fail=may_fail)


def tried(line: str, *more: str) -> Command:
    """Return a command that may fail."""
    return run(line, *more, may_fail=True)


def described(plan: Plan) -> list[str]:
    """Return a line for each change, as they would be made one after the other; secrets are not shown."""
    lines = [f"run     {command}" for command in plan.first]
    for file in plan.files:
        if file.link is not None:
            lines.append(f"link    {file.path} -> {file.link}")
        else:
            lines.append(f"{'remove' if file.text is None else 'write':7} {file.path}")
            shown = (file.text or "").splitlines() if file.mode & 0o077 else ()
            lines += [f"        | {line}" for line in shown]
    lines += [f"run     {command}" for command in plan.enter]
    return [*lines, *(f"note    {remark}" for remark in plan.remarks)]
