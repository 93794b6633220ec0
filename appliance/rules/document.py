# SPDX-License-Identifier: GPL-2.0-or-later
"""YAML as rules may use it: plain data of bounded size and depth, no alias, no key twice, every value with its line."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import yaml

from appliance.limits import RULE_FILE_BYTES, RULE_FILE_DEPTH

#: The C parser where PyYAML was built with it: ten times faster, same results.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Value: TypeAlias = object


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the rules, and where."""

    file: str
    line: int | None
    key: str
    text: str

    def __str__(self) -> str:
        """Return it as one line, the way compilers do."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.text}" if self.key else f"{place}: {self.text}"


class RuleError(Exception):
    """The rules cannot be used; says everything that is wrong with them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Document:
    """One rule file: its data, and its text, of which the lines of a problem are read when there is one.

    The nodes that know the lines are more than twice as large as the rules: kept for all files, they left 2 MB of holes
    in the memory of every service.
    """

    file: str
    data: Value
    _text: str

    @cached_property
    def _root(self) -> yaml.Node | None:
        root: yaml.Node | None = Loader(self._text).get_single_node()
        return root

    def problem(self, path: tuple[int | str, ...], text: str) -> Problem:
        """Return a problem at ``path``, steps of keys and positions; steps that are not in the file are passed over."""
        node, line, steps = self._root, 1, []
        for step in path:
            found = _child(node, step)
            if found is not None:
                line, node = found
                steps.append(step)
        return Problem(self.file, line, ".".join(map(str, steps)), text)


def read_document(path: Path) -> Document:
    """Read the rule file ``path``.

    Errors: RuleError if it cannot be read, is too large, too deep, no YAML, or uses what rules may not use.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(RULE_FILE_BYTES + 1)
    except OSError as error:
        raise RuleError([Problem(str(path), None, "", f"cannot be read: {error.strerror}")]) from None
    if len(raw) > RULE_FILE_BYTES:
        raise RuleError([Problem(str(path), None, "", f"is larger than {RULE_FILE_BYTES} bytes")])
    return parse_document(str(path), raw)


def parse_document(file: str, raw: bytes) -> Document:
    """Return the data in ``raw``, the bytes of one YAML document; RuleError as for ``read_document``."""
    try:
        text = raw.decode()
        _refuse_tricks(file, text)
        loader = Loader(text)
        root = loader.get_single_node()
        _refuse_duplicates(file, root)
        return Document(file, None if root is None else loader.construct_document(root), text)
    except yaml.MarkedYAMLError as error:
        line = None if error.problem_mark is None else error.problem_mark.line + 1
        raise RuleError([Problem(file, line, "", f"is not YAML: {error.problem or error.context}")]) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise RuleError([Problem(file, None, "", f"is not YAML: {reason}")]) from None


def _refuse_tricks(file: str, text: str) -> None:
    """Walk the events, which costs no recursion and expands nothing, before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise RuleError([Problem(file, _line(event), "", "uses an anchor or alias; write the value out")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > RULE_FILE_DEPTH:
            raise RuleError([Problem(file, _line(event), "", f"is nested deeper than {RULE_FILE_DEPTH}")])


def _refuse_duplicates(file: str, root: yaml.Node | None) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise RuleError([Problem(file, _line(key), "", "a key must be a word")])
                if key.value in seen:
                    raise RuleError([Problem(file, _line(key), key.value, "is written twice")])
                seen.add(key.value)
                waiting.append(value)


def _child(node: yaml.Node | None, step: int | str) -> tuple[int, yaml.Node] | None:
    """Return the line and the node that ``step`` leads to."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return _line(child), child
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return _line(key), value
    return None


def _line(at: yaml.Node | yaml.Event) -> int:
    return 1 if at.start_mark is None else at.start_mark.line + 1
