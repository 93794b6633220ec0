# SPDX-License-Identifier: GPL-2.0-or-later
"""Patterns with ``*`` for any run of characters, matched in time linear in the text, whatever the pattern."""


def glob_matches(pattern: str, text: str) -> bool:
    """Say whether all of ``text`` matches ``pattern``; both must already be of one case."""
    head, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    *middle, tail = rest
    if len(text) < len(head) + len(tail) or not text.startswith(head) or not text.endswith(tail):
        return False
    at, end = len(head), len(text) - len(tail)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
