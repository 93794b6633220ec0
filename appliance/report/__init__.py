# SPDX-License-Identifier: GPL-2.0-or-later
"""What people and programs get to see of an analysis: tables, day lanes, JSON lines.

``terminal.table`` and ``terminal.speakers_table`` for people, ``jsonl.json_lines`` for programs, ``webpage.page``,
``standalone.picture`` and ``bitmap.png`` for looking at; each imports what it needs to draw, so import only the one.
"""
