# SPDX-License-Identifier: GPL-2.0-or-later
"""What people and programs get to see of an analysis: tables, day lanes, JSON lines."""

from appliance.report.bitmap import png
from appliance.report.jsonl import json_lines
from appliance.report.standalone import picture
from appliance.report.terminal import speakers_table, table
from appliance.report.webpage import page

__all__ = ["json_lines", "page", "picture", "png", "speakers_table", "table"]
