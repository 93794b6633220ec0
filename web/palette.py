# SPDX-License-Identifier: GPL-2.0-or-later
"""The style sheet of colours, made of the palette that reports and pictures are drawn in.

``python -m web.palette > web/static/css/palette.css`` writes it anew.
"""

import sys

from appliance.report.palette import DARK, LIGHT, style_in_pages

_HEAD = (
    "/* SPDX-License-Identifier: GPL-2.0-or-later\n   Made from appliance/report/palette.py: python -m web.palette */"
)
_ORDER = "@layer palette, base, frame, parts, pages, tuned;"


def style_sheet() -> str:
    """Return the colours, light and dark, as custom properties, and the rules of the pictures that use them."""
    colours = "".join(f"  --{name}: light-dark({light}, {DARK[name]});\n" for name, light in LIGHT.items())
    return f"{_HEAD}\n{_ORDER}\n@layer palette {{\n:root {{\n{colours}}}{style_in_pages()}}}\n"


if __name__ == "__main__":
    sys.stdout.write(style_sheet())
